// Follows a file that grows: only its new bytes are read, only its end is kept.

import { readBytes, statFiles } from './api.ts'
import { isBinary, toHex } from './text.ts'

/** What is kept of a file, bytes. */
export const KEPT_BYTES = 256 * 1024
const HEX_BYTES = 512

/** What is known of a file. */
export interface TailState {
  /** As it was read, escape sequences and all; a hex dump when it is no text. */
  text: string
  /** Bytes of the file; undefined: there is none yet. */
  size?: number
  /** Bytes before the text. */
  skipped: number
  isBinary: boolean
}

const NOTHING: TailState = { text: '', skipped: 0, isBinary: false }

/** Reads what is new of the file `name` of a task or node whenever it is asked to. */
export function createTail(owner: string, name: string): (signal: AbortSignal) => Promise<TailState> {
  let state = NOTHING
  let offset = 0
  let decoder = new TextDecoder()
  const restart = (at: number): void => {
    state = { ...NOTHING, skipped: at }
    offset = at
    decoder = new TextDecoder()
  }
  return async (signal) => {
    const files = await statFiles(owner, name, signal)
    const size = files.find((file) => file.name === name)?.size
    if (size === undefined) return state
    // Smaller than before: another try of the task has begun the file anew.
    if (size < offset) restart(0)
    if (size - offset > KEPT_BYTES) restart(size - KEPT_BYTES)
    if (size === offset) return (state = { ...state, size })
    const bytes = await readBytes(owner, name, offset, size, signal)
    if (state.isBinary || (state.text === '' && isBinary(bytes))) {
      if (!state.isBinary) state = { ...state, isBinary: true, text: toHex(bytes.subarray(0, HEX_BYTES)) }
    } else {
      const fresh = state.text === '' && offset > 0 ? withoutTornCharacter(bytes) : bytes
      state = keepEnd({ ...state, text: state.text + decoder.decode(fresh, { stream: true }) })
    }
    offset += bytes.length
    return (state = { ...state, size })
  }
}

/** A text may be cut in the middle of a character of several bytes. */
function withoutTornCharacter(bytes: Uint8Array): Uint8Array {
  const first = bytes.subarray(0, 4).findIndex((byte) => (byte & 0xc0) !== 0x80)
  return first > 0 ? bytes.subarray(first) : bytes
}

function keepEnd(state: TailState): TailState {
  const excess = state.text.length - KEPT_BYTES
  return excess > 0 ? { ...state, text: state.text.slice(excess), skipped: state.skipped + excess } : state
}

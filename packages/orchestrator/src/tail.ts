// The end of a node's file, for people: what a failed program said last.

import type { NodeFile } from '@malachite/model'
import { redact } from './redact.ts'

const MAX_BYTES = 2048
const MAX_LINES = 10

/** How to find the size of a file and to read a part of it. */
export interface TailSource {
  list(): AsyncIterable<NodeFile>
  read(range: { offset: number; length: number }): Promise<ReadableStream<Uint8Array>>
}

/**
 * The last lines of the file called `name`, at most 2 KiB. A file that cannot be read gives a remark in brackets
 * instead of an error: it must not hide the failure that it was to explain.
 */
export async function readTail(name: string, source: TailSource): Promise<string> {
  try {
    const size = await sizeOf(name, source.list())
    if (size === 0) return ''
    const offset = Math.max(0, size - MAX_BYTES)
    const text = await collectText(await source.read({ offset, length: size - offset }))
    return lastLines(text, offset > 0)
  } catch (error) {
    return `(${name} could not be read: ${error instanceof Error ? error.message : String(error)})`
  }
}

/** The last lines of a text; its first line is dropped when it may be `cut`. */
export function lastLines(text: string, cut: boolean): string {
  const lines = redact(cut ? withoutCutWord(text) : text)
    .trimEnd()
    .split('\n')
  const whole = cut && lines.length > 1 ? lines.slice(1) : lines
  return whole.slice(-MAX_LINES).join('\n')
}

/** What is cut in the middle may be the end of a signature, which nothing marks as such any more. */
function withoutCutWord(text: string): string {
  return text.replace(/^[^\s"'&;]+/, '…')
}

async function sizeOf(name: string, files: AsyncIterable<NodeFile>): Promise<number> {
  for await (const file of files) {
    if (file.name === name) return file.properties?.contentLength ?? 0
  }
  throw new Error('there is no such file')
}

async function collectText(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const bytes of stream) text += decoder.decode(bytes, { stream: true })
  return text + decoder.decode()
}

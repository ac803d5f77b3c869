// How a command in a container ended: with an exit code of its own, or not at all, which the engine's client also tells
// by an exit code and a message among the command's errors.

import { open, readFile } from 'node:fs/promises'
import type { ContainerInfo } from '@malachite/model'
import { engineMessage } from './container-engine.ts'
import { failure, type FailureCode } from './failures.ts'
import type { ProcessResult } from './process.ts'

/** Where a client has left its traces. */
export interface ClientTraces {
  /** The file with the id of the container, if one was made. */
  idFile: string
  stderr: string
  commandLine: string
}

/** The exit codes by which clients say that they have failed; commands may use them as well. */
const ENGINE = 125
const NOT_STARTED = 126
const NOT_FOUND = 127

/** Whether a client has ended otherwise than with its container. */
export function mayBeLeft({ exitCode, failure }: ProcessResult, signal: AbortSignal): boolean {
  return signal.aborted || failure !== undefined || exitCode < 0 || exitCode === ENGINE
}

/**
 * The result of the command, with its container.
 * @throws CommandFailure when it never ran, with the container that was made for it
 */
export async function containerEnd(result: ProcessResult, traces: ClientTraces): Promise<ProcessResult> {
  const { exitCode } = result
  const containerId = await readId(traces.idFile)
  const isSuspect = [ENGINE, NOT_STARTED, NOT_FOUND].includes(exitCode) && result.failure === undefined
  const message = isSuspect ? engineMessage(await readEnd(traces.stderr)) : undefined
  if (message === undefined || !isOfEngine(exitCode, message))
    return { ...result, ...infoOf(containerId, 'exited', '') }
  const details = { CommandLine: traces.commandLine, Message: message }
  throw Object.assign(failure(codeOf(exitCode, message), details), infoOf(containerId, 'created', message))
}

function infoOf(
  containerId: string | undefined,
  state: string,
  error: string,
): { container?: ContainerInfo } {
  return containerId === undefined ? {} : { container: { containerId, state, error } }
}

/** A command that ends with such a code writes other messages. */
function isOfEngine(exitCode: number, message: string): boolean {
  return exitCode === ENGINE || /OCI|container process|executable file|workdir/i.test(message)
}

const SETTINGS = /unknown (shorthand )?flag|invalid (argument|option)|conflicting options|no command|workdir/i
const IMAGE = /image not known|no such image|unable to find image/i

/** The service's code for what the client says. Exported for its tests. */
export function codeOf(exitCode: number, message: string): FailureCode {
  if (SETTINGS.test(message)) return 'ContainerInvalidSettings'
  if (exitCode === NOT_FOUND) return 'CommandProgramNotFound'
  if (exitCode === NOT_STARTED) return 'CommandLaunchFailed'
  return IMAGE.test(message) ? 'ContainerInvalidImage' : 'ContainerMiscError'
}

async function readId(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim() || undefined
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Messages of clients are short. */
const END_BYTES = 4096

async function readEnd(file: string): Promise<string> {
  const handle = await open(file)
  try {
    const { size } = await handle.stat()
    const position = Math.max(0, size - END_BYTES)
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(END_BYTES), 0, END_BYTES, position)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await handle.close()
  }
}

// The job log of GNU parallel: a line as each task ends, which survives whatever happens to the process afterwards. Read by
// `parallel --resume-failed`, spreadsheets and scripts, so the columns are exactly those of parallel.

import { closeSync, openSync, writeSync } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { BatchError } from '@malachite/model'
import type { TaskEnd } from '@malachite/orchestrator'

/** Where a job log is written. */
export interface JoblogTarget {
  /** Absolute. */
  path: string
  /** Adds to a log that is there; otherwise it is begun anew. */
  append: boolean
}

/** An open job log. */
export interface Joblog {
  /**
   * Adds the line of a task, unless an earlier process of the run has written it. A disk that is full ends no run: `warn` is
   * told, once.
   */
  add(end: TaskEnd, warn: (message: string) => void): void
  close(): void
}

const HEADER = 'Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand'

/**
 * Opens the log. `ConfigurationError` when it cannot be written, or when the file is something else: whoever mixed up
 * two names must not lose a file.
 */
export async function openJoblog({ path, append }: JoblogTarget): Promise<Joblog> {
  try {
    const { isEmpty, isCut, starts } = await readLog(path, append)
    const descriptor = openSync(path, append ? 'a' : 'w')
    if (isEmpty || !append) writeSync(descriptor, `${HEADER}\n`)
    else if (isCut) writeSync(descriptor, '\n')
    return createLog(path, descriptor, starts)
  } catch (cause) {
    const message = `The job log ${path} cannot be written: ${(cause as Error).message}.`
    throw new BatchError('ConfigurationError', {}, { message, cause })
  }
}

function createLog(path: string, descriptor: number, starts: ReadonlySet<string>): Joblog {
  let isBroken = false
  return {
    add(end, warn) {
      const line = joblogLine(end)
      if (isBroken || starts.has(startOf(line))) return
      try {
        writeSync(descriptor, `${line}\n`)
      } catch (error) {
        isBroken = true
        warn(`The job log ${path} is not continued: ${(error as Error).message}`)
      }
    },
    close: () => closeSync(descriptor),
  }
}

interface OldLog {
  isEmpty: boolean
  /** Its last line was not written to its end. */
  isCut: boolean
  /** Number, host and start of each task in it. */
  starts: ReadonlySet<string>
}

/** What is in the file; nothing in a pipe, a terminal, or a file that does not exist. */
async function readLog(path: string, append: boolean): Promise<OldLog> {
  const nothing = { isEmpty: true, isCut: false, starts: new Set<string>() }
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (!found?.isFile() || found.size === 0) return nothing
  const file = await open(path)
  try {
    const { buffer } = await file.read(Buffer.alloc(HEADER.length), 0, HEADER.length, 0)
    if (buffer.toString('latin1') !== HEADER) throw new Error('a file of this name is there and no job log')
    if (!append) return nothing
    const { buffer: end } = await file.read(Buffer.alloc(1), 0, 1, found.size - 1)
    const starts = new Set<string>()
    for await (const line of file.readLines({ start: 0, autoClose: false })) starts.add(startOf(line))
    return { isEmpty: false, isCut: end.toString('latin1') !== '\n', starts }
  } finally {
    await file.close()
  }
}

function startOf(line: string): string {
  return line.split('\t', 3).join('\t')
}

/** What the log says of a task whose program ended with 0, or never ran, and which failed all the same. */
const NO_EXIT_CODE = -1

/** The line of a task, without a line break: times in seconds, a line break in the command as NUL, as parallel does it. */
export function joblogLine(end: TaskEnd): string {
  const { index, nodeId = '-', startedAt, endedAt, inputBytes, outputBytes, commandLine } = end
  const startMs = (startedAt ?? endedAt)?.getTime() ?? 0
  const runMs = startedAt && endedAt ? Math.max(0, endedAt.getTime() - startedAt.getTime()) : 0
  return [
    index + 1,
    nodeId,
    seconds(startMs),
    seconds(runMs).padStart(10),
    inputBytes,
    outputBytes,
    ...exitColumns(end),
    commandLine.replaceAll('\n', '\0'),
  ].join('\t')
}

function exitColumns({ exitCode, succeeded }: TaskEnd): [exitval: number, signal: number] {
  if (exitCode !== undefined && exitCode < 0) return [0, -exitCode]
  if (succeeded) return [exitCode ?? 0, 0]
  return [exitCode || NO_EXIT_CODE, 0]
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3)
}

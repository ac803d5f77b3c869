// `malachite logs`: what a task writes, in ranges as it grows, until the task has ended.

import { setTimeout as sleep } from 'node:timers/promises'
import type { RestClient } from '@malachite/azure'
import { BatchError, isBatchError } from '@malachite/model'
import type { LogsFlags } from '../program/program-tools.ts'
import { watchInterrupts } from '../terminal/interrupts.ts'
import { printable } from '../terminal/screen.ts'
import { connect } from '../service/connection.ts'
import { createPatience } from '../service/patience.ts'
import type { Surroundings } from '../settings/surroundings.ts'
import { EXIT, type ExitCode } from '../text/exit-code.ts'
import { writeAll } from '../text/output.ts'

/** Prints the file of a task; with `follow` until the task has ended. */
export async function logs(
  jobId: string,
  taskId: string,
  flags: LogsFlags,
  { environment }: Surroundings,
): Promise<ExitCode> {
  const client = await connect(flags, environment)
  const interrupts = watchInterrupts({ onFirst() {}, onSecond: () => process.exit(EXIT.interrupted) })
  const { signal } = interrupts
  try {
    const file = createTaskFile(client, ['jobs', jobId, 'tasks', taskId], nameOf(flags), signal)
    await (flags.follow ? follow(file, flags, signal) : printNow(file))
    return EXIT.ok
  } catch (error) {
    if (signal.aborted) return EXIT.interrupted
    throw error
  } finally {
    interrupts.stop()
    await client.close()
  }
}

function nameOf({ stderr, file }: LogsFlags): string {
  return file ?? (stderr ? 'stderr.txt' : 'stdout.txt')
}

/** A task, as far as following it takes. */
interface TaskState {
  isCompleted: boolean
  /** Another one when the task has started anew; absent before it has started. */
  run?: string
  /** For people: where and for which time it runs. */
  place: string
  state: string
}

/** A file that a task writes. */
interface TaskFile {
  task: string
  name: string
  state(): Promise<TaskState>
  /** At most `PIECE` bytes from there; nothing while there is no file, or no more of it. */
  piece(offset: number): Promise<Uint8Array | undefined>
  /** All of it. */
  all(): Promise<AsyncIterable<Uint8Array>>
}

/** Bytes of one request. */
const PIECE = 4 * 1024 * 1024

function createTaskFile(
  client: RestClient,
  path: readonly string[],
  name: string,
  signal: AbortSignal,
): TaskFile {
  const file = [...path, 'files', name]
  return {
    task: `Task ${path[3]} of job ${path[1]}`,
    name,
    state: async () =>
      toState(await client.get(path, { query: { $select: 'id,state,executionInfo,nodeInfo' }, signal })),
    async piece(offset) {
      try {
        const headers = { 'ocp-range': `bytes=${offset}-${offset + PIECE - 1}` }
        return await collect(await client.read(file, { headers, signal }))
      } catch (error) {
        if (isBatchError(error, 'InvalidRange') || (error instanceof BatchError && error.status === 416))
          return new Uint8Array()
        if (error instanceof BatchError && [404, 409].includes(error.status)) return undefined
        throw error
      }
    },
    all: () => client.read(file, { signal }),
  }
}

interface TaskJson {
  state?: string
  executionInfo?: { startTime?: string; retryCount?: number; requeueCount?: number }
  nodeInfo?: { nodeId?: string }
}

function toState({ state = '', executionInfo = {}, nodeInfo = {} }: TaskJson): TaskState {
  const { startTime, retryCount = 0, requeueCount = 0 } = executionInfo
  const { nodeId = '' } = nodeInfo
  const again = [
    ...(retryCount > 0 ? [`retry ${retryCount}`] : []),
    ...(requeueCount > 0 ? [`requeued ${requeueCount} times`] : []),
  ]
  return {
    state,
    isCompleted: state === 'completed',
    ...(startTime !== undefined && { run: [nodeId, startTime, retryCount, requeueCount].join(' ') }),
    place: `on node ${nodeId}${again.length > 0 ? ` (${again.join(', ')})` : ''}`,
  }
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const chunk of chunks) parts.push(chunk)
  return Buffer.concat(parts)
}

async function printNow(file: TaskFile): Promise<void> {
  const { run, state } = await file.state()
  if (run === undefined && state !== 'completed') {
    const message = `${file.task} is ${state} and has written nothing yet. With -f it is waited for.`
    throw new BatchError('FileNotFound', {}, { status: 404, message })
  }
  for await (const chunk of await file.all()) if (!(await writeAll(process.stdout, chunk))) return
}

/** Pauses between two looks, milliseconds. */
const LOCAL_PAUSE_MS = 250
const AZURE_PAUSE_MS = 2000

/** A piece counts only if the task is in the same run before and after it was read: each run writes its file anew. */
async function follow(file: TaskFile, { backend }: LogsFlags, signal: AbortSignal): Promise<void> {
  const patient = createPatience({ note, signal })
  const pause = backend === 'azure' ? AZURE_PAUSE_MS : LOCAL_PAUSE_MS
  let before = await file.state()
  let offset = 0
  if (before.run === undefined && !before.isCompleted)
    note(`${file.task} is ${before.state}; waiting for its start.`)
  for (;;) {
    const piece = await patient(() => file.piece(offset))
    const after = await patient(() => file.state())
    const isSameRun = before.run === after.run
    if (isSameRun && piece) {
      offset += piece.length
      if (!(await writeAll(process.stdout, piece))) return
    }
    if (isSameRun && before.isCompleted && (piece?.length ?? 0) < PIECE) {
      if (piece === undefined) await file.all() // rejects with the reason
      return
    }
    if (!isSameRun) {
      if (before.run !== undefined) note(restart(file, after))
      offset = 0
    }
    before = after
    if ((piece?.length ?? 0) < PIECE && !after.isCompleted) await sleep(pause, undefined, { signal })
  }
}

function restart({ task }: TaskFile, { run, place }: TaskState): string {
  return run === undefined ? `${task} was put back into the queue.` : `${task} runs again ${place}.`
}

function note(line: string): void {
  process.stderr.write(`malachite: ${printable(line)}\n`)
}

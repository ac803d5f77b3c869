// What the agent of each node notes: boots, commands and their ends, for `uploadbatchservicelogs`. Beside the nodes'
// directories, not in them: tasks do not see it. Command lines and settings are never written, they may hold secrets.

import { appendFile, mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '@malachite/model'
import { nodeDirectory, remove } from './layout.ts'

/** Milliseconds that lines wait to be written together. */
const DELAY = 200
/** Characters after which a new file is begun. */
const MAX_FILE = 1_000_000
/** Files kept of a node. */
const MAX_FILES = 4

/** Where the logs are, and who is told that they cannot be written. */
export interface AgentLogOptions {
  /** Directory that holds all nodes. */
  root: string
  clock: Clock
  onError: (error: Error) => void
}

/** The logs of all nodes. */
export interface AgentLogs {
  /** Adds a line. Costs little: it is written later. */
  write(this: void, nodeId: string, line: string): void
  /** Files with lines from this part of time, milliseconds since 1970; absolute, oldest first. */
  select(nodeId: string, from: number, to: number): Promise<string[]>
  /** Deletes the log of a node. */
  remove(nodeId: string): Promise<void>
  /** Writes what waits. */
  close(): Promise<void>
}

interface Log {
  directory: string
  pending: string[]
  /** The file being written and its length, once there is one. */
  file?: { path: string; length: number }
  written: Promise<void>
}

/** No log is opened before its first line. */
export function createAgentLogs({ root, clock, onError }: AgentLogOptions): AgentLogs {
  const logs = new Map<string, Log>()

  function open(nodeId: string): Log {
    const directory = nodeDirectory(join(root, '.agent'), nodeId)
    const log: Log = { directory, pending: [], written: Promise.resolve() }
    logs.set(nodeId, log)
    return log
  }
  function flush(log: Log): Promise<void> {
    log.written = log.written.then(() => writePending(log)).catch(onError)
    return log.written
  }
  return {
    write(nodeId, line) {
      const log = logs.get(nodeId) ?? open(nodeId)
      log.pending.push(`${new Date(clock.now()).toISOString()} ${line}\n`)
      if (log.pending.length === 1) clock.after(DELAY, () => void flush(log))
    },
    async select(nodeId, from, to) {
      const log = logs.get(nodeId) ?? open(nodeId)
      await flush(log)
      return selectFiles(await listFiles(log.directory), from, to).map((name) => join(log.directory, name))
    },
    async remove(nodeId) {
      const log = logs.get(nodeId) ?? open(nodeId)
      logs.delete(nodeId)
      log.pending = []
      await log.written
      await remove(log.directory)
    },
    async close() {
      await Promise.all(Array.from(logs.values(), flush))
    },
  }
}

async function writePending(log: Log): Promise<void> {
  const [first] = log.pending
  if (first === undefined) return
  const text = log.pending.join('')
  log.pending = []
  const file = log.file && log.file.length < MAX_FILE ? log.file : await nextFile(log, first)
  log.file = file
  await appendFile(file.path, text, { mode: 0o600 })
  file.length += text.length
}

/** A file is named by the time of its first line. */
async function nextFile({ directory }: Log, line: string) {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const old = await listFiles(directory)
  for (const name of old.slice(0, Math.max(0, old.length - MAX_FILES + 1)))
    await remove(join(directory, name))
  const time = line.slice(0, line.indexOf(' ')).replaceAll(':', '-')
  return { path: join(directory, `agent.${time}.log`), length: 0 }
}

/** Their names order them. */
async function listFiles(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException): string[] => {
    // A node that never wrote a line.
    if (error.code === 'ENOENT') return []
    throw error
  })
  return names.filter((name) => startOf(name) !== undefined).sort()
}

/** Files that have lines from this part of time: each reaches to the first line of the next. Exported for its tests. */
export function selectFiles(names: readonly string[], from: number, to: number): string[] {
  return names.filter((name, i) => {
    const [start = Infinity, end = Infinity] = [startOf(name), startOf(names[i + 1] ?? '')]
    return start <= to && end > from
  })
}

function startOf(name: string): number | undefined {
  const [, day, hours, minutes, seconds] =
    /^agent\.(.{10})T(\d\d)-(\d\d)-(\d\d\.\d{3}Z)\.log$/.exec(name) ?? []
  return day === undefined ? undefined : Date.parse(`${day}T${hours}:${minutes}:${seconds}`)
}

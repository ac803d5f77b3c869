// The runs of this user on disk, so that a run whose process was killed can be resumed. Each has a directory: `run.json`,
// a lock while a process works on it, and on the local backend the blobs. No secrets: keys and signatures are made anew.
// They are in the state directory of the user rather than in the project, where they would end up in somebody's commit.

import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BatchError } from '@malachite/model'
import type { Outcome, RunState } from '@malachite/orchestrator'
import type { RunConfig } from './run-config.ts'
import { takeLock } from '../settings/file-lock.ts'

/** A run as it is kept. */
export interface RunRecord extends Pick<
  RunConfig,
  'profile' | 'directory' | 'files' | 'numWords' | 'settings'
> {
  version: 1
  runId: string
  /** ISO 8601. */
  startedAt: string
  /** The services of the run, for people; empty until they are known, and for those that end with the command. */
  services: readonly string[]
  state: RunState
  /** The job log, which a process that resumes the run goes on with. Absolute. */
  joblog?: string
  /** Present once the run has ended, clean-up included. */
  outcome?: Outcome
}

/** A run that this process works on. */
export interface StoredRun {
  readonly record: RunRecord
  /** Directory for the blobs of the local backend. */
  readonly blobs: string
  /** Writes the record so that the old or the new one is there, whatever happens. */
  update(change: Partial<RunRecord>): Promise<void>
  /** Keeps of a run that has ended only that it has, and the inputs that have no result: another run may take them. */
  finish(outcome: Outcome, unfinished: readonly string[]): Promise<void>
  release(): void
}

/** The runs below one directory. */
export type RunStore = ReturnType<typeof createRunStore>

const VERSION = 1
const DAY_MS = 86_400_000
/** How long it is known of a run that it has ended, and how long a local one keeps its blobs for a resumption. */
const ENDED_MS = 7 * DAY_MS
const LOCAL_MS = 30 * DAY_MS

/** Opens the store; nothing is read or written yet. */
export function createRunStore(root: string, now: () => number = Date.now) {
  const placeOf = (runId: string): string => join(root, runId)

  function hold(record: RunRecord): StoredRun {
    const place = placeOf(record.runId)
    const release = takeLock(join(place, 'lock'))
    if (!release) throw refused(`Run ${record.runId} is going on in another process.`)
    let current = record
    return {
      get record() {
        return current
      },
      blobs: join(place, 'blobs'),
      async update(change) {
        current = { ...current, ...change }
        await writeRecord(place, current)
      },
      async finish(outcome, unfinished) {
        current = { ...current, files: unfinished, state: { inputs: [], before: {} }, outcome }
        await writeRecord(place, current)
        await rm(join(place, 'blobs'), { recursive: true, force: true })
      },
      release,
    }
  }

  async function records(): Promise<RunRecord[]> {
    const names = await unlessMissing(readdir(root))
    // One that cannot be read is told of when it is asked for.
    const read = await Promise.allSettled((names ?? []).map((name) => readRecord(placeOf(name), name)))
    return read.flatMap((one) => (one.status === 'fulfilled' && one.value ? [one.value] : []))
  }

  /** The runs begun in the directory that have not ended, the last first; they may still be going on. */
  async function openRuns(directory: string): Promise<RunRecord[]> {
    return newestFirst(
      (await records()).filter((record) => !record.outcome && record.directory === directory),
    )
  }

  function isAbandoned({ runId }: RunRecord): boolean {
    const release = takeLock(join(placeOf(runId), 'lock'))
    release?.()
    return release !== undefined
  }

  return {
    /** The last run begun in the directory whose process ended before it had. */
    async unfinished(directory: string): Promise<RunRecord | undefined> {
      return (await openRuns(directory)).find(isAbandoned)
    },

    /** Keeps a new run, and forgets old ones. */
    async create(record: RunRecord): Promise<StoredRun> {
      await mkdir(placeOf(record.runId), { recursive: true, mode: 0o700 })
      const stored = hold(record)
      await stored.update({})
      const old = (await records()).filter((other) => isForgotten(other, now()))
      await Promise.all(old.map(({ runId }) => rm(placeOf(runId), { recursive: true, force: true })))
      return stored
    },

    /** A run to resume: by its id, or the last unfinished one of the directory. `ConfigurationError` when it cannot be. */
    async open(runId: string | undefined, directory: string): Promise<StoredRun> {
      const record = runId === undefined ? await last(directory) : await find(runId)
      if (!record) throw refused(`There is no unfinished run of ${directory}.`)
      if (record.outcome) throw refused(`${endOf(record)}${retryHint(record)}`)
      return hold(record)
    },

    /** A run to run again: one that has ended and left inputs without a result. `ConfigurationError` when there is none. */
    async failed(runId: string | undefined, directory: string): Promise<RunRecord> {
      const record = runId === undefined ? await lastEnded(directory) : await find(runId)
      if (!record) throw refused(`There is no run of ${directory} that has ended.`)
      return requireUnfinished(record)
    },
  }

  async function lastEnded(directory: string): Promise<RunRecord | undefined> {
    const ended = (await records()).filter((record) => record.outcome && record.directory === directory)
    return newestFirst(ended)[0]
  }

  async function last(directory: string): Promise<RunRecord | undefined> {
    const open = await openRuns(directory)
    return open.find(isAbandoned) ?? open[0]
  }

  async function find(runId: string): Promise<RunRecord> {
    const record = /^[\w-]+$/.test(runId) ? await readRecord(placeOf(runId), runId) : undefined
    if (!record) throw refused(`There is no run ${runId} in ${root}.`)
    return record
  }
}

/** A run that has ended without all of its results. */
function requireUnfinished(record: RunRecord): RunRecord {
  const { runId, outcome, files } = record
  if (!outcome) throw refused(`Run ${runId} has not ended: malachite run --resume ${runId} goes on with it.`)
  if (files.length === 0)
    throw refused(`${endOf(record)} All of its results are there: nothing is to be run again.`)
  return record
}

function newestFirst(records: RunRecord[]): RunRecord[] {
  return records.sort((a, b) => b.startedAt.localeCompare(a.startedAt))
}

function endOf({ runId, outcome }: RunRecord): string {
  return `Run ${runId} has ended and was cleaned up: ${outcome}.`
}

function retryHint({ runId, files }: RunRecord): string {
  return files.length > 0 ? ` malachite run --retry-failed ${runId} runs what has no result.` : ''
}

function isForgotten({ profile, startedAt, outcome }: RunRecord, now: number): boolean {
  const age = now - Date.parse(startedAt)
  return outcome ? age > ENDED_MS : profile === 'local' && age > LOCAL_MS
}

async function writeRecord(place: string, record: RunRecord): Promise<void> {
  const draft = join(place, 'run.json.tmp')
  await writeFile(draft, `${JSON.stringify(record)}\n`, { mode: 0o600, flush: true })
  await rename(draft, join(place, 'run.json'))
}

async function readRecord(place: string, runId: string): Promise<RunRecord | undefined> {
  const path = join(place, 'run.json')
  const text = await unlessMissing(readFile(path, 'utf8'))
  if (text === undefined) return undefined
  try {
    const record = JSON.parse(text) as Partial<RunRecord>
    if (record.version === VERSION && record.runId === runId && isComplete(record)) return record
    throw new TypeError('it is not one of this version')
  } catch (cause) {
    const message = `The record ${path} of the run cannot be used: ${(cause as Error).message}. Delete ${place} to forget it.`
    throw new BatchError('ConfigurationError', {}, { message, cause })
  }
}

function isComplete(record: Partial<RunRecord>): record is RunRecord {
  const { startedAt, directory, profile, files, numWords, settings, services, state } = record
  const texts = [startedAt, directory, profile].every((text) => typeof text === 'string')
  const lists = [files, services, state?.inputs].every((list) => Array.isArray(list))
  return texts && lists && typeof numWords === 'number' && typeof settings === 'object' && !!state?.before
}

async function unlessMissing<Result>(pending: Promise<Result>): Promise<Result | undefined> {
  try {
    return await pending
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw error
  }
}

function refused(message: string): BatchError {
  return new BatchError('ConfigurationError', {}, { message })
}

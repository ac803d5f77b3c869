// Creates something that exists at most once. Whatever a run creates carries the run's id, so that an answer that got
// lost, or a name that somebody else uses, never makes the clean-up delete the wrong one.

import { BatchError, isBatchError, isTransient, sleep, type Clock, type MetadataItem } from '@malachite/model'
import type { Report } from './report.ts'

/** Name of the metadata of pools and jobs that holds the id of the run that created them. */
export const RUN_METADATA = 'malachite-run'

/** How long to wait for a pool or job of the same id that is being deleted, and how often to look, milliseconds. */
const DELETION_WAIT_MS = 10 * 60_000
const FIRST_LOOK_MS = 50
const LONGEST_LOOK_MS = 5000

/** Something that may carry a run's id. */
export interface Marked {
  metadata?: MetadataItem[]
}

/** Metadata that marks what a run creates as its own. */
export function ownerMark(runId: string): MetadataItem[] {
  return [{ name: RUN_METADATA, value: runId }]
}

/** Whether the run created it. */
export function isOurs({ metadata = [] }: Marked, runId: string): boolean {
  return metadata.some(({ name, value }) => name === RUN_METADATA && value === runId)
}

/** What creating works with. */
export interface AddParts {
  clock: Clock
  report: Report
  signal?: AbortSignal | undefined
}

/** A pool or job to create. */
export interface Resource {
  kind: 'pool' | 'job'
  id: string
  /** The run that creates it. */
  runId: string
  /** The run is resumed: it may be there already. */
  mayExist: boolean
  /** Takes down what is known of it: `possible` until the service has answered. */
  mark(existence: 'none' | 'possible' | 'created'): void
  add(): Promise<void>
  get(): Promise<{ state: string } & Marked>
}

const TAKEN = ['PoolExists', 'PoolBeingDeleted', 'JobExists', 'JobCompleted', 'JobBeingDeleted']

/**
 * Adds the resource. Waits while another of its id is being deleted, as after a run that has just ended; an id that is
 * taken otherwise is an error that says how to choose another.
 */
export async function addOnce({ clock, report, signal }: AddParts, resource: Resource): Promise<void> {
  if (resource.mayExist && (await isThere(resource))) return
  const deadline = clock.now() + DELETION_WAIT_MS
  for (let pause = FIRST_LOOK_MS; ; pause = Math.min(2 * pause, LONGEST_LOOK_MS)) {
    const refusal = await tryToAdd(resource)
    if (!refusal) return
    const other = await lookAt(resource)
    if (other && isOurs(other, resource.runId)) {
      resource.mark('created')
      return
    }
    if (other && other.state !== 'deleting') {
      resource.mark('none')
      throw idTaken(resource, refusal)
    }
    if (clock.now() >= deadline) throw refusal
    if (pause === FIRST_LOOK_MS) report({ type: 'idInDeletion', kind: resource.kind, id: resource.id })
    await sleep(clock, pause, signal)
  }
}

/** Whether an earlier process of the run has added it. */
async function isThere(resource: Resource): Promise<boolean> {
  const found = await lookAt(resource)
  if (!found || found.state === 'deleting' || !isOurs(found, resource.runId)) return false
  resource.mark('created')
  return true
}

/** Adds the resource, or gives the service's refusal when its id is taken. */
async function tryToAdd(resource: Resource): Promise<BatchError | undefined> {
  resource.mark('possible')
  try {
    await resource.add()
    resource.mark('created')
    return undefined
  } catch (error) {
    const taken = isBatchError(error, ...TAKEN)
    if (taken) return error
    // Without a clear "no" it may exist all the same.
    if (isBatchError(error) && !isTransient(error)) resource.mark('none')
    throw error
  }
}

async function lookAt(resource: Resource): Promise<Awaited<ReturnType<Resource['get']>> | undefined> {
  try {
    return await resource.get()
  } catch (error) {
    // It was there a moment ago; now its id is free.
    if (isBatchError(error, 'PoolNotFound', 'JobNotFound')) return undefined
    throw error
  }
}

function idTaken({ kind, id }: Resource, cause: BatchError): BatchError {
  const message =
    `A ${kind} called ${id} exists already. Give another id (--${kind}-id, setting "${kind}Id") ` +
    `or delete that ${kind} first.`
  return new BatchError(cause.code, cause.details, { message, status: cause.status, cause })
}

// The end of a run, on every way out: ends the job, deletes job and pool as the user wishes, and notes what stays. Nothing
// here throws: a clean-up that stops at its first obstacle would leave a pool that costs money.

import { isBatchError, sleep, type NodeCounts } from '@malachite/model'
import { isOurs } from './add-once.ts'
import { countNodes } from './monitor.ts'
import { leaveBehind, messageOf, withSignal, type Existence, type Question, type Run } from './run.ts'

/** Sees to it that no node needs the containers any more; gives the reason why one still may. */
export async function releaseContainers(run: Run, signal: AbortSignal): Promise<string | undefined> {
  try {
    if (run.journal.ending !== 'completed') return await endJob(run, signal)
    return (await waitForNodes(run)) ? undefined : 'Nodes that are still starting download from it.'
  } catch (error) {
    // The pool is gone, or nobody waits for its nodes any more: then it is going to be deleted.
    const isMoot = run.journal.ending === 'completed' && run.signal?.aborted
    if (isMoot || isBatchError(error, ...GONE)) return undefined
    return `Nodes may still use it: ${messageOf(error)}`
  }
}

async function endJob(run: Run, signal: AbortSignal): Promise<undefined> {
  const { batch, journal, settings } = run
  if (journal.job === 'none') return
  try {
    if (!(await jobIsOurs(run, signal))) return
    await batch.terminateJob(settings.jobId, { signal, reason: 'The run ended before its tasks' })
    run.report({ type: 'jobTerminated', jobId: settings.jobId })
  } catch (error) {
    if (!isBatchError(error, ...JOB_OVER)) throw error
  }
}

const JOB_OVER = ['JobNotFound', 'JobCompleted', 'JobBeingTerminated', 'JobBeingDeleted']
const GONE = ['JobNotFound', 'JobBeingDeleted', 'PoolNotFound', 'PoolBeingDeleted']

async function jobIsOurs(run: Run, signal: AbortSignal): Promise<boolean> {
  if (run.journal.job === 'created') return true
  return isOurs(await run.batch.getJob(run.settings.jobId, { signal }), run.settings.runId)
}

async function poolIsOurs(run: Run, signal: AbortSignal): Promise<boolean> {
  if (run.journal.pool === 'created') return true
  return isOurs(await run.batch.getPool(run.settings.poolId, { signal }), run.settings.runId)
}

/** Deletes the job, as the settings or the user say. */
export async function deleteJob(run: Run, signal: AbortSignal): Promise<void> {
  const { jobId, deleteJob } = run.settings
  await settle(run, signal, {
    kind: 'job',
    id: jobId,
    choice: deleteJob,
    existence: run.journal.job,
    isOurs: () => jobIsOurs(run, signal),
    delete: () => run.batch.deleteJob(jobId, { signal }),
    deleted: () => run.report({ type: 'jobDeleted', jobId }),
  })
}

/** Deletes the pool, as the settings or the user say. */
export async function deletePool(run: Run, signal: AbortSignal): Promise<void> {
  const { poolId, deletePool } = run.settings
  await settle(run, signal, {
    kind: 'pool',
    id: poolId,
    choice: deletePool,
    existence: run.journal.pool,
    isOurs: () => poolIsOurs(run, signal),
    delete: () => run.batch.deletePool(poolId, { signal }),
    deleted: () => run.report({ type: 'poolDeleted', poolId }),
  })
}

interface Deletion {
  kind: 'job' | 'pool'
  id: string
  choice: 'yes' | 'no' | 'ask'
  existence: Existence
  isOurs(): Promise<boolean>
  delete(): Promise<void>
  deleted(): void
}

async function settle(run: Run, signal: AbortSignal, deletion: Deletion): Promise<void> {
  const { kind, id } = deletion
  if (deletion.existence === 'none') return
  try {
    if (!(await deletion.isOurs())) return
    if (!(await isWanted(run, deletion))) {
      return leaveBehind(run, { kind, id, reason: 'It was not to be deleted.' })
    }
    await deletion.delete()
    deletion.deleted()
  } catch (error) {
    if (isBatchError(error, ...GONE)) return
    const doubt = deletion.existence === 'possible' ? 'It may exist, and' : 'It'
    leaveBehind(run, { kind, id, reason: `${doubt} could not be deleted: ${messageOf(error)}` })
  }
}

/** Whoever aborts the run wants it gone: nothing is asked then, and an open question is answered yes. */
async function isWanted(run: Run, { kind, id, choice }: Deletion): Promise<boolean> {
  if (choice !== 'ask') return choice === 'yes'
  if (!run.confirm || run.signal?.aborted) return true
  const question: Question = { resource: kind, id, text: `Delete ${kind}?` }
  try {
    return await Promise.race([run.confirm(question, withSignal(run.signal)), yesOnAbort(run.signal)])
  } catch (error) {
    if (run.signal?.aborted) return true
    throw error
  }
}

function yesOnAbort(signal: AbortSignal | undefined): Promise<boolean> {
  return new Promise((resolve) => {
    signal?.addEventListener('abort', () => resolve(true), { once: true })
  })
}

const LOOK_EVERY_MS = 250

/**
 * True once every node of a pool that may be kept is done with its start task, which downloads from the containers;
 * false if that takes longer than the run's time limit. A pool that is to be deleted needs nothing any more.
 */
async function waitForNodes(run: Run): Promise<boolean> {
  const { settings, batch, clock, signal } = run
  const mayBeKept = settings.deletePool === 'no' || (settings.deletePool === 'ask' && run.confirm)
  if (!mayBeKept) return true
  const options = withSignal(signal)
  const deadline = clock.now() + settings.timeoutMs
  for (let first = true; clock.now() < deadline; first = false) {
    const pool = await batch.getPool(settings.poolId, options)
    const nodes = await countNodes(batch, settings.poolId, options)
    if (pool.allocationState === 'steady' && !(nodes && isStarting(nodes))) return true
    if (first) run.report({ type: 'waitingForNodes', poolId: settings.poolId })
    await sleep(clock, LOOK_EVERY_MS, signal)
  }
  return false
}

/** Whether a node has its start task still before it, or running. */
export function isStarting({ dedicated, lowPriority }: NodeCounts): boolean {
  return [dedicated, lowPriority].some(
    (n) => n.creating + n.starting + n.waitingForStartTask + n.rebooting + n.reimaging > 0,
  )
}

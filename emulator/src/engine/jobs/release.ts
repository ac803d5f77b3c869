// The release task of a job: at the end of the job it runs on the nodes that were prepared for it, and the job waits.

import assert from 'node:assert'
import type { NodeState } from '@malachite/model'
import { decide } from '../../scheduler/outcome.ts'
import type { JobNodeRow } from '../../storage/job-nodes.ts'
import type { JobRow } from '../../storage/jobs.ts'
import { taskDirectory } from '../../storage/tasks.ts'
import { toIso } from '../../storage/time.ts'
import type { Core } from '../core/core.ts'
import type { CommandOutcome } from '../core/effects.ts'
import { keepFiles } from './job-files.ts'
import { ended, moveRelease, read, saveJobNode, write } from './job-nodes.ts'
import { type JobParts, partsOf, releaseRun, type RunPlace } from '../tasks/task-run.ts'

/** States of a node from which it comes back without being asked for. */
const ON_ITS_WAY: ReadonlySet<NodeState> = new Set([
  'creating',
  'starting',
  'waitingforstarttask',
  'rebooting',
  'reimaging',
])
const UP: ReadonlySet<NodeState> = new Set(['idle', 'running', 'offline'])

/** Runs the release task of an ending job wherever it is due; true when nothing of the job runs on any node. */
export function releaseNodes(core: Core, row: JobRow): boolean {
  if (row.preparationId === null) return true
  const nodes = core.store.jobNodes.unfinished(row.key)
  if (nodes.length === 0) return true
  const job = partsOf(row)
  const awaited = nodes.filter((node) => node.run !== null || isAwaited(core, job, node))
  return awaited.length === 0
}

/** Starts the release task if the node is up; false when there is nothing to wait for, because it is gone. */
function isAwaited(core: Core, job: JobParts, row: JobNodeRow): boolean {
  const node = core.store.nodes.byId(row.id)
  const pool = node && core.store.pools.byKey(node.pool)
  if (pool && UP.has(node.state)) {
    startRelease(core, row, { job, node, pool })
    return true
  }
  if (pool && ON_ITS_WAY.has(node.state)) return true
  moveRelease(row, 'left')
  saveJobNode(core, row)
  return false
}

function startRelease(core: Core, row: JobNodeRow, place: Omit<RunPlace, 'run'>): void {
  const task = place.job.body.jobReleaseTask
  assert(task, `job ${place.job.row.id} has no release task`)
  const run = core.stamp()
  moveRelease(row, 'started')
  const released = write({
    startTime: toIso(core.now()),
    state: 'running',
    taskRootDirectory: taskDirectory(place.job.row.id, task.id),
  })
  saveJobNode(core, row, { run, released })
  core.emit({ type: 'runTask', ...releaseRun(core, { run, ...place }, task) })
}

/** The process of a release task is gone; whether it failed does not matter to the job. */
export function releaseEnded(core: Core, row: JobNodeRow, job: JobParts, outcome: CommandOutcome): void {
  const decision = decide({ ...outcome, retries: 0, maxRetries: 0 })
  if (decision.action === 'retry') return
  moveRelease(row, 'ended')
  saveJobNode(core, row, {
    run: null,
    released: write({ ...read(row.released), ...ended(core, outcome, decision) }),
    releasedUntil: keepFiles(core, job.body.jobReleaseTask?.retentionTime),
  })
  core.tickSoon()
}

/** A node has come as far as it comes by itself: the jobs that wait for it may go on. */
export function releaseMayStart(core: Core, nodeId: string): void {
  if (core.store.jobNodes.isAwaited(nodeId)) core.tickSoon()
}

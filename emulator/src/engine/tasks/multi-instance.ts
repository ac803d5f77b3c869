// Multi-instance tasks: the coordination command runs on all nodes of the task at once; when it has succeeded on every
// one, the task's own command runs on the first, the primary's. Whatever fails fails the task.

import { decide, FAILURE_EXIT_CODE } from '../../scheduler/outcome.ts'
import type { InstanceRow } from '../../storage/instances.ts'
import type { NodeRow } from '../../storage/nodes.ts'
import type { TaskRow } from '../../storage/tasks.ts'
import type { Core } from '../core/core.ts'
import type { CommandOutcome } from '../core/effects.ts'
import { instanceRun, partsOf, type RunPlace } from './task-run.ts'
import { detach, filesBefore, finishTry, nameRun, settleTry, startTry } from './tries.ts'

/** Starts the coordination command of a task on its nodes, the first of which is the primary's. */
export function startInstances(
  core: Core,
  { job, pool }: Pick<RunPlace, 'job' | 'pool'>,
  task: TaskRow,
  nodes: readonly NodeRow[],
): void {
  core.store.instances.forget(task.key)
  const addresses = nodes.map(({ ipAddress }) => ipAddress)
  for (const [id, node] of nodes.entries()) {
    const run = id === 0 ? startTry(core, task, node, pool) : core.stamp()
    if (id > 0) core.touch(core.store.nodes.occupy(node.key, 1) ?? node)
    core.store.instances.save(newInstance(core, task, id, { run, job, pool, node }))
    const instance = { id, phase: 'coordination', addresses } as const
    core.emit({ type: 'runTask', ...instanceRun(core, { run, job, pool, node }, task, instance) })
  }
}

function newInstance(core: Core, task: TaskRow, id: number, { run, node, pool }: RunPlace): InstanceRow {
  return {
    task: task.key,
    id,
    run,
    holds: id === 0 ? 0 : 1,
    nodeId: node.id,
    poolId: pool.id,
    state: 'running',
    startedAt: core.now(),
    endedAt: null,
    exitCode: null,
    container: null,
    result: null,
    failure: null,
  }
}

/** The process that is the try of a multi-instance task is gone: its primary's coordination, or its own command. */
export function primaryEnded(core: Core, task: TaskRow, outcome: CommandOutcome): void {
  const instance = core.store.instances.byRun(outcome.run)
  if (!instance) return finishTry(core, task, outcome)
  // Its slot stays with it: between the two commands the task has no try.
  nameRun(core, task, null)
  coordinationEnded(core, task, { ...instance, holds: 1 }, outcome)
}

/** The coordination command of a subtask is gone; false for a run that was none. */
export function subtaskEnded(core: Core, outcome: CommandOutcome): boolean {
  const instance = core.store.instances.byRun(outcome.run)
  const task = instance && core.store.tasks.byKey(instance.task)
  if (task) coordinationEnded(core, task, instance, outcome)
  return task !== undefined
}

function coordinationEnded(core: Core, task: TaskRow, instance: InstanceRow, outcome: CommandOutcome): void {
  const { exitCode, container, failure } = outcome
  const decision = decide({ ...outcome, retries: task.retries, maxRetries: task.maxRetries })
  const succeeded = decision.action === 'complete' && decision.result === 'success'
  core.store.instances.save({
    ...instance,
    run: null,
    state: 'completed',
    endedAt: core.now(),
    exitCode: exitCode ?? null,
    container: container ? JSON.stringify(container) : null,
    result: succeeded ? 'success' : 'failure',
    failure: succeeded ? null : JSON.stringify(failure ?? FAILURE_EXIT_CODE),
  })
  if (succeeded) return startApplication(core, task)
  detach(core, task, filesBefore(core, task, decision))
  settleTry(core, task, decision, instance.id === 0 ? outcome : undefined)
}

/** Once every node is coordinated. */
function startApplication(core: Core, task: TaskRow): void {
  const instances = core.store.instances.ofTask(task.key)
  if (!instances.every(({ result }) => result === 'success')) return
  const [primary] = instances
  const node = primary && core.store.nodes.byId(primary.nodeId)
  const pool = node && core.store.pools.byKey(node.pool)
  const job = core.store.jobs.byKey(task.job)
  if (!pool || !job) return
  const run = core.stamp()
  core.store.instances.save({ ...primary, holds: 0 })
  nameRun(core, task, run)
  const addresses = instances.flatMap(({ nodeId }) => core.store.nodes.byId(nodeId)?.ipAddress ?? [])
  const instance = { id: 0, phase: 'application', addresses } as const
  const place = { run, job: partsOf(job), pool, node }
  core.emit({ type: 'runTask', ...instanceRun(core, place, task, instance) })
}

// What a task waits for that depends on others: the end of the chain that keeps it from running.

import type { TaskRow } from '../../storage/tasks.ts'
import type { Core } from '../core/core.ts'
import { because, type Finding } from './finding.ts'

/** How much of a large graph of tasks is looked at. */
const MOST_PARENTS = 100
const LONGEST_CHAIN = 100

/** A task that another one waits for; it need not exist. */
interface Parent {
  id: string
  task: TaskRow | undefined
}

/** Why a task is blocked by those that it depends on. */
export function explainBlocked(core: Core, jobId: string, task: TaskRow): Finding | undefined {
  const chain: Parent[] = []
  const seen = new Set([task.key])
  for (let at: TaskRow | undefined = task; at?.state === 'active' && at.blocked > 0;) {
    const parent = worstParent(core, at)
    if (!parent || chain.length >= LONGEST_CHAIN) break
    chain.push(parent)
    at = parent.task
    if (at && seen.has(at.key)) return explainCycle(jobId, task, chain)
    if (at) seen.add(at.key)
  }
  const last = chain.at(-1)
  return last && explainParent(jobId, task, chain, last)
}

/** Of all that a task waits for: what never comes, else the first. */
function worstParent(core: Core, { job, key }: TaskRow): Parent | undefined {
  const ids = core.store.dependencies.waitsOf(job, key, MOST_PARENTS)
  const parents = ids.map((id) => ({ id, task: core.store.tasks.byId(job, id) }))
  const missing = parents.find((parent) => parent.task === undefined)
  return missing ?? parents.find((parent) => parent.task?.state === 'completed') ?? parents[0]
}

function explainParent(jobId: string, task: TaskRow, chain: readonly Parent[], last: Parent): Finding {
  const by = chain.slice(0, -1).map(({ id }) => id)
  const via = by.length === 0 ? '' : ` (by way of ${by.slice(0, 3).join(', ')}${by.length > 3 ? ', …' : ''})`
  const parentId = last.task?.id ?? last.id
  const facts = {
    jobId,
    taskId: task.id,
    parentId,
    depends: `depends${via}`,
    chain: by,
    waitsFor: task.blocked,
  }
  if (!last.task) return because('DependencyMissing', facts)
  const { state, result } = last.task
  return state === 'completed'
    ? because('DependencyBlocks', { ...facts, result: result ?? 'failure' })
    : because('DependencyNotCompleted', { ...facts, parentState: state })
}

function explainCycle(jobId: string, task: TaskRow, chain: readonly Parent[]): Finding {
  const ids = [task.id, ...chain.map((parent) => parent.task?.id ?? parent.id)]
  const start = ids.indexOf(ids.at(-1) ?? '')
  return because('DependencyCycle', { jobId, taskId: task.id, cycle: ids.slice(start).join(' → ') })
}

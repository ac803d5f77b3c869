// After each restart: what was answered is there, and what was not is there whole or not at all. What could not be known
// before is known then.

import type { JobFact, PoolFact, Presence, TaskFact } from './facts.ts'
import { read, readAll, type Session } from './session.ts'
import { checkTransits } from './transits.ts'

interface Pool {
  id: string
  state: string
  targetDedicatedNodes: number
  taskSlotsPerNode?: number
}

interface Job {
  id: string
  state: string
  priority?: number
}

interface Task {
  id: string
  state: string
  displayName: string
  commandLine: string
  constraints: { maxTaskRetryCount: number }
  executionInfo?: { endTime?: string; result?: string }
}

interface Counts {
  taskCounts: { active: number; running: number; completed: number; succeeded: number; failed: number }
}

/** Compares the emulator with the facts, which are sharpened by what is found. Throws `Lost` when the emulator ends. */
export async function check(session: Session): Promise<void> {
  await checkPools(session)
  const jobs = new Map((await readAll<Job>(session, '/jobs')).map((job) => [job.id, job]))
  for (const id of jobs.keys())
    if (!session.facts.jobs.has(id)) session.blame(`job ${id} was never asked for`)
  for (const [id, fact] of session.facts.jobs) {
    const job = jobs.get(id)
    fact.presence = settle(session, `job ${id}`, fact.presence, job)
    if (fact.presence === 'gone') session.facts.jobs.delete(id)
    if (job && fact.presence === 'there') await checkJob(session, job, fact)
  }
  await checkTransits(session)
}

/** What is known of something now that it was looked for. */
function settle(
  session: Session,
  name: string,
  presence: Presence,
  found: { state: string } | undefined,
): Presence {
  if (!found && presence === 'there') session.blame(`${name} is lost`)
  if (found && presence === 'gone') session.blame(`${name} was deleted, and is back`)
  if (found && presence === 'leaving' && found.state !== 'deleting')
    session.blame(`${name} was to be deleted, and is ${found.state}`)
  if (!found) return 'gone'
  return found.state === 'deleting' ? 'leaving' : 'there'
}

async function checkPools(session: Session): Promise<void> {
  const { pools } = session.facts
  const found = new Map((await readAll<Pool>(session, '/pools')).map((pool) => [pool.id, pool]))
  for (const id of found.keys()) if (!pools.has(id)) session.blame(`pool ${id} was never asked for`)
  for (const [id, fact] of pools) {
    const pool = found.get(id)
    fact.presence = settle(session, `pool ${id}`, fact.presence, pool)
    if (fact.presence === 'gone') pools.delete(id)
    if (pool && fact.presence === 'there') await checkPool(session, pool, fact)
  }
}

async function checkPool(session: Session, pool: Pool, fact: PoolFact): Promise<void> {
  const target = pool.targetDedicatedNodes
  if (!fact.nodes.allows(target)) session.blame(`pool ${pool.id} has the target ${target}`)
  fact.nodes.see(target)
  type Node = { id: string; runningTaskSlotsCount: number }
  for (const node of await readAll<Node>(session, `/pools/${pool.id}/nodes`)) {
    const { runningTaskSlotsCount: used } = node
    const slots = pool.taskSlotsPerNode ?? 1
    if (used < 0 || used > slots) session.blame(`node ${node.id} uses ${used} of ${slots} slots`)
  }
}

async function checkJob(session: Session, job: Job, fact: JobFact): Promise<void> {
  const { priority = 0, state, id } = job
  if (!fact.priority.allows(priority)) session.blame(`job ${id} has the priority ${priority}`)
  fact.priority.see(priority)
  checkJobState(session, job, fact)
  if (state === 'terminating' || state === 'completed') fact.isEnding.see(true)
  const tasks = new Map((await readAll<Task>(session, `/jobs/${id}/tasks`)).map((task) => [task.id, task]))
  const runs = session.witness.completeRuns()
  for (const task of tasks.keys())
    if (!fact.tasks.has(task)) session.blame(`task ${id}/${task} was never asked for`)
  checkBatches(session, id, fact, tasks)
  for (const [taskId, known] of fact.tasks) {
    const name = `${id}/${taskId}`
    const task = tasks.get(taskId)
    known.presence = settle(session, `task ${name}`, known.presence, task)
    if (task) checkTask(session, name, task, known, runs.get(name) ?? 0)
    else fact.tasks.delete(taskId)
  }
  await checkCounts(session, id)
}

function checkJobState(session: Session, { id, state }: Job, fact: JobFact): void {
  const isEnding = state === 'terminating' || state === 'completed'
  const isDisabled = state === 'disabling' || state === 'disabled'
  if (!fact.isEnding.allows(isEnding)) session.blame(`job ${id} is ${state}`)
  else if (!isEnding && !fact.isDisabled.allows(isDisabled)) session.blame(`job ${id} is ${state}`)
}

/** One request adds all of its tasks or none. */
function checkBatches(session: Session, job: string, fact: JobFact, found: ReadonlyMap<string, Task>): void {
  const batches = Map.groupBy(
    [...fact.tasks].filter(([, { presence }]) => presence === 'perhaps'),
    ([, { batch }]) => batch,
  )
  for (const tasks of batches.values()) {
    const there = tasks.filter(([id]) => found.has(id)).length
    if (there > 0 && there < tasks.length)
      session.blame(`of ${tasks.length} tasks that one request adds to job ${job} there are ${there}`)
  }
}

function checkTask(session: Session, name: string, task: Task, fact: TaskFact, runs: number): void {
  const { state, commandLine, displayName, constraints, executionInfo = {} } = task
  const retries = constraints.maxTaskRetryCount
  if (commandLine !== fact.commandLine || displayName !== `task ${task.id}`)
    session.blame(`task ${name} is not as it was added: ${JSON.stringify(task)}`)
  if (!fact.retries.allows(retries)) session.blame(`task ${name} has ${retries} retries`)
  fact.retries.see(retries)
  if (state !== 'completed') {
    if (fact.shown || !fact.isEnded.allows(false)) session.blame(`task ${name} was completed and is ${state}`)
    fact.isEnded.see(false)
    return
  }
  const { endTime = '', result = '' } = executionInfo
  const { shown } = ((fact.shown ??= { endTime, result, runs }), fact)
  if (shown?.endTime !== endTime || shown.result !== result)
    session.blame(`task ${name} ended anew: ${JSON.stringify(shown)}, then ${JSON.stringify(executionInfo)}`)
  if (result === 'success' && runs === 0) session.blame(`task ${name} succeeded and never ran to its end`)
  if (result === 'success' && runs > (shown?.runs ?? 0))
    session.blame(`task ${name} ran again after it had succeeded`)
}

/** The counts are those of the list, if nothing changes meanwhile. */
async function checkCounts(session: Session, job: string): Promise<void> {
  const list = async (): Promise<string> => {
    const tasks = await readAll<Task>(session, `/jobs/${job}/tasks?$select=id,state,executionInfo`)
    const count = (matches: (task: Task) => boolean): number => tasks.filter(matches).length
    return JSON.stringify({
      active: count(({ state }) => state === 'active'),
      running: count(({ state }) => state === 'running' || state === 'preparing'),
      completed: count(({ state }) => state === 'completed'),
      succeeded: count(({ executionInfo }) => executionInfo?.result === 'success'),
      failed: count(({ executionInfo }) => executionInfo?.result === 'failure'),
    })
  }
  for (let before = await list(), tries = 5; tries > 0; tries--) {
    const counts = await read<Counts>(session, `/jobs/${job}/taskcounts`)
    const after = await list()
    const { active, running, completed, succeeded, failed } = counts?.taskCounts ?? {}
    const text = JSON.stringify({ active, running, completed, succeeded, failed })
    if (before === after && text !== after) session.blame(`job ${job} counts ${text}, its list has ${after}`)
    if (before === after) return
    before = after
  }
}

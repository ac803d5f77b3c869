// What may be for a moment and must not stay: a process without its task, a task without its process, work that waits
// beside an idle node, files of what is gone, and whatever is on its way from one state to another.

import { globSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { POOL } from './operations.ts'
import { taskProcesses } from './processes.ts'
import { read, readAll, type Session } from './session.ts'

/** Milliseconds that it may last; most takes none, ending a command that is stubborn two seconds. */
const GRACE = 15_000

interface Task {
  id: string
  state: string
  executionInfo?: { startTime?: string }
}

interface Item {
  id: string
  state: string
  allocationState?: string
  schedulingState?: string
}

/** Looks until all that was found at first has passed; blames what does not. */
export async function checkTransits(session: Session): Promise<void> {
  let lasting = await look(session)
  for (const deadline = Date.now() + GRACE; lasting.length > 0 && Date.now() < deadline;) {
    await sleep(50)
    const found = new Set(await look(session))
    lasting = lasting.filter((text) => found.has(text))
  }
  for (const text of lasting) session.blame(text)
}

async function look(session: Session): Promise<string[]> {
  const jobs = await readAll<Item>(session, '/jobs')
  const pools = await readAll<Item>(session, '/pools')
  return [
    ...jobs.filter(({ state }) => state.endsWith('ing')).map(({ id, state }) => `job ${id} stays ${state}`),
    ...pools.filter(({ state }) => state !== 'active').map(({ id, state }) => `pool ${id} stays ${state}`),
    ...pools.filter(isResizing).map(({ id, allocationState }) => `pool ${id} stays ${allocationState}`),
    ...(await wrongProcesses(session)),
    ...(await idleNodes(session, jobs)),
    ...ownerlessFiles(session),
  ]
}

function isResizing({ state, allocationState }: Item): boolean {
  return state === 'active' && allocationState !== 'steady'
}

/** Only running tasks have processes, and each of them has one group. */
async function wrongProcesses(session: Session): Promise<string[]> {
  const running = await runningTasks(session)
  const groups = new Map(taskProcesses(session.nodes).map((process) => [process.group, process]))
  const byTask = Map.groupBy(groups.values(), ({ jobId, taskId }) => `/jobs/${jobId}/tasks/${taskId}`)
  const wrong: string[] = []
  for (const [path, processes] of byTask) {
    if (processes.length > 1) wrong.push(`${path} runs ${processes.length} times at once`)
    const task = await read<Task>(session, path)
    if (task?.state !== 'running')
      wrong.push(`${path} is ${task?.state ?? 'gone'} and has a process (${processes[0]?.pid})`)
  }
  for (const [path, { executionInfo = {} }] of running)
    if (!byTask.has(path)) wrong.push(`${path} runs since ${executionInfo.startTime} and has no process`)
  return wrong
}

async function runningTasks(session: Session): Promise<Map<string, Task>> {
  const tasks = new Map<string, Task>()
  for (const { id } of await readAll<Item>(session, '/jobs'))
    for (const task of await readAll<Task>(session, `/jobs/${id}/tasks?$filter=state eq 'running'`))
      tasks.set(`/jobs/${id}/tasks/${task.id}`, task)
  return tasks
}

/** No node is idle while a task could run on it. */
async function idleNodes(session: Session, jobs: readonly Item[]): Promise<string[]> {
  const nodes = await readAll<Item>(session, `/pools/${POOL}/nodes`)
  const idle = nodes.filter(({ state, schedulingState }) => state === 'idle' && schedulingState === 'enabled')
  if (idle.length === 0) return []
  const waiting: string[] = []
  for (const { id } of jobs.filter(({ state }) => state === 'active'))
    for (const task of await readAll<Task>(session, `/jobs/${id}/tasks?$filter=state eq 'active'`))
      waiting.push(`/jobs/${id}/tasks/${task.id}`)
  return waiting.map((path) => `${path} waits though node ${idle[0]?.id} is idle`)
}

/** Directories of tasks that were deleted, or whose job was. */
function ownerlessFiles({ nodes, facts }: Session): string[] {
  return globSync('*/workitems/*/job-1/*', { cwd: nodes }).flatMap((path) => {
    const [, , jobId = '', , taskId = ''] = path.split('/')
    const isOwned = facts.jobs.get(jobId)?.tasks.has(taskId)
    return isOwned ? [] : [`the files of the deleted task ${jobId}/${taskId} are left: ${path}`]
  })
}

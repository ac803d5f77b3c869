// What the client does all the time. Each operation notes what it then knows: from the answer, or that there was none.

import type { Answer } from '../protocol/helpers.ts'
import { poolOf } from '../protocol/helpers.ts'
import type { Random } from '../fuzz/random.ts'
import { known, type JobFact, type Presence, type TaskFact } from './facts.ts'
import { Lost, type Session } from './session.ts'

/** The pool that is always there. */
export const POOL = 'main'
const MOST_TASKS = 60
const MOST_JOBS = 3

/** A client that works on its own jobs, whose names begin with its own, until the emulator is gone. */
export async function work(session: Session, name: string, random: Random): Promise<void> {
  const worker: Worker = { session, name, random }
  try {
    for (;;) await chooseOperation(worker)(worker)
  } catch (error) {
    if (!(error instanceof Lost)) throw error
  }
}

interface Worker {
  session: Session
  name: string
  random: Random
}

type Operation = (worker: Worker) => Promise<void>

function chooseOperation({ session, name, random }: Worker): Operation {
  const jobs = jobsOf(session, name)
  if (jobs.length === 0) return addJob
  if (jobs.length < MOST_JOBS && random.oneIn(12)) return addJob
  // One of the clients sees to the pools.
  if (name === 'a' && random.oneIn(8)) return random.pick(POOL_OPERATIONS)
  return random.pick(OPERATIONS)
}

function jobsOf({ facts }: Session, name: string): [string, JobFact][] {
  return [...facts.jobs].filter(([id, { presence }]) => id.startsWith(name) && presence === 'there')
}

/** Sends a change; `done` is told whether it was answered, and not called when it was refused. */
async function change(
  { session }: Worker,
  line: string,
  json: object | undefined,
  done: (isAnswered: boolean, answer?: Answer) => void,
): Promise<void> {
  const answer = await session.ask(line, json)
  if (!answer) done(false)
  else if (answer.status < 300) done(true, answer)
  if (!answer) throw new Lost()
}

const added = (isAnswered: boolean): Presence => (isAnswered ? 'there' : 'perhaps')

async function addJob(worker: Worker): Promise<void> {
  const { session, name } = worker
  const id = `${name}${session.newNumber()}`
  await change(worker, 'POST /jobs', { id, poolInfo: { poolId: POOL } }, (isAnswered) => {
    session.facts.jobs.set(id, {
      presence: added(isAnswered),
      priority: known(0),
      isEnding: known(false),
      isDisabled: known(false),
      tasks: new Map(),
    })
  })
}

/** An operation on one of the worker's jobs. */
function onJob(operation: (worker: Worker, id: string, job: JobFact) => Promise<void>): Operation {
  return async (worker) => {
    const [first, ...rest] = jobsOf(worker.session, worker.name)
    if (first) await operation(worker, ...worker.random.pick([first, ...rest]))
  }
}

/** An operation on one of the tasks of its jobs. */
function onTask(
  operation: (worker: Worker, path: string, task: TaskFact, job: JobFact) => Promise<void>,
): Operation {
  return onJob(async (worker, jobId, job) => {
    const [first, ...rest] = [...job.tasks].filter(([, { presence }]) => presence === 'there')
    if (!first) return
    const [id, task] = worker.random.pick([first, ...rest])
    await operation(worker, `/jobs/${jobId}/tasks/${id}`, task, job)
  })
}

function newTask({ session, random }: Worker, batch: number): { body: object; id: string; fact: TaskFact } {
  const id = `t${session.newNumber()}`
  const seconds = random.pick([0, 0, 0.05, 0.2, 1])
  const commandLine = session.witness.commandLine({ seconds, exitCode: random.oneIn(5) ? 1 : 0 })
  const retries = random.int(3)
  const body = { id, commandLine, displayName: `task ${id}`, constraints: { maxTaskRetryCount: retries } }
  const fact: TaskFact = {
    presence: 'perhaps',
    batch,
    commandLine,
    retries: known(retries),
    isEnded: known(false),
  }
  return { id, body, fact }
}

const addTask = onJob(async (worker, jobId, job) => {
  if (job.tasks.size >= MOST_TASKS) return
  const { id, body, fact } = newTask(worker, worker.session.newNumber())
  await change(worker, `POST /jobs/${jobId}/tasks`, body, (isAnswered) => {
    job.tasks.set(id, { ...fact, presence: added(isAnswered) })
  })
})

const addCollection = onJob(async (worker, jobId, job) => {
  if (job.tasks.size >= MOST_TASKS) return
  const batch = worker.session.newNumber()
  const tasks = Array.from({ length: 2 + worker.random.int(20) }, () => newTask(worker, batch))
  const value = tasks.map(({ body }) => body)
  await change(worker, `POST /jobs/${jobId}/addtaskcollection`, { value }, (isAnswered, answer) => {
    const { value: results = [] } = answer?.json<{ value: { taskId: string; status: string }[] }>() ?? {}
    const refused = new Set(results.filter(({ status }) => status !== 'Success').map(({ taskId }) => taskId))
    for (const { id, fact } of tasks)
      if (!refused.has(id)) job.tasks.set(id, { ...fact, presence: added(isAnswered) })
  })
})

const deleteTask = onTask((worker, path, task) =>
  change(worker, `DELETE ${path}`, undefined, (isAnswered) => {
    task.presence = isAnswered ? 'gone' : 'perhaps'
    // Alone: of those it was added with, the others stay.
    task.batch = worker.session.newNumber()
  }),
)

const terminateTask = onTask((worker, path, task) =>
  change(worker, `POST ${path}/terminate`, undefined, (isAnswered) => task.isEnded.set(true, isAnswered)),
)

const reactivateTask = onTask((worker, path, task) =>
  change(worker, `POST ${path}/reactivate`, undefined, (isAnswered) => {
    task.isEnded.set(false, isAnswered)
    delete task.shown
  }),
)

const updateTask = onTask((worker, path, task) => {
  const maxTaskRetryCount = worker.random.int(4)
  return change(worker, `PUT ${path}`, { constraints: { maxTaskRetryCount } }, (isAnswered) =>
    task.retries.set(maxTaskRetryCount, isAnswered),
  )
})

const patchJob = onJob((worker, id, job) => {
  const priority = worker.random.int(100)
  return change(worker, `PATCH /jobs/${id}`, { priority }, (isAnswered) =>
    job.priority.set(priority, isAnswered),
  )
})

const disableJob = onJob((worker, id, job) => {
  const disableTasks = worker.random.pick(['requeue', 'terminate', 'wait'])
  return change(worker, `POST /jobs/${id}/disable`, { disableTasks }, (isAnswered) =>
    job.isDisabled.set(true, isAnswered),
  )
})

const enableJob = onJob((worker, id, job) =>
  change(worker, `POST /jobs/${id}/enable`, undefined, (isAnswered) => job.isDisabled.set(false, isAnswered)),
)

const terminateJob = onJob(async (worker, id, job) => {
  if (!worker.random.oneIn(4)) return
  await change(worker, `POST /jobs/${id}/terminate`, undefined, (isAnswered) =>
    job.isEnding.set(true, isAnswered),
  )
})

const deleteJob = onJob(async (worker, id, job) => {
  if (!worker.random.oneIn(3)) return
  await change(worker, `DELETE /jobs/${id}`, undefined, (isAnswered) => {
    job.presence = isAnswered ? 'leaving' : 'perhaps'
  })
})

const readTask = onTask(async ({ session }, path, task) => {
  const answer = await session.ask(`GET ${path}`)
  if (!answer) throw new Lost()
  if (answer.status !== 200) session.blame(`${path} is there, but was answered ${answer.status}`)
  else if (answer.json()['commandLine'] !== task.commandLine)
    session.blame(`${path} has another command line`)
})

const listTasks = onJob(async ({ session }, id) => {
  if (!(await session.ask(`GET /jobs/${id}/tasks?maxresults=20`))) throw new Lost()
})

const resizePool: Operation = async (worker) => {
  const { session, random } = worker
  const targetDedicatedNodes = 1 + random.int(3)
  const nodeDeallocationOption = random.pick(['requeue', 'terminate', 'taskcompletion'])
  const body = { targetDedicatedNodes, nodeDeallocationOption }
  await change(worker, `POST /pools/${POOL}/resize`, body, (isAnswered) =>
    session.facts.pools.get(POOL)?.nodes.set(targetDedicatedNodes, isAnswered),
  )
}

const restartNode: Operation = async (worker) => {
  const { session, random } = worker
  const answer = await session.ask(`GET /pools/${POOL}/nodes`)
  if (!answer) throw new Lost()
  const [first, ...rest] = answer.json<{ value: { id: string }[] }>().value
  if (!first) return
  const verb = random.pick(['reboot', 'reboot', 'reimage'])
  await change(worker, `POST /pools/${POOL}/nodes/${random.pick([first, ...rest]).id}/${verb}`, {}, () => {})
}

const addPool: Operation = async (worker) => {
  const { pools } = worker.session.facts
  if (pools.size > 3) return
  const id = `pool${worker.session.newNumber()}`
  await change(worker, 'POST /pools', poolOf(id, { targetDedicatedNodes: 1 }), (isAnswered) => {
    pools.set(id, { presence: added(isAnswered), nodes: known(1) })
  })
}

const deletePool: Operation = async (worker) => {
  const others = [...worker.session.facts.pools].filter(
    ([id, { presence }]) => id !== POOL && presence === 'there',
  )
  const [first] = others
  if (!first) return
  const [id, pool] = first
  await change(worker, `DELETE /pools/${id}`, undefined, (isAnswered) => {
    pool.presence = isAnswered ? 'leaving' : 'perhaps'
  })
}

const POOL_OPERATIONS = [resizePool, resizePool, restartNode, addPool, deletePool] as const

const CHANGES_OF_TASKS = [updateTask, deleteTask, terminateTask, reactivateTask, reactivateTask] as const
const CHANGES_OF_JOBS = [
  patchJob,
  disableJob,
  enableJob,
  enableJob,
  enableJob,
  terminateJob,
  deleteJob,
] as const
const READS = [readTask, readTask, listTasks] as const
const ADDS = [addTask, addTask, addTask, addTask, addCollection, addCollection] as const
const OPERATIONS = [...ADDS, ...READS, ...CHANGES_OF_TASKS, ...CHANGES_OF_JOBS] as const

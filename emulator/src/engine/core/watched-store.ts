// The store with a look at what it writes. Here, and not in the verbs, because whatever changes a row comes through here:
// no verb can forget to tell. While nobody listens a write costs one comparison more.

import type { AutoScaleRun, FailureInfo, Wire } from '@malachite/model'
import type { JobRow, NewJob } from '../../storage/jobs.ts'
import type { JobScheduleRow } from '../../storage/job-schedules.ts'
import type { NodeRow } from '../../storage/nodes.ts'
import type { PoolRow } from '../../storage/pools.ts'
import type { Store } from '../../storage/store.ts'
import { json } from '../../storage/table.ts'
import type { TaskRow } from '../../storage/tasks.ts'
import { toIso } from '../../storage/time.ts'
import type { EngineChange } from '../api.ts'

/** What a write is noted with. */
export interface Notes {
  isOpen(): boolean
  add(change: EngineChange): void
  /** The state that `name` has now, if it had another one before; `at` is when it took it, microseconds. */
  moveOf(name: string, state: string, at: number): EngineChange['move']
  /** The same for something that is no more; its name may come again for another thing. */
  endOf(name: string, state: string): EngineChange['move']
  /** The id of the pool or job that is called so, read once. */
  idOf(name: string, read: () => string | undefined): string
  /** When the change takes place, microseconds. */
  now(): number
}

/** A store whose writes are noted while the notes are open. */
export function watchStore(store: Store, notes: Notes): Store {
  const { pools, jobs, jobSchedules } = store
  return {
    ...store,
    pools: { ...pools, ...watchTable<PoolRow>(pools, notes, notePool(notes)) },
    nodes: watchNodes(store, notes),
    jobs: { ...jobs, ...watchTable<JobRow, NewJob>(jobs, notes, noteStated('job', notes)) },
    jobSchedules: {
      ...jobSchedules,
      ...watchTable<JobScheduleRow>(jobSchedules, notes, noteStated('jobSchedule', notes)),
    },
    tasks: watchTasks(store, notes),
  }
}

/** Takes down that a row was written, or deleted. */
type Note<Row> = (row: Row, isGone: boolean) => void

interface Table<Row, New> {
  insert(row: New): number
  save(row: Row): void
  delete(row: { key: number }): void
}

function watchTable<Row extends { key: number }, New = Omit<Row, 'key'>>(
  table: Table<Row, New>,
  notes: Notes,
  note: Note<Row>,
): Table<Row, New> {
  return {
    insert(row) {
      const key = table.insert(row)
      if (notes.isOpen()) note({ ...row, key } as unknown as Row, false)
      return key
    },
    save(row) {
      table.save(row)
      if (notes.isOpen()) note(row, false)
    },
    delete(row) {
      table.delete(row)
      // Whoever deletes a row has read all of it.
      if (notes.isOpen()) note(row as Row, true)
    },
  }
}

type Stated = { key: number; id: string; state: string; stateAt: number }

function noteStated(kind: 'job' | 'jobSchedule' | 'pool', notes: Notes): Note<Stated> {
  return ({ key, id, state, stateAt }, isGone) => {
    const name = `${kind} ${key}`
    const move = isGone ? notes.endOf(name, state) : notes.moveOf(name, state, stateAt)
    notes.add({ kind, id, ...(move && { move }) })
  }
}

/** A pool has a second state, and its formula is evaluated. */
function notePool(notes: Notes): Note<PoolRow> {
  const noteState = noteStated('pool', notes)
  return (pool, isGone) => {
    noteState(pool, isGone)
    if (isGone) {
      for (const what of ['allocation', 'autoscale']) notes.endOf(`${what} ${pool.key}`, '')
      return
    }
    const move = notes.moveOf(`allocation ${pool.key}`, pool.allocationState, pool.allocationAt)
    if (move) notes.add({ kind: 'pool', id: pool.id, move })
    noteEvaluation(notes, pool)
  }
}

function noteEvaluation(notes: Notes, { key, id, autoScaleRun }: PoolRow): void {
  const run = json<Wire<AutoScaleRun>>(autoScaleRun)
  // What an earlier change evaluated is saved again and again.
  if (run?.timestamp !== toIso(notes.now())) return
  if (!notes.moveOf(`autoscale ${key}`, run.timestamp, notes.now())) return
  const { error, results } = run
  const detail = error ? `${error.code}: ${error.message}` : results
  notes.add({
    kind: 'autoscale',
    id,
    move: { time: notes.now(), to: error ? 'failed' : 'evaluated', detail },
  })
}

function watchNodes({ nodes, pools }: Store, notes: Notes): Store['nodes'] {
  const poolOf = (key: number): string => notes.idOf(`pool ${key}`, () => pools.byKey(key)?.id)
  const note: Note<NodeRow> = ({ key, id, pool, state, stateAt }, isGone) => {
    const move = isGone ? notes.endOf(`node ${key}`, state) : notes.moveOf(`node ${key}`, state, stateAt)
    notes.add({ kind: 'node', id, parent: poolOf(pool), ...(move && { move }) })
  }
  const noting = <Args extends unknown[]>(write: (...args: Args) => NodeRow | undefined) => {
    return (...args: Args): NodeRow | undefined => {
      const row = write(...args)
      if (row && notes.isOpen()) note(row, false)
      return row
    }
  }
  return {
    ...nodes,
    ...watchTable<NodeRow>(nodes, notes, note),
    occupy: noting(nodes.occupy),
    release: noting(nodes.release),
    reserve: noting(nodes.reserve),
    begin: noting(nodes.begin),
    giveUp: noting(nodes.giveUp),
  }
}

/** Tasks are the many: their rows say which state they come from, and are not remembered. */
function watchTasks({ tasks, jobs }: Store, notes: Notes): Store['tasks'] {
  const jobOf = (key: number): string => notes.idOf(`job ${key}`, () => jobs.byKey(key)?.id)
  const note = (
    { job, id }: Pick<TaskRow, 'job' | 'id'>,
    from?: string,
    to?: string,
    outcome?: Pick<EngineMove, 'result' | 'detail'>,
  ): void => {
    const move = to !== undefined && {
      move: { time: notes.now(), ...(from !== undefined && { from }), to, ...outcome },
    }
    notes.add({ kind: 'task', id, parent: jobOf(job), ...move })
  }
  return {
    ...tasks,
    insert(row) {
      const key = tasks.insert(row)
      if (notes.isOpen()) note(row, undefined, row.state)
      return key
    },
    edit(row, changes) {
      const from = row.state
      tasks.edit(row, changes)
      if (notes.isOpen()) note(row, from, row.state === from ? undefined : row.state, outcomeOf(row))
    },
    saveSpec(row) {
      tasks.saveSpec(row)
      if (notes.isOpen()) note(row)
    },
    delete(row) {
      tasks.delete(row)
      const { job, id, state } = row as TaskRow
      if (notes.isOpen()) note({ job, id }, state, 'deleted')
    },
  }
}

type EngineMove = NonNullable<EngineChange['move']>

/** How a completed task ended; of a failure its exit code, or what kept the task from running. */
function outcomeOf({ state, result, exitCode, failure }: TaskRow): Pick<EngineMove, 'result' | 'detail'> {
  if (state !== 'completed' || result === null) return {}
  if (result === 'success') return { result }
  const detail = exitCode === null ? json<FailureInfo>(failure)?.code : `exit code ${exitCode}`
  return { result, ...(detail !== undefined && { detail }) }
}

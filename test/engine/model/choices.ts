// What is chosen at random: the specifications of pools, jobs and tasks.

import type { ExitOptions } from '@malachite/model'
import * as fc from 'fast-check'
import { type ModelJob, type ModelPool, type Scale } from './state.ts'
import type { Ending, NewTask } from './tasks.ts'

/** `#2` stands for the third of those that there are then. */
const PLACES = ['#0', '#1', '#2', '#3', '#4', '#5', '#6', '#7']
export const poolId = fc.constantFrom(...PLACES, 'q')
export const jobId = fc.constantFrom(...PLACES, 'c')
const newPoolId = fc.constantFrom('p', 'p', 'p', 'p', 'p', 'p', 'q')
export const anyTaskId = fc.constantFrom(...PLACES, '8')
export const scheduleId = fc.constantFrom('s', 't')
/** Numbers, so that ranges can name them. */
export const taskId = fc.integer({ min: 1, max: 24 }).map(String)
/** Chooses among what there is then. */
export const pick = fc.nat(7)
export const nodeOption = fc.constantFrom('requeue', 'terminate', 'taskcompletion', 'retaineddata')
export const schedulingOption = fc.constantFrom('requeue', 'terminate', 'taskcompletion')
export const disableOption = fc.constantFrom('requeue', 'terminate', 'wait')
export const retries = fc.constantFrom(0, 0, 1, 2, -1)
export const target = fc.record({ dedicated: fc.constantFrom(0, 1, 2, 2, 2, 3, 3), lowPriority: fc.nat(2) })
export const seldom = fc.constantFrom(false, false, false, true)
export const priority = fc.constantFrom(0, 0, 10)
export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
/** Longer than files are kept. */
export const EIGHT_DAYS = 8 * 24 * HOUR
/** Steps take a millisecond: nothing is ever due just now. */
export const time = fc.constantFrom(MINUTE, MINUTE, 20 * MINUTE, HOUR, HOUR, EIGHT_DAYS)
const limit = fc.constantFrom(MINUTE, HOUR)

export const maxParallel = fc.constantFrom(-1, -1, 1, 3)

/** How a process ends: well, more often than not. */
export const ending = fc.constantFrom<Ending[]>(
  ...Array.from({ length: 7 }, () => ({ exitCode: 0 })),
  { exitCode: 1 },
  { exitCode: 2 },
  { failure: 'ResourceFileDownloadFailed' },
  { exitCode: 0, failure: 'FileUploadMiscError' },
)

const exitOptions: fc.Arbitrary<ExitOptions> = fc.record(
  {
    jobAction: fc.constantFrom('none', 'disable', 'terminate'),
    dependencyAction: fc.constantFrom('satisfy', 'block'),
  },
  { requiredKeys: [] },
)

const conditions = fc.record(
  {
    exitCodes: fc.tuple(fc.record({ code: fc.constantFrom(1, 2), exitOptions })),
    preProcessingError: exitOptions,
    fileUploadError: exitOptions,
    default: exitOptions,
  },
  { requiredKeys: [] },
)

const range = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.nat(2))
  .map(([first, more]): [number, number] => [first, first + more])

/** Most specifications are plain; one that has something special seldom has everything. */
function sometimes<Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> {
  return fc.option(value, { nil: undefined, freq: 2 })
}

function rarely<Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> {
  return fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value })
}

function seldomly<Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> {
  return fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value })
}

export const newTask: fc.Arbitrary<NewTask> = fc
  .record({
    id: taskId,
    slots: fc.constantFrom(1, 1, 1, 1, 1, 2, 3),
    maxRetries: sometimes(retries),
    dependsOn: rarely(
      fc.record({
        ids: fc.uniqueArray(fc.integer({ min: 1, max: 8 }).map(String), { maxLength: 2 }),
        ranges: fc.array(range, { maxLength: 1 }),
      }),
    ),
    conditions: seldomly(conditions),
    instances: rarely(fc.constantFrom(1, 2, 2, 3)),
    affinity: sometimes(pick),
    limit: seldomly(limit),
    retention: seldomly(limit),
  })
  .map((task) => withoutUndefined({ ...task, slots: task.instances === undefined ? task.slots : 1 }))

export type NewJob = Omit<ModelJob, 'state' | 'tasks' | 'satisfied' | 'nodes' | 'deadline' | 'schedule'> & {
  /** Milliseconds that it may take. */
  limit?: number
}

const plainJob = fc
  .record({
    id: fc.constantFrom('a', 'b', 'c'),
    pool: newPoolId,
    priority,
    maxParallel,
    endsWithTasks: seldom,
    actsOnFailure: seldom,
    usesDependencies: fc.boolean(),
    preemptible: seldom,
    maxRetries: retries,
    limit: seldomly(fc.constantFrom(HOUR, 24 * HOUR)),
    preparation: seldomly(fc.record({ waits: fc.boolean(), reruns: fc.boolean(), retries: fc.nat(1) })),
    hasRelease: fc.boolean(),
    manager: rarely(fc.record({ kills: fc.boolean(), exclusive: fc.boolean(), onSpot: fc.boolean() })),
  })
  .map((job) => ({ ...job, hasRelease: job.hasRelease && job.preparation !== undefined }))

/** Formulas of a constant size, and of as many nodes as there are tasks. */
export const formula: fc.Arbitrary<Scale['formula']> = fc.oneof(
  fc.record({ dedicated: fc.nat(3), lowPriority: fc.nat(1) }),
  fc.record({ most: fc.integer({ min: 1, max: 3 }), lowPriority: fc.constant(0) }),
)

const plainPool = fc
  .record({
    formula: rarely(formula),
    target,
    slots: fc.constantFrom(1, 1, 2, 4),
    startTask: rarely(fc.record({ waits: fc.boolean(), retries: fc.nat(1) })),
    interNode: fc.constantFrom(true, true, true, false),
  })
  .map((pool) => ({ ...pool, interNode: pool.interNode && pool.slots === 1 }))

const autoPool = fc.record({
  pool: plainPool.map(withoutUndefined),
  keepAlive: seldom,
  shared: fc.boolean(),
})

export const newJob: fc.Arbitrary<NewJob> = fc
  .tuple(plainJob, rarely(autoPool))
  .map(([job, auto]) => withoutUndefined({ ...job, auto }))

/** Times of a schedule from the time at which it is given them. */
export interface NewTiming {
  from?: number
  to?: number
  interval?: number
  window?: number
}

export const newTiming: fc.Arbitrary<NewTiming> = fc
  .record({
    from: seldomly(fc.constantFrom(HOUR, 24 * HOUR)),
    to: seldomly(fc.constantFrom(2 * HOUR, 40 * HOUR)),
    interval: sometimes(fc.constantFrom(30 * MINUTE, 12 * HOUR)),
    window: seldomly(fc.constantFrom(10 * MINUTE, HOUR)),
  })
  .map(({ from, to, ...timing }) =>
    withoutUndefined({ ...timing, from, to: to !== undefined && from !== undefined ? from + to : to }),
  )

export type NewPool = Pick<ModelPool, 'id' | 'target' | 'slots' | 'startTask' | 'interNode'> & {
  formula?: Scale['formula']
}

export const newPool: fc.Arbitrary<NewPool> = fc
  .tuple(newPoolId, plainPool)
  .map(([id, pool]) => withoutUndefined({ id, ...pool }))

type Defined<Given> = { [Name in keyof Given]: Exclude<Given[Name], undefined> }

function withoutUndefined<Given extends object>(given: Given): Defined<Given> {
  const members = Object.entries(given).filter(([, value]) => value !== undefined)
  return Object.fromEntries(members) as Defined<Given>
}

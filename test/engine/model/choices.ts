// What is chosen at random: the specifications of pools, jobs and tasks, and the bodies that say the same to the engine.

import type { ExitOptions } from '@malachite/model'
import * as fc from 'fast-check'
import { jobBody, poolBody, taskBody } from '../../helpers/virtual-engine.ts'
import { MANAGER_ID, type ModelJob, type ModelPool } from './state.ts'
import type { Ending, NewTask } from './tasks.ts'

export const poolId = fc.constantFrom('p', 'q')
export const jobId = fc.constantFrom('a', 'b', 'c')
/** Numbers, so that ranges can name them. */
export const taskId = fc.constantFrom('1', '2', '3', '4', '5', '6', '7', '8')
/** Chooses among what there is then. */
export const pick = fc.nat(7)
export const nodeOption = fc.constantFrom('requeue', 'terminate', 'taskcompletion', 'retaineddata')
export const schedulingOption = fc.constantFrom('requeue', 'terminate', 'taskcompletion')
export const disableOption = fc.constantFrom('requeue', 'terminate', 'wait')
export const retries = fc.constantFrom(0, 0, 1, 2, -1)
export const target = fc.record({ dedicated: fc.nat(3), lowPriority: fc.nat(2) })
export const seldom = fc.constantFrom(false, false, false, true)
export const priority = fc.constantFrom(0, 0, 10)
export const maxParallel = fc.constantFrom(-1, -1, 1, 3)

/** How a process ends: well, more often than not. */
export const ending = fc.constantFrom<Ending[]>(
  { exitCode: 0 },
  { exitCode: 0 },
  { exitCode: 0 },
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

function seldomly<Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> {
  return fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value })
}

export const newTask: fc.Arbitrary<NewTask> = fc
  .record({
    id: taskId,
    slots: fc.constantFrom(1, 1, 1, 2, 3),
    maxRetries: sometimes(retries),
    dependsOn: seldomly(
      fc.record({ ids: fc.uniqueArray(taskId, { maxLength: 2 }), ranges: fc.array(range, { maxLength: 1 }) }),
    ),
    conditions: seldomly(conditions),
  })
  .map(withoutUndefined)

export type NewJob = Omit<ModelJob, 'state' | 'tasks' | 'satisfied' | 'nodes'>

export const newJob: fc.Arbitrary<NewJob> = fc
  .record({
    id: jobId,
    pool: poolId,
    priority,
    maxParallel,
    endsWithTasks: seldom,
    actsOnFailure: seldom,
    usesDependencies: fc.boolean(),
    preemptible: seldom,
    maxRetries: retries,
    preparation: seldomly(fc.record({ waits: fc.boolean(), reruns: fc.boolean(), retries: fc.nat(1) })),
    hasRelease: fc.boolean(),
    manager: seldomly(fc.record({ kills: fc.boolean(), exclusive: fc.boolean(), onSpot: fc.boolean() })),
  })
  .map((job) => withoutUndefined({ ...job, hasRelease: job.hasRelease && job.preparation !== undefined }))

export type NewPool = Pick<ModelPool, 'id' | 'target' | 'slots' | 'startTask'>

export const newPool: fc.Arbitrary<NewPool> = fc
  .record({
    id: poolId,
    target,
    slots: fc.constantFrom(1, 2, 4),
    startTask: seldomly(fc.record({ waits: fc.boolean(), retries: fc.nat(1) })),
  })
  .map(withoutUndefined)

type Defined<Given> = { [Name in keyof Given]: Exclude<Given[Name], undefined> }

function withoutUndefined<Given extends object>(given: Given): Defined<Given> {
  const members = Object.entries(given).filter(([, value]) => value !== undefined)
  return Object.fromEntries(members) as Defined<Given>
}

/** The body that adds a pool; of the slots depends how it is filled. */
export function bodyOfPool({ id, target, slots, startTask }: NewPool): object {
  return poolBody(id, {
    targetDedicatedNodes: target.dedicated,
    targetLowPriorityNodes: target.lowPriority,
    taskSlotsPerNode: slots,
    taskSchedulingPolicy: { nodeFillType: slots === 4 ? 'pack' : 'spread' },
    ...(startTask && {
      startTask: {
        commandLine: 'start',
        waitForSuccess: startTask.waits,
        maxTaskRetryCount: startTask.retries,
      },
    }),
  })
}

export function bodyOfJob(job: NewJob): object {
  const { preparation, manager } = job
  return jobBody(job.id, job.pool, {
    priority: job.priority,
    maxParallelTasks: job.maxParallel,
    onAllTasksComplete: endOption(job.endsWithTasks),
    onTaskFailure: job.actsOnFailure ? 'performexitoptionsjobaction' : 'noaction',
    usesTaskDependencies: job.usesDependencies,
    allowTaskPreemption: job.preemptible,
    constraints: { maxTaskRetryCount: job.maxRetries },
    ...(preparation && {
      jobPreparationTask: {
        commandLine: 'prepare',
        waitForSuccess: preparation.waits,
        rerunOnNodeRebootAfterSuccess: preparation.reruns,
        constraints: { maxTaskRetryCount: preparation.retries },
      },
    }),
    ...(job.hasRelease && { jobReleaseTask: { commandLine: 'release' } }),
    ...(manager && {
      jobManagerTask: {
        id: MANAGER_ID,
        commandLine: 'manage',
        killJobOnCompletion: manager.kills,
        runExclusive: manager.exclusive,
        allowLowPriorityNode: manager.onSpot,
      },
    }),
  })
}

/** What becomes of a job when its tasks are done. */
export function endOption(endsWithTasks: boolean): string {
  return endsWithTasks ? 'terminatejob' : 'noaction'
}

export function bodyOfTask({ id, slots, maxRetries, dependsOn, conditions }: NewTask): object {
  return taskBody(id, {
    requiredSlots: slots,
    ...(maxRetries !== undefined && { constraints: { maxTaskRetryCount: maxRetries } }),
    ...(dependsOn && {
      dependsOn: {
        taskIds: dependsOn.ids,
        taskIdRanges: dependsOn.ranges.map(([start, end]) => ({ start, end })),
      },
    }),
    ...(conditions && { exitConditions: conditions }),
  })
}

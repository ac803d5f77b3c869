// The bodies that say to the engine what was chosen.

import { jobBody, poolBody, taskBody } from '../../helpers/virtual-engine.ts'
import { MINUTE, type NewJob, type NewPool, type NewTiming } from './choices.ts'
import { MANAGER_ID, type Scale } from './state.ts'
import type { NewTask } from './tasks.ts'

export function textOf(formula: Scale['formula']): string {
  const dedicated =
    'most' in formula ? `min(${formula.most}, $PendingTasks.GetSample(1))` : String(formula.dedicated)
  return `$TargetDedicatedNodes = ${dedicated}; $TargetLowPriorityNodes = ${formula.lowPriority};`
}

/** The body that adds a pool; of the slots depends how it is filled. */
export function bodyOfPool({ id, target, slots, startTask, interNode = false, formula }: NewPool): object {
  const { targetDedicatedNodes: _, ...rest } = poolBody(id, {
    ...(formula && { enableAutoScale: true, autoScaleFormula: textOf(formula) }),
    taskSlotsPerNode: slots,
    enableInterNodeCommunication: interNode,
    taskSchedulingPolicy: { nodeFillType: slots === 4 ? 'pack' : 'spread' },
    ...(startTask && {
      startTask: {
        commandLine: 'start',
        waitForSuccess: startTask.waits,
        maxTaskRetryCount: startTask.retries,
      },
    }),
  })
  if (formula) return rest
  return { ...rest, targetDedicatedNodes: target.dedicated, targetLowPriorityNodes: target.lowPriority }
}

export function bodyOfJob(job: NewJob): object {
  const { preparation, manager, auto } = job
  return jobBody(job.id, job.pool, {
    ...(auto && { poolInfo: autoPoolOf(auto) }),
    priority: job.priority,
    maxParallelTasks: job.maxParallel,
    onAllTasksComplete: endOption(job.endsWithTasks),
    onTaskFailure: job.actsOnFailure ? 'performexitoptionsjobaction' : 'noaction',
    usesTaskDependencies: job.usesDependencies,
    allowTaskPreemption: job.preemptible,
    constraints: { maxTaskRetryCount: job.maxRetries, ...limitOf(job.limit) },
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

function autoPoolOf({ pool, keepAlive, shared }: NonNullable<NewJob['auto']>): object {
  const { id: _, ...specification } = bodyOfPool({ id: '', ...pool }) as { id: string }
  const poolLifetimeOption = shared ? 'jobschedule' : 'job'
  return { autoPoolSpecification: { poolLifetimeOption, keepAlive, pool: specification } }
}

/** The body that adds a schedule of such jobs; its times count from `now`. */
export function bodyOfSchedule(id: string, timing: NewTiming, job: NewJob, now: number): object {
  const { id: _, ...jobSpecification } = bodyOfJob(job) as { id: string }
  return { id, schedule: bodyOfTiming(timing, now), jobSpecification }
}

export function bodyOfTiming({ from, to, interval, window }: NewTiming, now: number): object {
  const time = (ms: number): string => new Date(now + ms).toISOString()
  return {
    ...(from !== undefined && { doNotRunUntil: time(from) }),
    ...(to !== undefined && { doNotRunAfter: time(to) }),
    ...(interval !== undefined && { recurrenceInterval: duration(interval) }),
    ...(window !== undefined && { startWindow: duration(window) }),
  }
}

/** What becomes of a job when its tasks are done. */
export function endOption(endsWithTasks: boolean): string {
  return endsWithTasks ? 'terminatejob' : 'noaction'
}

function limitOf(limit: number | undefined): object {
  return limit === undefined ? {} : { maxWallClockTime: duration(limit) }
}

function duration(ms: number): string {
  return `PT${ms / MINUTE}M`
}

export function bodyOfTask({ id, slots, maxRetries, dependsOn, conditions, ...times }: NewTask): object {
  return taskBody(id, {
    requiredSlots: slots,
    ...(times.affinityId !== undefined && { affinityInfo: { affinityId: times.affinityId } }),
    ...(times.instances !== undefined && {
      multiInstanceSettings: {
        numberOfInstances: times.instances,
        coordinationCommandLine: 'coordinate',
      },
    }),
    constraints: {
      ...(maxRetries !== undefined && { maxTaskRetryCount: maxRetries }),
      ...limitOf(times.limit),
      ...(times.retention !== undefined && { retentionTime: duration(times.retention) }),
    },
    ...(dependsOn && {
      dependsOn: {
        taskIds: dependsOn.ids,
        taskIdRanges: dependsOn.ranges.map(([start, end]) => ({ start, end })),
      },
    }),
    ...(conditions && { exitConditions: conditions }),
  })
}

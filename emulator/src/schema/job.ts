// Bodies of the job operations.

import { UNLIMITED } from '@malachite/model'
import * as v from 'valibot'
import {
  choice,
  displayName,
  duration,
  flag,
  id,
  list,
  memberPath,
  members,
  nonEmpty,
  PRIORITY_RANGE,
  retryCount,
  text,
} from './common.ts'
import { environmentSetting } from './files.ts'
import { completeConstraints, jobManagerTask, jobPreparationTask, jobReleaseTask } from './job-tasks.ts'
import { metadata } from './metadata.ts'
import { parseBody } from './parse.ts'
import { poolInfo, poolInfoChange } from './pool-info.ts'

const PRIORITY = 'must be an integer from -1000 to 1000'
const priority = v.pipe(
  v.number(PRIORITY),
  v.integer(PRIORITY),
  v.minValue(-1000, PRIORITY_RANGE),
  v.maxValue(1000, PRIORITY_RANGE),
)

const PARALLEL = 'must be -1 or an integer from 1 to 10000'
const maxParallelTasks = v.pipe(
  v.number(PARALLEL),
  v.integer(PARALLEL),
  v.check((count) => count === -1 || (count >= 1 && count <= 10_000), PARALLEL),
)

const constraints = members({
  maxWallClockTime: v.exactOptional(duration(), UNLIMITED),
  maxTaskRetryCount: v.exactOptional(retryCount, 0),
})

const onAllTasksComplete = choice('noaction', 'terminatejob')
const onTaskFailure = choice('noaction', 'performexitoptionsjobaction')

const networkConfiguration = members({ subnetId: nonEmpty })

/** What a job has whoever makes it: a request, or a job schedule by its specification. */
const SPECIFICATION = {
  displayName: v.exactOptional(displayName),
  priority: v.exactOptional(priority, 0),
  maxParallelTasks: v.exactOptional(maxParallelTasks, -1),
  usesTaskDependencies: v.exactOptional(flag, false),
  allowTaskPreemption: v.exactOptional(flag, false),
  constraints: v.exactOptional(constraints, {}),
  jobManagerTask: v.exactOptional(jobManagerTask),
  jobPreparationTask: v.exactOptional(jobPreparationTask),
  jobReleaseTask: v.exactOptional(jobReleaseTask),
  commonEnvironmentSettings: v.exactOptional(list(environmentSetting)),
  poolInfo,
  metadata: v.exactOptional(metadata),
  networkConfiguration: v.exactOptional(networkConfiguration),
  onAllTasksComplete: v.exactOptional(onAllTasksComplete, 'noaction'),
  onTaskFailure: v.exactOptional(onTaskFailure, 'noaction'),
}

const specification = members(SPECIFICATION)
type Specification = v.InferOutput<typeof specification>

/** A release task undoes what a preparation task did. */
function releaseIssues(body: Specification) {
  if (!body.jobReleaseTask || body.jobPreparationTask) return []
  const path = memberPath(body, 'jobReleaseTask')
  return [{ message: 'must not be given without jobPreparationTask', path }]
}

/** Tasks without a retry count of their own have the job's. */
function complete<Body extends Specification>(body: Body): Body {
  const { jobManagerTask: manager, jobPreparationTask: preparation, constraints } = body
  return {
    ...body,
    ...(manager && { jobManagerTask: completeConstraints(manager, constraints) }),
    ...(preparation && { jobPreparationTask: completeConstraints(preparation, constraints) }),
  }
}

/** The jobs that a job schedule makes. */
export const jobSpecification = v.pipe(
  specification,
  v.rawCheck(({ dataset, addIssue }) => {
    if (dataset.typed) releaseIssues(dataset.value).forEach(addIssue)
  }),
  v.transform((body) => complete(body)),
)

const job = v.pipe(
  members({ id, ...SPECIFICATION }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (dataset.typed) releaseIssues(dataset.value).forEach(addIssue)
  }),
  v.transform((body) => complete(body)),
)

const jobPatch = members({
  priority: v.exactOptional(priority),
  maxParallelTasks: v.exactOptional(maxParallelTasks),
  allowTaskPreemption: v.exactOptional(flag),
  constraints: v.exactOptional(constraints),
  poolInfo: v.exactOptional(poolInfoChange),
  metadata: v.exactOptional(metadata),
  networkConfiguration: v.exactOptional(networkConfiguration),
  onAllTasksComplete: v.exactOptional(onAllTasksComplete),
})

const jobUpdate = members({
  priority: v.exactOptional(priority, 0),
  maxParallelTasks: v.exactOptional(maxParallelTasks, -1),
  allowTaskPreemption: v.exactOptional(flag, false),
  constraints: v.exactOptional(constraints, {}),
  poolInfo: poolInfoChange,
  metadata: v.exactOptional(metadata),
  onAllTasksComplete: v.exactOptional(onAllTasksComplete, 'noaction'),
})

const jobDisable = members({ disableTasks: choice('requeue', 'terminate', 'wait') })
const jobTerminate = members({ terminateReason: v.exactOptional(text) })

/** A new job, complete but for its optional texts and lists. */
export type JobBody = v.InferOutput<typeof job>
/** The members of a job to replace; each that is present is complete. */
export type JobPatchBody = v.InferOutput<typeof jobPatch>
/** All updatable members of a job; absent metadata are to be deleted. */
export type JobUpdateBody = v.InferOutput<typeof jobUpdate>
/** What becomes of the running tasks of a job that is disabled. */
export type JobDisableBody = v.InferOutput<typeof jobDisable>
/** Why a job is terminated, in the caller's words. */
export type JobTerminateBody = v.InferOutput<typeof jobTerminate>

/** Checks the body of a new job and fills in its defaults. */
export function parseJob(body: unknown): JobBody {
  return parseBody(job, body)
}

/** Checks a change of some members of a job. */
export function parseJobPatch(body: unknown): JobPatchBody {
  return parseBody(jobPatch, body)
}

/** Checks a replacement of all updatable members of a job. */
export function parseJobUpdate(body: unknown): JobUpdateBody {
  return parseBody(jobUpdate, body)
}

/** Checks what is to become of the running tasks of a job that is disabled. */
export function parseJobDisable(body: unknown): JobDisableBody {
  return parseBody(jobDisable, body)
}

/** Checks the reason a job is terminated for; the whole body may be absent. */
export function parseJobTerminate(body?: unknown): JobTerminateBody {
  return parseBody(jobTerminate, body ?? {})
}

// Bodies of the job schedule operations.

import * as v from 'valibot'
import { displayName, duration, id, memberPath, members } from './common.ts'
import { dateTime } from './date-time.ts'
import { jobSpecification } from './job.ts'
import { metadata } from './metadata.ts'
import { parseBody } from './parse.ts'

const MINIMUM = 'PT1M'

const schedule = v.pipe(
  members({
    doNotRunUntil: v.exactOptional(dateTime),
    doNotRunAfter: v.exactOptional(dateTime),
    startWindow: v.exactOptional(duration(MINIMUM)),
    recurrenceInterval: v.exactOptional(duration(MINIMUM)),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return
    const { doNotRunUntil: from, doNotRunAfter: to } = dataset.value
    if (from === undefined || to === undefined || Date.parse(from) < Date.parse(to)) return
    addIssue({
      message: 'must be later than doNotRunUntil',
      path: memberPath(dataset.value, 'doNotRunAfter'),
    })
  }),
)

const jobSchedule = members({
  id,
  displayName: v.exactOptional(displayName),
  schedule,
  jobSpecification,
  metadata: v.exactOptional(metadata),
})

const jobSchedulePatch = members({
  schedule: v.exactOptional(schedule),
  jobSpecification: v.exactOptional(jobSpecification),
  metadata: v.exactOptional(metadata),
})

const jobScheduleUpdate = members({
  schedule: v.exactOptional(schedule, {}),
  jobSpecification,
  metadata: v.exactOptional(metadata),
})

/** When jobs are made; times and durations in the service's normal form. */
export type ScheduleBody = v.InferOutput<typeof schedule>
/** A new job schedule, complete but for its optional parts. */
export type JobScheduleBody = v.InferOutput<typeof jobSchedule>
/** The members of a job schedule to replace; each that is present is complete. */
export type JobSchedulePatchBody = v.InferOutput<typeof jobSchedulePatch>
/** All updatable members of a job schedule; absent metadata are to be deleted. */
export type JobScheduleUpdateBody = v.InferOutput<typeof jobScheduleUpdate>

/** Checks the body of a new job schedule and fills in its defaults. */
export function parseJobSchedule(body: unknown): JobScheduleBody {
  return parseBody(jobSchedule, body)
}

/** Checks a change of some members of a job schedule. */
export function parseJobSchedulePatch(body: unknown): JobSchedulePatchBody {
  return parseBody(jobSchedulePatch, body)
}

/** Checks a replacement of all updatable members of a job schedule. */
export function parseJobScheduleUpdate(body: unknown): JobScheduleUpdateBody {
  return parseBody(jobScheduleUpdate, body)
}

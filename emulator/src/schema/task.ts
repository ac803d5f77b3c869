// Bodies of the task operations. Up to a million tasks pass through `parseTask`: measured 450,000 a second with only id
// and command line, 120,000 with a resource file, an output file and a time limit (Node 26, one of two cores).

import { MAX_TASKS_PER_COLLECTION } from '@malachite/model'
import * as v from 'valibot'
import {
  commandLine,
  displayName,
  duration,
  id,
  integer,
  list,
  members,
  nonEmpty,
  omit,
  refused,
  refusedUnlessEmpty,
  retryCount,
} from './common.ts'
import { environmentSetting, outputFile, resourceFile, userIdentity } from './files.ts'
import { parseBody } from './parse.ts'

const constraints = v.exactOptional(
  members({
    maxWallClockTime: v.exactOptional(duration()),
    retentionTime: v.exactOptional(duration()),
    maxTaskRetryCount: v.exactOptional(retryCount),
  }),
  {},
)

const task = members({
  id,
  displayName: v.exactOptional(displayName),
  // Before the command line, which a container may do without.
  containerSettings: refused('task.containerSettings'),
  commandLine,
  resourceFiles: v.exactOptional(list(resourceFile)),
  outputFiles: v.exactOptional(list(outputFile)),
  environmentSettings: v.exactOptional(list(environmentSetting)),
  applicationPackageReferences: v.exactOptional(refusedUnlessEmpty('task.applicationPackageReferences')),
  affinityInfo: v.exactOptional(members({ affinityId: nonEmpty })),
  userIdentity,
  exitConditions: refused('task.exitConditions'),
  multiInstanceSettings: refused('task.multiInstanceSettings'),
  dependsOn: refused('task.dependsOn'),
  authenticationTokenSettings: refused('task.authenticationTokenSettings'),
  constraints,
  requiredSlots: v.exactOptional(integer(1), 1),
})

const collection = members({
  value: v.pipe(
    list(v.unknown()),
    v.minLength(1, 'must have at least one task'),
    v.maxLength(MAX_TASKS_PER_COLLECTION, `must have at most ${MAX_TASKS_PER_COLLECTION} tasks`),
  ),
})

const taskUpdate = members({ constraints })

/** A new task; members of `constraints` that are absent take the job's and the service's values. */
export type TaskBody = Omit<v.InferOutput<typeof task>, 'applicationPackageReferences'>
/** The members of a task that can be replaced. */
export type TaskUpdateBody = v.InferOutput<typeof taskUpdate>

/** Checks the body of a new task and fills in its defaults. */
export function parseTask(body: unknown): TaskBody {
  const parsed = parseBody(task, body)
  if (!('applicationPackageReferences' in parsed)) return parsed
  // The service never answers an empty list of packages.
  return omit(parsed, 'applicationPackageReferences')
}

/** The tasks of a collection, 1 to 100, each still to be parsed: one that is wrong does not fail the others. */
export function parseTaskCollection(body: unknown): unknown[] {
  return parseBody(collection, body).value
}

/** Checks the replacement of a task's constraints; absent ones return to their defaults. */
export function parseTaskUpdate(body: unknown): TaskUpdateBody {
  return parseBody(taskUpdate, body)
}

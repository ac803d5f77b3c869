// Bodies of the pool operations.

import * as v from 'valibot'
import { applicationPackageReferences } from './application.ts'
import { certificateReferences } from './certificate.ts'
import {
  choice,
  commandLine,
  deallocationOption,
  displayName,
  flag,
  id,
  integer,
  list,
  members,
  memberPath,
  MISSING,
  nonEmpty,
  refused,
  refusedUnlessEmpty,
  resizeTimeout,
  retryCount,
  text,
} from './common.ts'
import { completeSize, findSizeIssue, SIZE_MEMBERS, type SizeBody } from './autoscale.ts'
import { containerSettings } from './container.ts'
import { environmentSetting, resourceFile, userIdentity } from './files.ts'
import { metadata } from './metadata.ts'
import { networkConfiguration } from './network.ts'
import { parseBody } from './parse.ts'
import { upgradePolicy } from './upgrade-policy.ts'
import { userAccount, virtualMachineConfiguration } from './virtual-machine.ts'

/** Longest start task as JSON, with its resource files and environment, characters. */
const MAX_START_TASK = 32_768

const startTaskMembers = members({
  containerSettings: v.exactOptional(containerSettings),
  commandLine,
  resourceFiles: v.exactOptional(list(resourceFile)),
  environmentSettings: v.exactOptional(list(environmentSetting)),
  userIdentity,
  maxTaskRetryCount: v.exactOptional(retryCount, 0),
  waitForSuccess: v.exactOptional(flag, true),
})

const startTask = v.pipe(
  startTaskMembers,
  v.check(
    (body) => JSON.stringify(body).length <= MAX_START_TASK,
    `must have at most ${MAX_START_TASK} characters, resource files and environment included`,
  ),
)

const nodeCount = integer()
const communicationMode = choice('default', 'classic', 'simplified')

const vmSize = v.pipe(nonEmpty, v.toLowerCase())
const slotsPerNode = integer(1, 256)
const schedulingPolicy = members({
  nodeFillType: choice('spread', 'pack'),
  jobDefaultOrder: v.exactOptional(choice('none', 'creationtime')),
})
const mountConfiguration = refusedUnlessEmpty('pool.mountConfiguration')
const resourceTags = v.pipe(
  v.custom<Record<string, string>>((tags) => !Array.isArray(tags), 'must be an object of texts'),
  v.record(text, text, 'must be an object of texts'),
)

/** What a pool has whoever makes it: a request, or a job that brings its own. */
const SPECIFICATION = {
  displayName: v.exactOptional(displayName),
  vmSize,
  resizeTimeout,
  ...SIZE_MEMBERS,
  enableInterNodeCommunication: v.exactOptional(flag, false),
  startTask: v.exactOptional(startTask),
  userAccounts: v.exactOptional(list(userAccount)),
  certificateReferences: v.exactOptional(certificateReferences),
  applicationPackageReferences: v.exactOptional(applicationPackageReferences),
  metadata: v.exactOptional(metadata),
  taskSlotsPerNode: v.exactOptional(slotsPerNode, 1),
  taskSchedulingPolicy: v.exactOptional(schedulingPolicy, { nodeFillType: 'spread' }),
  cloudServiceConfiguration: refused('pool.cloudServiceConfiguration'),
  virtualMachineConfiguration,
  applicationLicenses: v.exactOptional(list(text)),
  networkConfiguration: v.exactOptional(networkConfiguration),
  mountConfiguration: v.exactOptional(mountConfiguration),
  resourceTags: v.exactOptional(resourceTags),
  targetNodeCommunicationMode: v.exactOptional(communicationMode),
  upgradePolicy: v.exactOptional(upgradePolicy),
}

const pool = v.pipe(
  members({ id, ...SPECIFICATION }),
  v.rawCheck(checkSize),
  v.transform((body) => withSize(body)),
)

/** The pool that a job brings with it: all but an id. */
export const poolSpecification = v.pipe(
  members(SPECIFICATION),
  v.rawCheck(checkSize),
  v.transform((body) => withSize(body)),
)

/** What newer api-versions can change, while the pool has no nodes. */
const REBUILDING = {
  displayName: v.exactOptional(displayName),
  vmSize: v.exactOptional(vmSize),
  enableInterNodeCommunication: v.exactOptional(flag),
  userAccounts: v.exactOptional(list(userAccount)),
  taskSlotsPerNode: v.exactOptional(slotsPerNode),
  taskSchedulingPolicy: v.exactOptional(schedulingPolicy),
  virtualMachineConfiguration: v.exactOptional(virtualMachineConfiguration),
  networkConfiguration: v.exactOptional(networkConfiguration),
  mountConfiguration: v.exactOptional(mountConfiguration),
  resourceTags: v.exactOptional(resourceTags),
  upgradePolicy: v.exactOptional(upgradePolicy),
}

const poolPatch = members({
  ...REBUILDING,
  startTask: v.exactOptional(startTask),
  certificateReferences: v.exactOptional(certificateReferences),
  applicationPackageReferences: v.exactOptional(applicationPackageReferences),
  metadata: v.exactOptional(metadata),
  targetNodeCommunicationMode: v.exactOptional(communicationMode),
})

const poolUpdate = members({
  startTask: v.exactOptional(startTask),
  certificateReferences,
  applicationPackageReferences,
  metadata,
  targetNodeCommunicationMode: v.exactOptional(communicationMode),
})

const poolResize = v.pipe(
  members({
    targetDedicatedNodes: v.exactOptional(nodeCount),
    targetLowPriorityNodes: v.exactOptional(nodeCount),
    resizeTimeout,
    nodeDeallocationOption: deallocationOption,
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return
    const { targetDedicatedNodes, targetLowPriorityNodes } = dataset.value
    if (targetDedicatedNodes !== undefined || targetLowPriorityNodes !== undefined) return
    addIssue({ message: MISSING, path: memberPath(dataset.value, 'targetDedicatedNodes') })
  }),
)

/** A new pool, complete but for its optional parts. */
export type PoolBody = v.InferOutput<typeof pool>
/** The members of a pool to replace; each that is present is complete. */
export type PoolPatchBody = v.InferOutput<typeof poolPatch>
/** All updatable members of a pool; an absent start task is to be removed. */
export type PoolUpdateBody = v.InferOutput<typeof poolUpdate>
/** A new size; at least one target is there. */
export type PoolResizeBody = v.InferOutput<typeof poolResize>

/** Checks the body of a new pool and fills in its defaults. */
export function parsePool(body: unknown): PoolBody {
  return parseBody(pool, body)
}

/** Checks a change of some members of a pool. */
export function parsePoolPatch(body: unknown): PoolPatchBody {
  return parseBody(poolPatch, body)
}

/** The member of a change that needs a pool without nodes, if there is one. */
export function rebuildingMember(patch: PoolPatchBody): string | undefined {
  return Object.keys(patch).find((name) => Object.hasOwn(REBUILDING, name))
}

/** Checks a replacement of all updatable members of a pool. */
export function parsePoolUpdate(body: unknown): PoolUpdateBody {
  return parseBody(poolUpdate, body)
}

const MEMBERS = ['id', ...Object.keys(SPECIFICATION)]

/** The members in the service's order, whichever an update added last. */
export function orderPool<Body extends object>(body: Body): Body {
  const members = Object.entries(body).sort(([a], [b]) => MEMBERS.indexOf(a) - MEMBERS.indexOf(b))
  return Object.fromEntries(members) as unknown as Body
}

function checkSize<Body extends SizeBody>({ dataset, addIssue }: v.RawCheckContext<Body>): void {
  const issue = dataset.typed ? findSizeIssue(dataset.value) : undefined
  if (issue) addIssue(issue)
}

function withSize<Body extends SizeBody>(body: Body) {
  const { autoScaleEvaluationInterval: _, ...rest } = body
  return orderPool({ ...rest, ...completeSize(body) })
}

/** Checks a new size; one target must be given, the other stays as it is. */
export function parsePoolResize(body: unknown): PoolResizeBody {
  return parseBody(poolResize, body)
}

// Bodies of the pool operations.

import * as v from 'valibot'
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
  omit,
  refused,
  refusedUnlessEmpty,
  refusedUnlessFalse,
  resizeTimeout,
  retryCount,
  text,
} from './common.ts'
import { environmentSetting, resourceFile, userIdentity } from './files.ts'
import { metadata } from './metadata.ts'
import { networkConfiguration } from './network.ts'
import { parseBody } from './parse.ts'
import { userAccount, virtualMachineConfiguration } from './virtual-machine.ts'

const startTask = members({
  containerSettings: refused('startTask.containerSettings'),
  commandLine,
  resourceFiles: v.exactOptional(list(resourceFile)),
  environmentSettings: v.exactOptional(list(environmentSetting)),
  userIdentity,
  maxTaskRetryCount: v.exactOptional(retryCount, 0),
  waitForSuccess: v.exactOptional(flag, true),
})

const nodeCount = integer()
const certificateReferences = refusedUnlessEmpty('pool.certificateReferences')
const applicationPackageReferences = refusedUnlessEmpty('pool.applicationPackageReferences')
const communicationMode = choice('default', 'classic', 'simplified')

const pool = members({
  id,
  displayName: v.exactOptional(displayName),
  vmSize: v.pipe(nonEmpty, v.toLowerCase()),
  resizeTimeout,
  targetDedicatedNodes: v.exactOptional(nodeCount, 0),
  targetLowPriorityNodes: v.exactOptional(nodeCount, 0),
  enableAutoScale: v.exactOptional(refusedUnlessFalse('pool.enableAutoScale'), false),
  autoScaleFormula: refused('pool.autoScaleFormula'),
  autoScaleEvaluationInterval: refused('pool.autoScaleEvaluationInterval'),
  enableInterNodeCommunication: v.exactOptional(flag, false),
  startTask: v.exactOptional(startTask),
  userAccounts: v.exactOptional(list(userAccount)),
  certificateReferences: v.exactOptional(certificateReferences),
  applicationPackageReferences: v.exactOptional(applicationPackageReferences),
  metadata: v.exactOptional(metadata),
  taskSlotsPerNode: v.exactOptional(integer(1, 256), 1),
  taskSchedulingPolicy: v.exactOptional(members({ nodeFillType: choice('spread', 'pack') }), {
    nodeFillType: 'spread',
  }),
  cloudServiceConfiguration: refused('pool.cloudServiceConfiguration'),
  virtualMachineConfiguration,
  applicationLicenses: v.exactOptional(list(text)),
  networkConfiguration: v.exactOptional(networkConfiguration),
  mountConfiguration: v.exactOptional(refusedUnlessEmpty('pool.mountConfiguration')),
  targetNodeCommunicationMode: v.exactOptional(communicationMode),
})

const poolPatch = members({
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
  v.transform((resize) => ({ targetDedicatedNodes: 0, targetLowPriorityNodes: 0, ...resize })),
)

/** A new pool, complete but for its optional parts. */
export type PoolBody = Packageless<v.InferOutput<typeof pool>>
/** The members of a pool to replace; each that is present is complete. */
export type PoolPatchBody = Packageless<v.InferOutput<typeof poolPatch>>
/** All updatable members of a pool; an absent start task is to be removed. */
export type PoolUpdateBody = Packageless<v.InferOutput<typeof poolUpdate>>
/** A new size; both targets are there. */
export type PoolResizeBody = v.InferOutput<typeof poolResize>

type Packageless<Body> = Omit<Body, 'applicationPackageReferences'>

/** Checks the body of a new pool and fills in its defaults. */
export function parsePool(body: unknown): PoolBody {
  return withoutPackages(parseBody(pool, body))
}

/** Checks a change of some members of a pool. */
export function parsePoolPatch(body: unknown): PoolPatchBody {
  return withoutPackages(parseBody(poolPatch, body))
}

/** Checks a replacement of all updatable members of a pool. */
export function parsePoolUpdate(body: unknown): PoolUpdateBody {
  return withoutPackages(parseBody(poolUpdate, body))
}

const MEMBERS = Object.keys(pool.pipe[1].entries)

/** The members in the service's order, whichever an update added last. */
export function orderPool(body: PoolBody): PoolBody {
  const members = Object.entries(body).sort(([a], [b]) => MEMBERS.indexOf(a) - MEMBERS.indexOf(b))
  return Object.fromEntries(members) as unknown as PoolBody
}

/** Checks a new size; one target must be given, the other becomes 0. */
export function parsePoolResize(body: unknown): PoolResizeBody {
  return parseBody(poolResize, body)
}

// The service answers other lists as they came, but never an empty list of packages.
function withoutPackages<Body extends { applicationPackageReferences?: never[] }>(
  body: Body,
): Packageless<Body> {
  return omit(body, 'applicationPackageReferences')
}

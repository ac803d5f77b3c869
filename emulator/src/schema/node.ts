// Bodies of the operations on nodes.

import type { NodeDeallocationOption } from '@malachite/model'
import * as v from 'valibot'
import {
  choice,
  deallocationOption,
  flag,
  list,
  memberPath,
  members,
  nonEmpty,
  omit,
  refused,
  resizeTimeout,
  text,
  url,
} from './common.ts'
import { dateTime } from './date-time.ts'
import { parseBody } from './parse.ts'

const removeNodes = members({
  nodeList: v.pipe(
    list(nonEmpty),
    v.minLength(1, 'must name at least one node'),
    v.maxLength(100, 'must name at most 100 nodes'),
  ),
  resizeTimeout,
  nodeDeallocationOption: deallocationOption,
})

const reboot = members({ nodeRebootOption: deallocationOption })
const reimage = members({ nodeReimageOption: deallocationOption })
const deallocate = members({ nodeDeallocateOption: deallocationOption })

const login = {
  expiryTime: v.exactOptional(dateTime),
  password: v.exactOptional(text),
  sshPublicKey: v.exactOptional(text),
}
const user = v.pipe(
  members({ name: nonEmpty, isAdmin: v.exactOptional(flag, false), ...login }),
  v.transform((body) => omit(omit(body, 'password'), 'sshPublicKey')),
)
const userUpdate = v.pipe(
  members(login),
  v.transform((body) => omit(omit(body, 'password'), 'sshPublicKey')),
)

const logUpload = v.pipe(
  members({
    containerUrl: url,
    startTime: dateTime,
    endTime: v.exactOptional(dateTime),
    identityReference: refused('uploadBatchServiceLogs.identityReference'),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return
    const { startTime, endTime = startTime } = dataset.value
    if (Date.parse(endTime) < Date.parse(startTime))
      addIssue({ message: 'must not be before startTime', path: memberPath(dataset.value, 'endTime') })
  }),
)

const disableScheduling = members({
  nodeDisableSchedulingOption: v.exactOptional(choice('requeue', 'terminate', 'taskcompletion'), 'requeue'),
})

/** The nodes to remove, and how. */
export type RemoveNodesBody = v.InferOutput<typeof removeNodes>
/** A user of a node; its secrets are checked and forgotten. */
export type NodeUserBody = v.InferOutput<typeof user>
/** Which logs of a node go where. */
export type LogUploadBody = v.InferOutput<typeof logUpload>
/** What becomes of the running tasks of a node that takes no more. */
export type DisableSchedulingBody = v.InferOutput<typeof disableScheduling>

/** Checks which 1 to 100 nodes are to be removed, and how. */
export function parseRemoveNodes(body: unknown): RemoveNodesBody {
  return parseBody(removeNodes, body)
}

/** Checks what is to become of the tasks of a node that reboots; the whole body may be absent. @default requeue */
export function parseReboot(body?: unknown): NodeDeallocationOption {
  return parseBody(reboot, body ?? {}).nodeRebootOption
}

/** The same for a node that gets a new disk. */
export function parseReimage(body?: unknown): NodeDeallocationOption {
  return parseBody(reimage, body ?? {}).nodeReimageOption
}

/** The same for a node that is switched off. */
export function parseDeallocate(body?: unknown): NodeDeallocationOption {
  return parseBody(deallocate, body ?? {}).nodeDeallocateOption
}

/** Checks a new user of a node. */
export function parseNodeUser(body: unknown): NodeUserBody {
  return parseBody(user, body)
}

/** Checks the replacement of what a user of a node has. */
export function parseNodeUserUpdate(body: unknown): Pick<NodeUserBody, 'expiryTime'> {
  return parseBody(userUpdate, body)
}

/** Checks which logs of a node are to be uploaded where. */
export function parseLogUpload(body: unknown): LogUploadBody {
  return parseBody(logUpload, body)
}

/** Checks what is to become of the tasks of a node that takes no more; the whole body may be absent. @default requeue */
export function parseDisableScheduling(body?: unknown): DisableSchedulingBody {
  return parseBody(disableScheduling, body ?? {})
}

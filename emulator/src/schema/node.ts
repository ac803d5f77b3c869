// Bodies of the operations on nodes.

import * as v from 'valibot'
import { choice, deallocationOption, list, members, nonEmpty, resizeTimeout } from './common.ts'
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

const disableScheduling = members({
  nodeDisableSchedulingOption: v.exactOptional(choice('requeue', 'terminate', 'taskcompletion'), 'requeue'),
})

/** The nodes to remove, and how. */
export type RemoveNodesBody = v.InferOutput<typeof removeNodes>
/** What becomes of the running tasks of a node that reboots. */
export type RebootBody = v.InferOutput<typeof reboot>
/** What becomes of the running tasks of a node that takes no more. */
export type DisableSchedulingBody = v.InferOutput<typeof disableScheduling>

/** Checks which 1 to 100 nodes are to be removed, and how. */
export function parseRemoveNodes(body: unknown): RemoveNodesBody {
  return parseBody(removeNodes, body)
}

/** Checks what is to become of the tasks of a node that reboots; the whole body may be absent. @default requeue */
export function parseReboot(body?: unknown): RebootBody {
  return parseBody(reboot, body ?? {})
}

/** Checks what is to become of the tasks of a node that takes no more; the whole body may be absent. @default requeue */
export function parseDisableScheduling(body?: unknown): DisableSchedulingBody {
  return parseBody(disableScheduling, body ?? {})
}

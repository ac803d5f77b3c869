// Bodies of the node operations; all of them may be absent.

import * as v from 'valibot'
import { choice, members } from './common.ts'
import { parseBody } from './parse.ts'

const reboot = members({
  nodeRebootOption: v.exactOptional(
    choice('requeue', 'terminate', 'taskcompletion', 'retaineddata'),
    'requeue',
  ),
})

const disableScheduling = members({
  nodeDisableSchedulingOption: v.exactOptional(choice('requeue', 'terminate', 'taskcompletion'), 'requeue'),
})

export type RebootBody = v.InferOutput<typeof reboot>
export type DisableSchedulingBody = v.InferOutput<typeof disableScheduling>

/** Checks what is to become of the tasks of a node that reboots. @default requeue */
export function parseReboot(body?: unknown): RebootBody {
  return parseBody(reboot, body ?? {})
}

/** Checks what is to become of the tasks of a node that takes no more. @default requeue */
export function parseDisableScheduling(body?: unknown): DisableSchedulingBody {
  return parseBody(disableScheduling, body ?? {})
}

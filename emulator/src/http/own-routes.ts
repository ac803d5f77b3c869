// Operations of the emulator's own, which the service does not have: who calls them signs as for all others, but names no
// api-version.

import * as own from './handlers/own.ts'
import { route, type Route } from './route.ts'

const PREFIX = '/malachite'
const POOL = '/pools/{poolId}'
const NODE = '/pools/{poolId}/nodes/{nodeId}'

/** Whether a path is not one of the service. */
export function isOwnPath(path: string): boolean {
  return path.toLowerCase().startsWith(`${PREFIX}/`)
}

// prettier-ignore
export const OWN_ROUTES: readonly Route[] = [
  route('GET',  `${PREFIX}/why/jobs/{jobId}`,                      'malachite.whyJob',         200, '', own.whyJob),
  route('GET',  `${PREFIX}/why/jobs/{jobId}/tasks/{taskId}`,       'malachite.whyTask',        200, '', own.whyTask),
  route('GET',  `${PREFIX}/why${POOL}`,                            'malachite.whyPool',        200, '', own.whyPool),
  route('GET',  `${PREFIX}/why${NODE}`,                            'malachite.whyNode',        200, '', own.whyNode),
  route('GET',  `${PREFIX}/why/jobschedules/{jobScheduleId}`,      'malachite.whyJobSchedule', 200, '', own.whyJobSchedule),
  route('POST', `${PREFIX}/preempt${POOL}`,                        'malachite.preemptSome',    200, '', own.preemptSome),
  route('POST', `${PREFIX}/preempt${NODE}`,                        'malachite.preempt',        200, '', own.preemptNode),
  route('POST', `${PREFIX}/fail${POOL}`,                           'malachite.failAllocation', 200, '', own.failAllocation),
  route('POST', `${PREFIX}/fail${NODE}`,                           'malachite.failNode',       200, '', own.failNode),
]

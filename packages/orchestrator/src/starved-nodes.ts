// What came to nothing because a blob was not there: Azurite forgets its last seconds when it is killed, and what an
// emulator that is killed with it does at its next start, it does before the run is resumed and has uploaded anew.

import type { BatchBackend, FailureInfo } from '@malachite/model'
import { withSignal } from './run.ts'

/** Whether a task or a start task failed because a resource file was not there. */
export function isStarved({ failureInfo }: { failureInfo?: Pick<FailureInfo, 'code'> }): boolean {
  return failureInfo?.code === 'BlobNotFound'
}

/** Reboots the nodes whose start task did not get its files: it runs once more. */
export async function rebootStarvedNodes(
  batch: Pick<BatchBackend, 'listNodes' | 'rebootNode'>,
  poolId: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const filter = "state eq 'starttaskfailed'"
  for await (const { id, startTaskInfo } of batch.listNodes(poolId, { filter, ...withSignal(signal) }))
    if (startTaskInfo && isStarved(startTaskInfo)) await batch.rebootNode(poolId, id, withSignal(signal))
}

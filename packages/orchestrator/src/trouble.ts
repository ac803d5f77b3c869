// Tells from what the service says whether waiting still makes sense, and if not, why.

import {
  isBatchError,
  type BatchBackend,
  type ComputeNode,
  type Job,
  type NodeCounts,
  type Pool,
  type TaskCounts,
} from '@malachite/model'
import { endOf } from './failures.ts'
import { redact } from './redact.ts'
import type { Trouble } from './report.ts'
import { readTail } from './tail.ts'

/** One look at everything that matters while tasks run; absent where the service knows it no more. */
export interface Observation {
  counts: TaskCounts
  job?: Pick<Job, 'state' | 'executionInfo'>
  pool?: Pick<Pool, 'id' | 'state' | 'allocationState' | 'resizeErrors'>
  nodes?: NodeCounts
}

/** Whether the counts say that all tasks are completed. On Azure they lag: a list has the last word. */
export function looksCompleted({ counts }: Observation, taskCount: number): boolean {
  return counts.completed >= taskCount && counts.active === 0 && counts.running === 0
}

/** The one fact that keeps the tasks from ever completing, without details; undefined while there is none. */
export function findTrouble({ job, pool, nodes }: Observation): Trouble | undefined {
  if (!pool) return { kind: 'poolGone', reason: 'The pool does not exist any more.' }
  if (pool.state === 'deleting') return { kind: 'poolGone', reason: 'The pool is being deleted.' }
  if (!job) return { kind: 'jobEnded', reason: 'The job does not exist any more.' }
  if (job.state === 'terminating' || job.state === 'completed' || job.state === 'deleting') {
    const why = job.executionInfo.terminateReason
    return { kind: 'jobEnded', reason: `The job is ${job.state}${why ? ` (${why})` : ''}.` }
  }
  return resizeTrouble(pool) ?? (nodes && nodeTrouble(nodes))
}

function resizeTrouble({ resizeErrors, allocationState }: NonNullable<Observation['pool']>) {
  const [first] = resizeErrors ?? []
  if (!first || !resizeErrors || allocationState !== 'steady') return undefined
  const reason = `The pool did not get its nodes: ${first.code}: ${first.message}`
  return { kind: 'resizeFailed', reason, resizeErrors } as const
}

function nodeTrouble(nodes: NodeCounts): Trouble | undefined {
  const count = (state: 'startTaskFailed' | 'unusable'): number =>
    nodes.dedicated[state] + nodes.lowPriority[state]
  if (count('startTaskFailed') > 0) {
    return { kind: 'startTaskFailed', reason: 'The start task failed on a node.' }
  }
  return count('unusable') > 0 ? { kind: 'nodeUnusable', reason: 'A node is unusable.' } : undefined
}

/** What is needed to look closer at a node. */
export type NodeReader = Pick<BatchBackend, 'listNodes' | 'listNodeFiles' | 'readNodeFile'>

const NODE_FILTERS: Partial<Record<Trouble['kind'], string>> = {
  startTaskFailed: "state eq 'starttaskfailed'",
  nodeUnusable: "state eq 'unusable'",
}

/** The trouble with the node that has it: its id, exit code, errors and the end of its start task's `stderr.txt`. */
export async function describeTrouble(
  trouble: Trouble,
  batch: NodeReader,
  poolId: string,
  signal: AbortSignal,
): Promise<Trouble> {
  const filter = NODE_FILTERS[trouble.kind]
  if (!filter) return trouble
  try {
    for await (const node of batch.listNodes(poolId, { filter, pageSize: 1, signal })) {
      const stderrTail = await readTail('startup/stderr.txt', stderrSource(batch, poolId, node.id, signal))
      return { ...trouble, ...nodeFacts(trouble.kind, node), stderrTail }
    }
  } catch (error) {
    // The node may have left since it was counted; the trouble is reported without it.
    if (!isBatchError(error, 'PoolNotFound', 'NodeNotFound')) throw error
  }
  return trouble
}

function stderrSource(batch: NodeReader, poolId: string, nodeId: string, signal: AbortSignal) {
  const path = 'startup/stderr.txt'
  return {
    list: () =>
      batch.listNodeFiles(poolId, nodeId, { recursive: true, filter: `startswith(name,'${path}')`, signal }),
    read: (range: { offset: number; length: number }) =>
      batch.readNodeFile(poolId, nodeId, path, { ...range, signal }),
  }
}

/** The node's id and a sentence that says more than "it failed". */
export function nodeFacts(kind: Trouble['kind'], node: ComputeNode): Omit<Trouble, 'kind'> {
  if (kind === 'nodeUnusable') {
    const errors = (node.errors ?? []).map(({ code, message }) => ` ${code}: ${redact(message)}`)
    return { nodeId: node.id, reason: `Node ${node.id} is unusable.${errors.join(';')}` }
  }
  const { exitCode, failureInfo } = node.startTaskInfo ?? {}
  const failed = `The start task failed on node ${node.id}.`
  if (exitCode !== undefined) return { nodeId: node.id, exitCode, reason: `${failed} ${endOf(exitCode)}` }
  const why = failureInfo ? ` ${failureInfo.code}: ${redact(failureInfo.message)}` : ''
  return { nodeId: node.id, reason: failed + why }
}

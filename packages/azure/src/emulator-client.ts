// What an emulator of Malachite offers beyond the service, over the connection and the signature of the SDK's client.

import type { CallOptions, Explanation } from '@malachite/model'
import { createBatchClient, type BatchClientOptions } from './batch-client.ts'

/** What `why` can tell about. */
export type Subject =
  | { kind: 'task'; jobId: string; taskId: string }
  | { kind: 'job'; jobId: string }
  | { kind: 'pool'; poolId: string }
  | { kind: 'node'; poolId: string; nodeId: string }
  | { kind: 'schedule'; jobScheduleId: string }

/** Which spot nodes to preempt: one, or some of a pool. */
export interface Preemption {
  poolId: string
  nodeId?: string
  /** How many, without `nodeId`. @default 1 */
  count?: number
  /** Until another machine comes, ISO 8601. @default 'PT0S' */
  absence?: string
}

/** Operations of an emulator that the service does not have; they reject with `BatchError`s as all others do. */
export interface EmulatorClient {
  /** Why something is as it is. */
  why(subject: Subject, options?: CallOptions): Promise<Explanation>
  /** Takes the machines of spot nodes away; the ids of the nodes. */
  preempt(preemption: Preemption, options?: CallOptions): Promise<string[]>
  close(): Promise<void>
}

/** A client of an emulator. Nothing connects before the first call. */
export function createEmulatorClient(options: BatchClientOptions): EmulatorClient {
  const batch = createBatchClient(options)
  const send = <Body>(method: 'GET' | 'POST', path: string, call?: CallOptions): Promise<Body> =>
    batch.call(call, async (client, { abortSignal }) => {
      const url = `${options.endpoint}/malachite${path}`
      const request = { method, url, ...(abortSignal && { abortSignal }) }
      const { status, parsedBody } = await client.sendRequest(request)
      const body: unknown = parsedBody
      if (status >= 300) throw refusal(status, body)
      return body as Body
    })
  return {
    why: (subject, call) => send('GET', `/why${pathOf(subject)}`, call),
    async preempt({ poolId, nodeId, count, absence }, call) {
      const place = nodeId === undefined ? path`/pools/${poolId}` : path`/pools/${poolId}/nodes/${nodeId}`
      const query = new URLSearchParams({
        ...(count !== undefined && { count: String(count) }),
        ...(absence !== undefined && { absence }),
      })
      const { nodes } = await send<{ nodes: string[] }>('POST', `/preempt${place}?${query}`, call)
      return nodes
    },
    close: () => batch.close(),
  }
}

/** As the client throws it for the service's own operations. */
function refusal(statusCode: number, body: unknown): Error {
  return Object.assign(new Error(`The answer was ${statusCode}`), { statusCode, body })
}

function pathOf(subject: Subject): string {
  switch (subject.kind) {
    case 'task':
      return path`/jobs/${subject.jobId}/tasks/${subject.taskId}`
    case 'job':
      return path`/jobs/${subject.jobId}`
    case 'pool':
      return path`/pools/${subject.poolId}`
    case 'node':
      return path`/pools/${subject.poolId}/nodes/${subject.nodeId}`
    default:
      return path`/jobschedules/${subject.jobScheduleId}`
  }
}

function path(texts: TemplateStringsArray, ...ids: readonly string[]): string {
  return texts.reduce((before, text, i) => `${before}${encodeURIComponent(ids[i - 1] ?? '')}${text}`)
}

// What an emulator of Malachite offers beyond the service, over the connection and the signature of the SDK's client.

import type { CallOptions, Explanation } from '@malachite/model'
import { createBatchClient, type BatchClientOptions } from './batch-client.ts'
import { refusal } from './rest-client.ts'

/** The parts of a resource's path, e.g. `['jobs', 'myjob', 'tasks', 'mytask']`. */
export type ResourcePath = readonly string[]

/** How spot nodes are preempted. */
export interface Preemption {
  /** How many of a pool's, when no node is named. @default 1 */
  count?: number
  /** Until another machine comes, ISO 8601. @default 'PT0S' */
  absence?: string
}

/** How the next allocations of a pool fail. */
export interface AllocationFailure {
  /** Of the resize error. @default 'AllocationFailed' */
  code?: string
  /** Machines that come before it fails. @default 0 */
  nodes?: number
  /** How many allocations fail; 0 takes an earlier demand back. @default 1 */
  times?: number
}

/** How a node fails. */
export interface NodeFailure {
  /** Of the error that the node shows. @default 'DiskFull' */
  code?: string
  /** The node is not heard of any more: `unknown`, without an error. @default false: it is `unusable` */
  lost?: boolean
  /** Until it restarts by itself, ISO 8601. @default never */
  recovery?: string
}

/** Operations of an emulator that the service does not have; they reject with `BatchError`s as all others do. */
export interface EmulatorClient {
  /** Why a task, job, pool, node or job schedule is as it is. */
  why(resource: ResourcePath, options?: CallOptions): Promise<Explanation>
  /** Takes the machines of spot nodes of a pool, or of one node, away; the ids of the nodes. */
  preempt(resource: ResourcePath, preemption?: Preemption, options?: CallOptions): Promise<string[]>
  /** Lets the next allocations of machines for a pool fail, which need not exist yet. */
  failAllocation(poolId: string, failure?: AllocationFailure, options?: CallOptions): Promise<void>
  /** Lets a node fail; its state then. */
  failNode(poolId: string, nodeId: string, failure?: NodeFailure, options?: CallOptions): Promise<string>
  close(): Promise<void>
}

/** A client of an emulator. Nothing connects before the first call. */
export function createEmulatorClient(options: BatchClientOptions): EmulatorClient {
  const batch = createBatchClient(options)
  const send = <Body>(method: 'GET' | 'POST', path: ResourcePath, query: string, call?: CallOptions) =>
    batch.call(call, async (client, { abortSignal }) => {
      const url = [options.endpoint, 'malachite', ...path.map(encodeURIComponent)].join('/') + query
      const { status, parsedBody } = await client.sendRequest({
        method,
        url,
        ...(abortSignal && { abortSignal }),
      })
      const body: unknown = parsedBody
      if (status >= 300) throw refusal(status, body)
      return body as Body
    })
  return {
    why: (resource, call) => send<Explanation>('GET', ['why', ...resource], '', call),
    async preempt(resource, { count, absence } = {}, call) {
      const path = ['preempt', ...resource]
      const { nodes } = await send<{ nodes: string[] }>('POST', path, queryOf({ count, absence }), call)
      return nodes
    },
    async failAllocation(poolId, { code, nodes, times } = {}, call) {
      await send('POST', ['fail', 'pools', poolId], queryOf({ code, nodes, times }), call)
    },
    async failNode(poolId, nodeId, { code, lost, recovery } = {}, call) {
      const path = ['fail', 'pools', poolId, 'nodes', nodeId]
      const { state } = await send<{ state: string }>('POST', path, queryOf({ code, lost, recovery }), call)
      return state
    },
    close: () => batch.close(),
  }
}

/** The query of what is given. */
function queryOf(parameters: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined)
  return `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()}`
}

// The unmodified @azure/batch in this process, noting which operations were called and what came back over the wire.

import { BatchServiceClient, BatchSharedKeyCredentials } from '@azure/batch'
import type { Emulator } from '@malachite/emulator'
import { createAzureBlobBackend } from '@malachite/azure'
import { setTimeout as sleep } from 'node:timers/promises'

/** A client, its emulator, and what a story needs besides. */
export interface Stage {
  client: BatchServiceClient
  emulator: Emulator
  /** Creates a container; its URL with a SAS that may read, write and list. */
  createContainer: (name: string) => Promise<string>
  listBlobs: (container: string) => Promise<string[]>
}

/** A client of the emulator; lines such as `GET /pools/{poolId}` are added to `called` with every call. */
export function createStage(emulator: Emulator, called: Set<string>): Stage {
  const { url, account, key } = emulator.batch
  const blob = createAzureBlobBackend({ connectionString: emulator.blob?.connectionString ?? '' })
  const client = new BatchServiceClient(new BatchSharedKeyCredentials(account, key), url)
  const send = client.sendOperationRequest.bind(client)
  client.sendOperationRequest = (args, spec, callback) => {
    const path = spec.path ?? ''
    called.add(`${spec.httpMethod} ${path.startsWith('/') ? path : `/${path}`}`)
    return send(args, spec, callback)
  }
  return {
    client,
    emulator,
    createContainer: async (name) => {
      await blob.createContainer(name)
      const expiresOn = new Date(Date.now() + 3_600_000)
      const permissions = ['read', 'create', 'write', 'list'] as const
      return `${blob.url}/${name}?${await blob.containerSas(name, { permissions: [...permissions], expiresOn })}`
    },
    listBlobs: async (container) => {
      const names: string[] = []
      for await (const { name } of blob.listBlobs(container)) names.push(name)
      return names
    },
  }
}

/** Asks again until the answer is as wanted; the last answer after ten seconds. */
export async function until<T>(ask: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
  const end = Date.now() + 10_000
  for (;;) {
    const answer = await ask()
    if (wanted(answer) || Date.now() > end) return answer
    await sleep(20)
  }
}

/** Status and code of the error that a call ends with; the client reads no code where a file was asked for. */
export async function refusal(call: Promise<unknown>): Promise<[status: unknown, code: unknown]> {
  try {
    await call
  } catch (error) {
    const { statusCode, code } = error as { statusCode?: unknown; code?: unknown }
    return [statusCode, code]
  }
  return [undefined, 'it went through']
}

/** The content of a file that the client gives as a stream. */
export async function contentOf(file: {
  readableStreamBody?: NodeJS.ReadableStream | undefined
}): Promise<string> {
  let text = ''
  for await (const chunk of file.readableStreamBody ?? []) text += chunk.toString()
  return text
}

/** A pool of Linux nodes for the stories. */
export function poolOf(id: string, targetDedicatedNodes: number) {
  return {
    id,
    vmSize: 'STANDARD_D2S_V3',
    targetDedicatedNodes,
    virtualMachineConfiguration: {
      imageReference: { publisher: 'canonical', offer: '0001-com-ubuntu-server-jammy', sku: '22_04-lts' },
      nodeAgentSKUId: 'batch.node.ubuntu 22.04',
    },
  }
}

/** A pool whose nodes are idle. */
export async function addIdlePool({ client }: Stage, id: string, nodes = 1): Promise<string[]> {
  await client.pool.add(poolOf(id, nodes))
  const idle = await until(
    () => client.computeNode.list(id),
    (list) => list.length === nodes && list.every(({ state }) => state === 'idle'),
  )
  return idle.map((node) => node.id ?? '')
}

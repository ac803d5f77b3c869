// Where scenarios are played: on an emulator with real processes, or on its engine in virtual time. Both speak HTTP.

import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createEngine, type Engine, openStore, startEmulator } from '@malachite/emulator'
import { createBatchServer } from '../../emulator/src/http/server.ts'
import { createNodeFiles } from '../../emulator/src/node/files.ts'
import { createFakeRuntime, type Script } from '../helpers/fake-runtime.ts'
import { createVirtualClock } from '../helpers/virtual-clock.ts'

/** A service, and its time. */
export interface World {
  /** Sends `VERB /path`. */
  call(line: string, body: unknown): Promise<{ status: number; text: string }>
  /** Milliseconds between two looks at what is waited for. */
  pace: number
  /** Lets so many milliseconds go by. */
  pass(ms: number): Promise<void>
  close(): Promise<void>
}

/** An emulator; its tasks are processes. */
export async function openRealWorld(): Promise<World> {
  const emulator = await startEmulator({ blobPort: 'none' })
  const call = createClient(emulator.batch.url)
  return { call, pace: 50, pass: (ms) => sleep(ms), close: () => emulator.close() }
}

/** An engine that begins on the 1st of January 2026. A command takes as long as its `sleep` says, or a second. */
export async function openVirtualWorld(): Promise<World> {
  const clock = createVirtualClock()
  const runtime = createFakeRuntime({ clock, reports: () => engine.reports, script: scriptOf, boot: 60_000 })
  let ids = 0
  const engine: Engine = createEngine({
    store: openStore(':memory:'),
    clock,
    account: { name: 'scenarios' },
    newId: () => String(++ids).padStart(64, '0'),
    perform: (effects) => runtime.perform(effects),
  })
  // Nodes that are not there have no files.
  const files = { ...createNodeFiles(join(tmpdir(), 'none')), uploadLogs: () => Promise.resolve(0) }
  const server = createBatchServer({ engine, files })
  const call = createClient(await server.listen({ host: '127.0.0.1', port: 0 }))
  return {
    async call(line, body) {
      const answer = await call(line, body)
      clock.advance(0)
      return answer
    },
    pace: 1000,
    pass: (ms) => Promise.resolve(clock.advance(ms)),
    async close() {
      await server.close()
      engine.close()
    },
  }
}

function scriptOf(commandLine: string): Script {
  const [, seconds] = /sleep (\d+)/.exec(commandLine) ?? []
  return seconds === undefined ? {} : { duration: Number(seconds) * 1000 }
}

/** Signs with a token, as a program that is signed in to Entra ID does; the emulator believes any of the right form. */
function createClient(url: string): World['call'] {
  const authorization = `Bearer ${[{ alg: 'none' }, CLAIMS].map(encode).join('.')}.none`
  return async (line, body) => {
    const [method = '', path = ''] = line.split(' ')
    const version = path.startsWith('/malachite/') ? '' : 'api-version=2022-10-01.16.0'
    const response = await fetch(`${url}${path}${path.includes('?') ? '&' : '?'}${version}`, {
      method,
      headers: { authorization, 'content-type': 'application/json; odata=minimalmetadata' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return { status: response.status, text: await response.text() }
  }
}

const CLAIMS = {
  aud: 'https://batch.core.windows.net/',
  iss: 'https://sts.windows.net/00000000-0000-0000-0000-000000000000/',
  exp: 4_102_444_800,
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}

// The emulator as its users start it, a process of its own, and requests to it signed by the client's own code.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { BatchSharedKeyCredentials } from '@azure/batch'
import { type HttpMethods, WebResource } from '@azure/ms-rest-js'
import { execa } from 'execa'
import type { Shot } from './load.ts'

const MALACHITE = join(import.meta.dirname, '../../packages/cli/bin/malachite.mjs')

/** How to reach a running emulator. */
export interface Endpoints {
  batch: { url: string; account: string; key: string }
  blob: { url: string; connectionString: string }
}

/** A running emulator. */
export interface Service extends Endpoints {
  pid: number
  /** A directory for the run, which is deleted in the end. */
  directory: string
}

/** Runs `body` while an emulator runs, with these options besides its ports; `$DIR` in them is the run's directory. */
export async function withEmulator<T>(
  options: readonly string[],
  body: (service: Service) => Promise<T>,
): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'malachite-bench-'))
  const file = join(directory, 'endpoints.json')
  const args = ['emulator', '--silent', '--batchPort', '0', '--endpointsFile', file]
  const own = options.map((option) => option.replace('$DIR', directory))
  const emulator = execa(process.execPath, [MALACHITE, ...args, ...own], { reject: false })
  try {
    return await body({ ...(await readEndpoints(file)), pid: emulator.pid ?? 0, directory })
  } finally {
    emulator.kill('SIGTERM')
    await emulator
    rmSync(directory, { recursive: true })
  }
}

async function readEndpoints(file: string): Promise<Endpoints> {
  for (let left = 200; left > 0; left--) {
    try {
      return JSON.parse(readFileSync(file, 'utf8')) as Endpoints
    } catch {
      await sleep(50)
    }
  }
  throw new Error('the emulator did not start')
}

/** Makes a signed request of a path of the service. */
export type Shoot = (method: HttpMethods, path: string, body?: object) => Promise<Shot>

/** Requests signed by the client's own code. */
export function createShooter({ url, account, key }: Endpoints['batch']): Shoot {
  const credentials = new BatchSharedKeyCredentials(account, key)
  return async (method, path, body) => {
    const target = `${url}${path}${path.includes('?') ? '&' : '?'}api-version=2022-10-01.16.0`
    const text = body && JSON.stringify(body)
    const type = { 'content-type': 'application/json; odata=minimalmetadata; charset=utf-8' }
    const signed = await credentials.signRequest(new WebResource(target, method, text, {}, type))
    const headers = {
      ...signed.headers.rawHeaders(),
      ...(text && { 'content-length': `${Buffer.byteLength(text)}` }),
    }
    return { method, url: target, headers, ...(text !== undefined && { body: text }) }
  }
}

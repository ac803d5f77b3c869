// A run whose process is killed, for tests of what goes on with it. Proxies before both services write down what they
// were asked, and kill the command at the worst moment: when the service has done its part and the answer is lost.

import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createAzureBlobBackend } from '@malachite/azure'
import { startAzurite } from '@malachite/azurite'
import { startEmulator } from '@malachite/emulator'
import type { BlobBackend } from '@malachite/model'
import { expect } from 'vitest'
import { malachite, temporaryDirectory, type Running } from './command.ts'
import { startProxy, type Exchange, type Proxy } from './proxy.ts'

/** An emulator and Azurite behind proxies; they outlive the commands. */
export interface Services {
  batch: Proxy
  blob: Proxy
  /** The blobs, past the proxy. */
  storage: BlobBackend
  /** The client's variables. */
  environment: Record<string, string>
  /** Forgets what was seen, and lets every answer pass. */
  reset(): void
  close(): Promise<void>
}

/** Starts both services. */
export async function startServices(): Promise<Services> {
  const emulator = await startEmulator({ batchPort: 0, blobPort: 'none' })
  const azurite = await startAzurite()
  const batch = await startProxy(emulator.batch.url)
  const blob = await startProxy(azurite.url)
  const storage = createAzureBlobBackend({ connectionString: azurite.connectionString })
  const { port } = new URL(blob.url)
  return {
    batch,
    blob,
    storage,
    environment: {
      AZURE_BATCH_ACCOUNT: emulator.batch.account,
      AZURE_BATCH_ACCESS_KEY: emulator.batch.key,
      AZURE_BATCH_ENDPOINT: batch.url,
      AZURE_STORAGE_CONNECTION_STRING: azurite.connectionString.replace(`:${azurite.port}/`, `:${port}/`),
    },
    reset() {
      for (const proxy of [batch, blob]) {
        proxy.exchanges.length = 0
        proxy.onAnswer = () => false
      }
    },
    async close() {
      for (const resource of [storage, batch, blob, emulator, azurite]) await resource.close()
    },
  }
}

export const NAMES = ['a', 'b', 'c']
/** The first lines of the results of the inputs. */
export const RESULTS = NAMES.map((name) => `${name}:\t2`)
/** Begins a run over the three inputs. */
export const BEGIN = [...NAMES.map((name) => `${name}.txt`), '--backend', 'emulator', '--num-words', '1']

/** `malachite run` in a directory. */
export type Run = (args: readonly string[], env?: Record<string, string>) => Running

/** A directory with three inputs, and the command in it. */
export async function prepare({ environment }: Services): Promise<{ cwd: string; run: Run }> {
  const cwd = await temporaryDirectory()
  for (const name of NAMES) await writeFile(join(cwd, `${name}.txt`), `${name} ${name} other`)
  const run: Run = (args, env = {}) => malachite(['run', ...args], { cwd, env: { ...environment, ...env } })
  return { cwd, run }
}

/** Runs until the command gets the answer that `isMoment` picks: that never reaches it, it is killed once `isReady`. */
export async function runUntil(
  services: Services,
  run: Run,
  isMoment: (exchange: Exchange) => boolean,
  isReady: () => Promise<boolean> = async () => true,
): Promise<void> {
  const running = run(BEGIN)
  const { promise: reached, resolve } = Promise.withResolvers<'reached'>()
  const keep = (exchange: Exchange): boolean => {
    if (isFromNode(exchange) || !isMoment(exchange)) return false
    resolve('reached')
    return true
  }
  services.batch.onAnswer = keep
  services.blob.onAnswer = keep
  expect(await Promise.race([reached, running])).toBe('reached')
  await expect.poll(isReady, { timeout: 10_000 }).toBe(true)
  running.kill('SIGKILL')
  await running
  services.batch.onAnswer = () => false
  services.blob.onAnswer = () => false
}

/** Nodes have a SAS, the command signs its requests. */
function isFromNode({ query }: Exchange): boolean {
  return query.includes('sig=')
}

/** What was changed with success, by the command or by a task, or downloaded by the command, more than once. */
export function repetitions({ batch, blob }: Services): string[] {
  const done = [...batch.exchanges, ...blob.exchanges]
    .filter(({ status }) => status < 300)
    .filter(({ what }) => /^(PUT|POST|DELETE|PATCH) |^GET .*\/output\/./.test(what))
    .map(({ what }) => what)
  return done.filter((what, index) => done.indexOf(what) !== index)
}

/** The most frequent words of the files in the output directory, and nothing else may be in it. */
export async function results(cwd: string): Promise<string[]> {
  const names = (await readdir(join(cwd, 'output'))).sort()
  const texts = await Promise.all(names.map((name) => readFile(join(cwd, 'output', name), 'utf8')))
  return texts.map((text) => text.split('\n')[2] ?? '')
}

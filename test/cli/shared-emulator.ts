// An emulator for all tests of a file, and the command as somebody runs it who has its endpoints file.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmulator, type Emulator } from '@malachite/emulator'
import { afterAll, beforeAll, expect } from 'vitest'
import { poolBody } from '../helpers/virtual-engine.ts'
import { malachite, type CommandOptions } from './command.ts'

/** Starts it before the tests and ends it after them. */
export function useEmulator() {
  let emulator: Emulator
  let directory: string
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'malachite-cli-test-'))
    emulator = await startEmulator({ batchPort: 0, blobPort: 'none' })
    await writeFile(fileIn(), JSON.stringify({ pid: process.pid, batch: emulator.batch }))
  })
  afterAll(async () => {
    await emulator.close()
    await rm(directory, { recursive: true, force: true })
  })

  const fileIn = (): string => join(directory, 'endpoints.json')
  const environment = (more: CommandOptions['env'] = {}) => ({ MALACHITE_ENDPOINTS_FILE: fileIn(), ...more })

  const start = (args: string | readonly string[], { env, ...options }: CommandOptions = {}) =>
    malachite(typeof args === 'string' ? args.split(' ') : args, { ...options, env: environment(env) })

  return {
    engine: () => emulator.engine,
    batch: () => emulator.batch,
    endpointsFile: fileIn,
    /** Starts the command; words with blanks go into an array. */
    start,
    /** What the command printed, and its exit code. */
    run: async (args: string | readonly string[], options: CommandOptions = {}) => {
      const { stdout, stderr, exitCode } = await start(args, options)
      return { stdout, stderr, exitCode }
    },
    /** A pool with a node that takes tasks. */
    async pool(id: string, more: object = {}): Promise<string> {
      emulator.engine.pools.add(poolBody(id, more))
      const nodes = () => emulator.engine.nodes.list(id).items
      await expect.poll(() => nodes()[0]?.state).toBe('idle')
      return nodes()[0]?.id ?? ''
    },
  }
}

/** The body of a task that runs commands of bash. */
export function bashTask(id: string, script: string, more: object = {}) {
  return { id, commandLine: `/bin/bash -c '${script}'`, ...more }
}

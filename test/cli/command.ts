// The command as people run it: a process of the pinned Node, in a directory of its own, without a terminal.

import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { onTestFinished } from 'vitest'

/** What `malachite` is a link to. */
export const SCRIPT = fileURLToPath(new URL('../../packages/cli/bin/malachite.mjs', import.meta.url))

/** Variables that would change what the command does. */
const OURS = /^(MALACHITE_|AZURE_|AZURITE_)/

/** A directory that goes with the test. */
export async function temporaryDirectory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'malachite-cli-test-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}

/** An input that keeps a task busy for some seconds, with a name that no other process has in its arguments. */
export async function largeInput(directory: string): Promise<string> {
  const path = join(directory, `large-${randomUUID()}.txt`)
  const words = Array.from({ length: 20_000 }, (_, i) => `word${i % 977}`).join(' ')
  await writeFile(path, `${words}\n`.repeat(1000))
  return path
}

export interface CommandOptions {
  cwd?: string
  env?: Record<string, string | undefined>
}

/** The variables of a command in this directory, without those of whoever runs the tests. */
export function commandEnvironment(cwd: string): Record<string, string | undefined> {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OURS.test(name)))
  return { ...inherited, NO_COLOR: '1', XDG_STATE_HOME: join(cwd, 'state') }
}

/** Starts `malachite ARGUMENTS`. The promise resolves when it has ended, however that was. */
export function malachite(args: readonly string[], { cwd = tmpdir(), env = {} }: CommandOptions = {}) {
  return execa(process.execPath, [SCRIPT, ...args], {
    cwd,
    env: { ...commandEnvironment(cwd), ...env },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    timeout: 50_000,
    forceKillAfterDelay: 2000,
  })
}

/** A running command. */
export type Running = ReturnType<typeof malachite>

/** Resolves when standard output holds the text; rejects when the command ends without. */
export async function waitForOutput(running: Running, text: string): Promise<void> {
  const { promise: found, resolve } = Promise.withResolvers<'found'>()
  let seen = ''
  const look = (part: Buffer): void => {
    seen += part.toString()
    if (seen.includes(text)) resolve('found')
  }
  running.stdout.on('data', look)
  const outcome = await Promise.race([found, running])
  running.stdout.removeListener('data', look)
  if (outcome !== 'found') throw new Error(`It ended without printing "${text}": ${seen}${outcome.stderr}`)
}

/** How the emulator says that it is ready; its URL follows. */
export const READY = 'Batch service is successfully listening at '

/** The endpoints file of an emulator with Azurite. */
export interface Endpoints {
  pid: number
  batch: { url: string; account: string; key: string }
  blob: { url: string; account: string; connectionString: string }
}

/** Starts `malachite emulator` on free ports and resolves when it is ready. It ends with the test. */
export async function startEmulatorCommand(...flags: string[]) {
  const file = join(await temporaryDirectory(), 'endpoints.json')
  const args = ['emulator', '--batchPort', '0', '--blobPort', '0', '--endpointsFile', file, ...flags]
  const running = malachite(args)
  onTestFinished(async () => {
    running.kill('SIGTERM')
    await running
  })
  await waitForOutput(running, READY)
  return { running, file, endpoints: JSON.parse(await readFile(file, 'utf8')) as Endpoints }
}

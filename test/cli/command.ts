// The command as people run it: a process of the pinned Node, in a directory of its own, without a terminal.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { onTestFinished } from 'vitest'

const SCRIPT = fileURLToPath(new URL('../../packages/cli/bin/malachite.mjs', import.meta.url))

/** Variables that would change what the command does. */
const OURS = /^(MALACHITE_|AZURE_|AZURITE_)/

/** A directory that goes with the test. */
export async function temporaryDirectory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'malachite-cli-test-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}

export interface CommandOptions {
  cwd?: string
  env?: Record<string, string | undefined>
}

/** Starts `malachite ARGUMENTS`. The promise resolves when it has ended, however that was. */
export function malachite(args: readonly string[], { cwd = tmpdir(), env = {} }: CommandOptions = {}) {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OURS.test(name)))
  return execa(process.execPath, [SCRIPT, ...args], {
    cwd,
    env: { ...inherited, NO_COLOR: '1', ...env },
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
  let seen = ''
  for await (const line of running.iterable()) {
    seen += `${line}\n`
    if (seen.includes(text)) return
  }
  const { stderr } = await running
  throw new Error(`The command ended without printing "${text}": ${seen}${stderr}`)
}

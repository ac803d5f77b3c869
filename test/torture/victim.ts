// The emulator as a process of its own, to be killed: what it prints, the launchers below it, and what its tasks run.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { allProcesses, type Process } from './processes.ts'

const MALACHITE = join(import.meta.dirname, '../../packages/cli/bin/malachite.mjs')
const READY = 'Batch service is successfully listening at '
/** Milliseconds in which a start or an orderly end is over, also on a machine that has other things to do. */
const LIMIT = 30_000

/** How the emulator comes to its end. */
export const ENDS = [
  'SIGKILL',
  'SIGKILL with launchers',
  'SIGKILL after launchers',
  'SIGTERM',
  'SIGINT',
] as const
export type End = (typeof ENDS)[number]

/** One life of the emulator. */
export interface Victim {
  /** Resolves with its URL; `undefined` when it ended before it was ready. */
  ready: Promise<string | undefined>
  /** Kills one of its launchers. */
  killLauncher(): void
  /**
   * Ends it in one of the ways and waits until it is gone. Answers what is wrong about that: an orderly end has exit code 0,
   * and nothing is ever said on standard error.
   */
  end(how: End): Promise<string[]>
}

/** Starts the emulator on a location. */
export function startVictim(location: string): Victim {
  const args = ['emulator', '--silent', '--blobPort', 'none', '--batchPort', '0', '--location', location]
  const child = spawn(process.execPath, [MALACHITE, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const exited = once(child, 'close') as Promise<[code: number | null]>
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  return {
    ready: readUrl(child, exited),
    killLauncher: () => kill(launchersOf(child).slice(0, 1), 'SIGKILL'),
    async end(how) {
      endBy(how, child)
      const result = await Promise.race([exited, sleep(LIMIT, undefined, { ref: false })])
      if (!result) return [`it did not end within ${LIMIT} ms after ${how}`]
      const [code] = result
      // Before it is ready, or killed, it has no exit code.
      return [
        ...(code === null || (isOrderly(how) && code === 0)
          ? []
          : [`at ${how} it had the exit code ${code}`]),
        ...(errors === '' ? [] : [`it wrote to standard error: ${errors}`]),
      ]
    },
  }
}

async function readUrl(child: ChildProcess, exited: Promise<unknown>): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string>()
  let text = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString()
    const url = new RegExp(`${READY}(\\S+)\n`).exec(text)?.[1]
    if (url !== undefined) resolve(url)
  })
  return Promise.race([promise, exited.then(() => undefined)])
}

function isOrderly(how: End): how is 'SIGTERM' | 'SIGINT' {
  return how === 'SIGTERM' || how === 'SIGINT'
}

function endBy(how: End, child: ChildProcess): void {
  if (isOrderly(how) || how === 'SIGKILL') return void child.kill(how)
  const self = { pid: child.pid ?? 0 }
  const launchers = launchersOf(child)
  kill(how === 'SIGKILL with launchers' ? [self, ...launchers] : [...launchers, self], 'SIGKILL')
}

function launchersOf({ pid }: ChildProcess): Process[] {
  return allProcesses().filter(({ parent }) => parent === pid)
}

function kill(processes: readonly Pick<Process, 'pid'>[], signal: NodeJS.Signals): void {
  for (const { pid } of processes) {
    try {
      process.kill(pid, signal)
    } catch (error) {
      // It ended by itself.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
}

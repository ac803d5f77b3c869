// Starts processes through small helper processes instead of from the emulator itself.
//
// Why: libuv forks, and a fork copies the page tables of the whole parent while the event loop waits. A spawn from a
// process of 57 MB takes 1.1 ms, of 157 MB 4.9 ms, of 357 MB 12.5 ms; the emulator with Azurite in it is that big, a
// launcher (9 MB of its own) is not. /bin/true, two at a time, with directories and output files, on 2 shared cores,
// medians: spawned by an emulator of 157 MB 120/s; through one launcher 560/s, through two 740/s; a launcher in Perl
// 840/s. In the same minutes xargs -P2 without any files: 1,400/s, GNU parallel -j2: about 200/s.
// A launcher also outlives a killed emulator for as long as it takes to kill the tasks' processes.

import { fork, type ChildProcess } from 'node:child_process'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import type { KillRequest, LaunchReply, LaunchRequest } from './launcher-process.ts'

/** The error of a launch whose helper ended before it, or that came after `close()`. */
export const LAUNCHER_LOST = 'ELAUNCHER'

/** What to start. */
export type Launch = Omit<LaunchRequest, 'id'>

/** How it ended: the exit code or the negative signal number, or the system's code for why it never started. */
export type LaunchEnd = { exitCode: number } | { error: string }

/** A process that was started, or is being. */
export interface Launched {
  readonly ended: Promise<LaunchEnd>
  /** Signals the whole process group; does nothing once the process has ended. */
  kill(signal: KillRequest['signal']): void
}

/** Starts processes. */
export interface Launcher {
  /** Starts the helpers, so that the first launch does not wait for them (about 40 ms). */
  warmUp(): void
  launch(launch: Launch): Launched
  /** Kills what runs and waits for the helpers to end. Calling it again does nothing. */
  close(): Promise<void>
}

/** @param helpers how many launch at the same time; default 2 */
export function createLauncher({ helpers = 2 }: { helpers?: number } = {}): Launcher {
  const slots: (Helper | undefined)[] = Array.from({ length: helpers })
  let nextId = 0
  let closed: Promise<void> | undefined

  const helper = (index: number): Helper => {
    const alive = slots[index]
    return alive && !alive.isGone() ? alive : (slots[index] = startHelper())
  }
  return {
    warmUp() {
      if (!closed) for (const index of slots.keys()) helper(index)
    },
    launch(launch) {
      if (closed) return { ended: Promise.resolve({ error: LAUNCHER_LOST }), kill: () => {} }
      const id = nextId++
      return helper(id % helpers).launch({ id, ...launch })
    },
    close: () => (closed ??= closeAll(slots)),
  }
}

async function closeAll(helpers: readonly (Helper | undefined)[]): Promise<void> {
  await Promise.all(helpers.flatMap((helper) => helper?.close() ?? []))
}

type Helper = ReturnType<typeof startHelper>

function startHelper() {
  const child = forkHelper()
  const waiting = new Map<number, (end: LaunchEnd) => void>()
  const gone = new Promise<void>((resolve) => {
    child.once('exit', resolve)
    child.once('error', () => resolve())
  })
  const settle = (id: number, end: LaunchEnd): void => {
    const resolve = waiting.get(id)
    waiting.delete(id)
    // The program that uses the emulator may end by itself, but not while a task runs.
    if (waiting.size === 0) child.channel?.unref()
    resolve?.(end)
  }
  child.on('message', ({ id, ...end }: LaunchReply) => settle(id, end))
  void gone.then(() => {
    for (const id of waiting.keys()) settle(id, { error: LAUNCHER_LOST })
  })

  return {
    isGone: () => !child.connected,
    launch(request: LaunchRequest): Launched {
      const { id } = request
      const ended = new Promise<LaunchEnd>((resolve) => waiting.set(id, resolve))
      child.channel?.ref()
      send(child, request, () => settle(id, { error: LAUNCHER_LOST }))
      return {
        ended,
        kill: (signal) => {
          if (waiting.has(id)) send(child, { kill: id, signal }, () => {})
        },
      }
    },
    async close(): Promise<void> {
      child.ref()
      if (child.connected) child.disconnect()
      await gone
    },
  }
}

/** `onLost` is called when the helper is gone; what it was running is settled by its exit. */
function send(child: ChildProcess, message: LaunchRequest | KillRequest, onLost: () => void): void {
  child.send(message, (error) => {
    if (error) onLost()
  })
}

function forkHelper(): ChildProcess {
  const file = join(import.meta.dirname, `launcher-process${extname(import.meta.filename)}`)
  const child = fork(file, {
    // Not in our process group: Ctrl-C is for the emulator, which then ends the tasks in its own way.
    detached: true,
    // The compiler of types stays out of memory when its result is cached: 9 MB to fork instead of 22 MB.
    env: { NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? join(tmpdir(), 'node-compile-cache') },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  child.unref()
  child.channel?.unref()
  return child
}

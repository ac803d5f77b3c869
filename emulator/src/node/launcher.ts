// Starts processes through small helper processes instead of from the emulator itself.
//
// Why: libuv forks, and a fork copies the page tables of the whole parent while the event loop waits. A spawn from a
// process of 57 MB takes 1.1 ms, of 157 MB 4.9 ms, of 357 MB 12.5 ms; the emulator with Azurite in it is that big.
// /bin/true, two at a time, on 2 shared cores: spawned by an emulator of 157 MB 120/s, by a bare Node of 89 MB 640 to
// 700/s, by execa in it 240/s; through two Node helpers (50 MB each) 950 to 1,150/s, through one in Perl (6 MB) 1,100/s,
// through two 1,200 to 1,400/s; xargs -P2 1,600/s. In turns on a busy machine: two helpers in Perl 840/s (1.33 ms of
// processor time each, this process's included), two in Python (9 MB) 990/s (0.90 ms), xargs 810/s (0.98 ms).
// A helper also outlives a killed emulator for as long as it takes to kill the tasks' processes. Those of a helper that
// was killed itself are found by what they carry (orphans.ts).

import { closeSync, openSync } from 'node:fs'
import { type Helper, type HelperOutput, type Launch, type Launched, LAUNCHER_LOST } from './launch.ts'
import { startHelper } from './launcher-frames.ts'
import { startNodeHelper } from './launcher-node.ts'
import { findPerl } from './launcher-perl.ts'
import { findPython } from './launcher-python.ts'

/** Starts processes. */
export interface Launcher {
  /** Starts the helpers, so that the first launch does not wait for them (about 20 ms, 40 ms in Node). */
  warmUp(): void
  launch(launch: Launch): Launched
  /** Kills what runs and waits for the helpers to end. Calling it again does nothing. */
  close(): Promise<void>
}

/** The fastest first, each with how to find it; Node is there. */
const PROGRAMS = { python: findPython, perl: findPerl, node: () => undefined }

/** What a helper is written in. */
export type LauncherKind = keyof typeof PROGRAMS

/** Which helpers, and how many launch at the same time. */
export interface LauncherOptions {
  /** @default the first of them that this machine has */
  kind?: LauncherKind
  /** @default 2 */
  helpers?: number
  /** The helpers' standard output, an empty file: by it `endOrphans` finds those of a killed emulator. @default none */
  mark?: string
}

export function createLauncher(options: LauncherOptions = {}): Launcher {
  const { kind, helpers = 2, mark } = options
  const program = kind ? PROGRAMS[kind]() : (findPython() ?? findPerl())
  const start = (): Helper =>
    withOutput(mark, (stdout) => (program ? startHelper(program, stdout) : startNodeHelper(stdout)))
  const slots: (Helper | undefined)[] = Array.from({ length: helpers })
  let nextId = 0
  let closed: Promise<void> | undefined

  const helper = (index: number): Helper => {
    const alive = slots[index]
    return alive && !alive.isGone() ? alive : (slots[index] = start())
  }
  return {
    warmUp() {
      if (!closed) for (const index of slots.keys()) helper(index)
    },
    launch(launch) {
      if (closed) return { ended: Promise.resolve({ error: LAUNCHER_LOST }), kill: () => {} }
      const id = nextId++
      return helper(id % helpers).launch(id, launch)
    },
    close: () => (closed ??= closeAll(slots)),
  }
}

/** The kinds that this machine has. */
export function launcherKinds(): LauncherKind[] {
  const kinds = Object.keys(PROGRAMS) as LauncherKind[]
  return kinds.filter((kind) => kind === 'node' || PROGRAMS[kind]() !== undefined)
}

/** The helper inherits the file; here it is closed again. */
function withOutput(path: string | undefined, start: (output: HelperOutput) => Helper): Helper {
  if (path === undefined) return start('ignore')
  const output = openSync(path, 'a', 0o600)
  try {
    return start(output)
  } finally {
    closeSync(output)
  }
}

async function closeAll(helpers: readonly (Helper | undefined)[]): Promise<void> {
  await Promise.all(helpers.flatMap((helper) => helper?.close() ?? []))
}

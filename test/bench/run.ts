// Runs benchmarks one after the other, each in a process group of its own and below directories of its own, and leaves
// nothing behind: not when one fails, and not when the run is interrupted.

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Measurement } from './bench.ts'
import { coresInUse } from './machine.ts'
import type { Form, Machine, Result } from './report.ts'

/** A file system in memory, on Linux. */
const MEMORY = '/dev/shm'
/** Milliseconds that processes have to end before they are killed. */
const PATIENCE = 10_000

/** Runs one benchmark. Throws what went wrong, or the signal's reason. */
export async function runBenchmark(
  name: string,
  form: Form,
  { machine, signal }: { machine: Machine; signal: AbortSignal },
): Promise<Result> {
  const loadBefore = await coresInUse()
  const places = openPlaces()
  const [date, begin] = [new Date().toISOString(), performance.now()]
  try {
    const measurement = await measureIn(places, [name, form, places.memory], signal)
    const seconds = Math.round((performance.now() - begin) / 1000)
    return { name, form, date, seconds, loadBefore, machine, ...measurement }
  } finally {
    for (const path of new Set(Object.values(places))) rmSync(path, { recursive: true, force: true })
  }
}

/** Directories on the disk and in memory; both on the disk where there is no file system in memory. */
function openPlaces() {
  const prefix = 'malachite-bench-'
  const disk = mkdtempSync(join(tmpdir(), prefix))
  return { disk, memory: existsSync(MEMORY) ? mkdtempSync(join(MEMORY, prefix)) : disk }
}

async function measureIn(
  { disk }: { disk: string },
  args: readonly string[],
  signal: AbortSignal,
): Promise<Measurement> {
  signal.throwIfAborted()
  const env = { ...process.env, TMPDIR: disk }
  const child = fork(join(import.meta.dirname, 'child.ts'), args, { env, detached: true })
  const stop = (): void => void signalGroup(child.pid, 'SIGTERM')
  signal.addEventListener('abort', stop)
  try {
    const found: Measurement[] = []
    child.on('message', (message) => found.push(message as Measurement))
    const [code, by] = (await once(child, 'exit')) as [number | null, string | null]
    signal.throwIfAborted()
    const [measurement] = found
    if (!measurement) throw new Error(`it ended with ${by ?? `exit code ${code}`} before it had a result`)
    return measurement
  } finally {
    signal.removeEventListener('abort', stop)
    await endGroup(child.pid)
  }
}

/** Waits until all processes of the group are gone; asks them to go, then makes them. */
async function endGroup(pid: number | undefined): Promise<void> {
  signalGroup(pid, 'SIGTERM')
  for (let waited = 0; waited < PATIENCE && isThere(pid); waited += 50) await sleep(50)
  signalGroup(pid, 'SIGKILL')
}

function isThere(pid: number | undefined): boolean {
  return signalGroup(pid, 0)
}

/** Whether there was a process to get it. */
function signalGroup(pid: number | undefined, signal: NodeJS.Signals | 0): boolean {
  if (pid === undefined) return false
  try {
    return process.kill(-pid, signal)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false
    throw error
  }
}

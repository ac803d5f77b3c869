// What a start of the emulator takes, without blobs, beside Azurite's: both as commands of their own, in turn, so that
// what else the machine does meets them alike. Blobs are left out because they are Azurite.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Measurement, round } from './bench.ts'
import { median } from './load.ts'

const ROUNDS = 9
/** Milliseconds after which a service that is not ready is ended. */
const LIMIT = 20_000
/** Milliseconds from the command to its readiness, and megabytes resident then. */
const TIME_BOUND = 300
const MEMORY_BOUND = 90

interface Start {
  milliseconds: number
  megabytes: number
}

interface Service {
  command: readonly string[]
  /** What it prints when it takes requests. */
  ready: RegExp
}

export async function measureStart(): Promise<Measurement> {
  const directory = mkdtempSync(join(tmpdir(), 'malachite-bench-'))
  try {
    const [ours = [], azurites = []] = await takeTurns([malachite(), azurite(directory)])
    return describe(ours, azurites)
  } finally {
    rmSync(directory, { recursive: true })
  }
}

function malachite(): Service {
  const bin = join(import.meta.dirname, '../../packages/cli/bin/malachite.mjs')
  const args = ['emulator', '--blobPort', 'none', '--batchPort', '0']
  return { command: [bin, ...args], ready: /Batch service is successfully listening/ }
}

function azurite(directory: string): Service {
  const ours = join(import.meta.dirname, '../../packages/azurite/package.json')
  const bin = createRequire(ours).resolve('azurite/dist/src/blob/main.js')
  const args = ['--location', directory, '--blobPort', '0', '--disableTelemetry', '--silent']
  return { command: [bin, ...args], ready: /Blob service successfully listens/ }
}

async function takeTurns(services: readonly Service[]): Promise<Start[][]> {
  const starts: Start[][] = services.map(() => [])
  // The first round fills the caches of files and of compiled modules and does not count.
  for (let turn = -1; turn < ROUNDS; turn++) {
    for (const [i, service] of services.entries()) {
      const start = await startOnce(service)
      if (turn >= 0) starts[i]?.push(start)
    }
  }
  return starts
}

async function startOnce({ command, ready }: Service): Promise<Start> {
  const begin = performance.now()
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'inherit'], timeout: LIMIT })
  const ended = once(child, 'exit')
  try {
    await printed(child, ready)
    return { milliseconds: performance.now() - begin, megabytes: residentMegabytes(child.pid ?? 0) }
  } finally {
    child.kill('SIGTERM')
    await ended
  }
}

async function printed({ stdout }: ChildProcess, ready: RegExp): Promise<void> {
  let text = ''
  for await (const chunk of stdout?.iterator({ destroyOnReturn: false }) ?? []) {
    text += String(chunk)
    if (ready.test(text)) return
  }
  throw new Error(`a service ended before it was ready: ${text}`)
}

/** Memory of a process as the system counts it. */
function residentMegabytes(pid: number): number {
  const [, kilobytes = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Math.round(Number(kilobytes) / 1024)
}

function describe(ours: readonly Start[], azurites: readonly Start[]): Measurement {
  const [time, azuriteTime] = [ours, azurites].map((starts) => spreadOf(starts, 'milliseconds'))
  const [memory, azuriteMemory] = [ours, azurites].map((starts) => spreadOf(starts, 'megabytes'))
  if (!time || !azuriteTime || !memory || !azuriteMemory) throw new Error('nothing was measured')
  return {
    name: `start: median (least to most) of ${ROUNDS}, in turn with Azurite's`,
    figures: {
      'ready, ms': time.text,
      'Azurite (blobs only) ready, ms': azuriteTime.text,
      'memory when ready, MB resident': memory.text,
      'Azurite (blobs only), MB resident': azuriteMemory.text,
    },
    ratios: {
      'time ÷ Azurite’s (less is better)': round(time.median / azuriteTime.median),
      'memory ÷ Azurite’s (less is better)': round(memory.median / azuriteMemory.median),
    },
    bounds: [
      [`ready in less than ${TIME_BOUND} ms`, time.median < TIME_BOUND],
      [`less than ${MEMORY_BOUND} MB resident`, memory.median < MEMORY_BOUND],
    ],
  }
}

function spreadOf(starts: readonly Start[], what: keyof Start): { median: number; text: string } {
  const values = starts.map((start) => start[what])
  const middle = median(values)
  const text = `${Math.round(middle)} (${Math.round(Math.min(...values))} to ${Math.round(Math.max(...values))})`
  return { median: middle, text }
}

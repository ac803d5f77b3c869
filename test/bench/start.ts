// What a start of the emulator takes, without blobs, beside Azurite's: both as commands of their own, in turn, so that
// what else the machine does meets them alike. Blobs are left out because they are Azurite.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Measurement } from './bench.ts'

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

/** Starts each of the two this many times. */
export async function measureStart({ rounds }: { rounds: number }): Promise<Measurement> {
  const directory = mkdtempSync(join(tmpdir(), 'malachite-bench-'))
  try {
    const [ours = [], azurites = []] = await takeTurns([malachite(), azurite(directory)], rounds)
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

async function takeTurns(services: readonly Service[], rounds: number): Promise<Start[][]> {
  const starts: Start[][] = services.map(() => [])
  // The first round fills the caches of files and of compiled modules and does not count.
  for (let turn = -1; turn < rounds; turn++) {
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
  const row = (what: string, unit: string, member: keyof Start, limit: number) => ({
    what,
    unit,
    better: 'less' as const,
    ours: ours.map((start) => start[member]),
    peer: {
      name: 'Azurite (blobs only)',
      values: azurites.map((start) => start[member]),
      kind: 'measured' as const,
    },
    bound: { limit },
  })
  return {
    title: `${ours.length} starts of the emulator without blobs, in turn with Azurite's`,
    rows: [
      row('from the command to the first request', 'ms', 'milliseconds', TIME_BOUND),
      row('memory when it is ready', 'MB', 'megabytes', MEMORY_BOUND),
    ],
  }
}

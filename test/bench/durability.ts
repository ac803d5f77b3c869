// What each mode of durability costs a change: tasks added one by one to the engine, nothing between it and the disk.
// The peer is the disk itself: 4 KB appended to a file, and the wait until they are there.

import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type HostOptions, openBatchHost } from '@malachite/emulator'
import { type Measurement, round } from './bench.ts'
import { median } from './load.ts'

const ROUNDS = 5
const CHANGES = 400
/** How many times as long as the disk's own wait a change with `fsync` may take. */
const BOUND = 3

const MODES: Record<string, (location: string) => HostOptions> = {
  'in memory': () => ({}),
  '--location': (location) => ({ location }),
  '--location --fsync': (location) => ({ location, fsync: true }),
}

export async function measureDurability(): Promise<Measurement> {
  const names = Object.keys(MODES)
  const times = new Map<string, number[]>(names.map((name) => [name, []]))
  const waits: number[] = []
  // In turn, so that what else the machine and its disk do meets all alike.
  for (let turn = 0; turn < ROUNDS; turn++) {
    for (const name of names) times.get(name)?.push(await inDirectory((path) => addTasks(name, path)))
    waits.push(await inDirectory(appendAndWait))
  }
  const [memory = 0, location = 0, fsync = 0] = names.map((name) => median(times.get(name) ?? []))
  const disk = median(waits)
  return {
    name: `durability: a task added, median of ${CHANGES}, median of ${ROUNDS} rounds`,
    figures: {
      'in memory, ms': round(memory),
      '--location, ms': round(location),
      '--location --fsync, ms': round(fsync),
      'the disk: 4 KB appended and synced, ms': round(disk),
    },
    ratios: {
      '--location ÷ in memory (less is better)': round(location / memory),
      '--fsync ÷ the disk’s own wait (less is better)': round(fsync / disk),
    },
    bounds: [[`with --fsync at most ${BOUND} × the disk’s own wait`, fsync <= BOUND * disk]],
  }
}

async function inDirectory(measure: (path: string) => Promise<number> | number): Promise<number> {
  const path = mkdtempSync(join(tmpdir(), 'malachite-bench-'))
  try {
    return await measure(path)
  } finally {
    rmSync(path, { recursive: true })
  }
}

/** Milliseconds of one. */
async function addTasks(mode: string, path: string): Promise<number> {
  const host = openBatchHost(MODES[mode]?.(path))
  try {
    host.engine.jobs.add({ id: 'job', poolInfo: { poolId: 'none' } })
    return medianTime((i) => host.engine.tasks.add('job', { id: `task${i}`, commandLine: '/bin/true' }))
  } finally {
    await host.close()
  }
}

function appendAndWait(path: string): number {
  const file = openSync(join(path, 'file'), 'w')
  const page = Buffer.alloc(4096, 1)
  try {
    return medianTime(() => {
      writeSync(file, page)
      fsyncSync(file)
    })
  } finally {
    closeSync(file)
  }
}

function medianTime(change: (i: number) => unknown): number {
  const times = Array.from({ length: CHANGES }, (_, i) => {
    const start = performance.now()
    change(i)
    return performance.now() - start
  })
  return median(times)
}

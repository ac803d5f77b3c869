// What each mode of durability costs a change: tasks added one by one to the engine, nothing between it and the disk.
// The peer is the disk itself: 4 KB appended to a file, and the wait until they are there.

import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type HostOptions, openBatchHost } from '@malachite/emulator'
import type { Measurement, Peer, Row } from './bench.ts'
import { median } from './statistics.ts'

/** How many times as long as the disk's own wait a change with `fsync` may take. */
const BOUND = 3

const MODES: Record<string, (location: string) => HostOptions> = {
  'in memory': () => ({}),
  '--location': (location) => ({ location }),
  '--location --fsync': (location) => ({ location, fsync: true }),
}

/** How often and of how many changes. */
interface Amount {
  rounds: number
  changes: number
}

/** Milliseconds of one change in each mode, and of the disk's own wait. */
export async function measureDurability({ rounds, changes }: Amount): Promise<Measurement> {
  const names = Object.keys(MODES)
  const times = new Map<string, number[]>(names.map((name) => [name, []]))
  const waits: number[] = []
  // In turn, so that what else the machine and its disk do meets all alike.
  for (let turn = 0; turn < rounds; turn++) {
    for (const name of names)
      times.get(name)?.push(await inDirectory((path) => addTasks(name, path, changes)))
    waits.push(await inDirectory((path) => appendAndWait(path, changes)))
  }
  const ours = (mode: string): number[] => times.get(mode) ?? []
  const row = (mode: string, peer?: Peer): Row => ({
    what: `a task added, ${mode}`,
    unit: 'ms',
    better: 'less',
    ours: ours(mode),
    ...(peer && { peer }),
  })
  const disk: Peer = { name: 'the disk: 4 KB appended and synced', values: waits, kind: 'measured' }
  return {
    title: `tasks added one by one to the engine, median of ${changes}, in turn with the bare disk`,
    rows: [
      row('in memory'),
      row('--location', { name: 'in memory', values: ours('in memory'), kind: 'own' }),
      { ...row('--location --fsync', disk), bound: { timesPeer: BOUND } },
    ],
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
async function addTasks(mode: string, path: string, changes: number): Promise<number> {
  const host = openBatchHost(MODES[mode]?.(path))
  try {
    host.engine.jobs.add({ id: 'job', poolInfo: { poolId: 'none' } })
    return medianTime(changes, (i) =>
      host.engine.tasks.add('job', { id: `task${i}`, commandLine: '/bin/true' }),
    )
  } finally {
    await host.close()
  }
}

function appendAndWait(path: string, changes: number): number {
  const file = openSync(join(path, 'file'), 'w')
  const page = Buffer.alloc(4096, 1)
  try {
    return medianTime(changes, () => {
      writeSync(file, page)
      fsyncSync(file)
    })
  } finally {
    closeSync(file)
  }
}

function medianTime(count: number, change: (i: number) => unknown): number {
  const times = Array.from({ length: count }, (_, i) => {
    const start = performance.now()
    change(i)
    return performance.now() - start
  })
  return median(times)
}

// How long a task waits when a slot is free: from the reply to its addition to the moment that its program runs, by the
// program's own clock. One task at a time, through HTTP, to an emulator that keeps everything. Beside it, in turn, what a
// bare Node takes to start the same program. (The service takes seconds.)

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { Agent } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Measurement, Row, Series } from './bench.ts'
import { measureAll, send } from './load.ts'
import { createShooter, type Service, type Shoot, withEmulator } from './service.ts'
import { quantile } from './statistics.ts'

/** The first tasks find nothing warm and do not count. */
const WARM_UP = 20
/** It prints the nanoseconds since 1970, half a millisecond after its start. */
const PROGRAM = ['/bin/date', '+%s%N'] as const
/** Milliseconds; less cannot be told apart. On a busy machine the program can run before the reply to it is read. */
const LEAST = 0.1
/** Milliseconds between two tasks, so that none meets what another leaves to do. */
const PAUSE = 10
/** Milliseconds for the middle one, and for 99 of 100. */
const MEDIAN_BOUND = 10
const P99_BOUND = 50

/** How often and of how many tasks. */
interface Amount {
  rounds: number
  /** In each round. */
  tasks: number
}

/** Milliseconds of each task of each round. */
interface Delays {
  ours: number[][]
  bare: number[][]
}

/** Adds the tasks one at a time, each followed by a bare start of the same program. */
export function measureLatency(amount: Amount): Promise<Measurement> {
  return withEmulator(['--blobPort', 'none', '--location', '$DIR/location'], (service) =>
    measure(service, amount),
  )
}

async function measure({ batch, directory }: Service, { rounds, tasks }: Amount): Promise<Measurement> {
  const shoot = createShooter(batch)
  const nodeId = await openJob(shoot, batch.url)
  const root = join(directory, 'location/nodes', nodeId, 'workitems/job/job-1')
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const delays: Delays = { ours: [], bare: [] }
  try {
    for (let round = -1; round < rounds; round++) {
      const [ours, bare]: [number[], number[]] = [[], []]
      for (let i = 0; i < (round < 0 ? WARM_UP : tasks); i++) {
        const id = `task${round}-${i}`
        ours.push(await delayOfTask(shoot, agent, id, join(root, id, 'stdout.txt')))
        bare.push(await delayOfSpawn())
      }
      if (round >= 0) delays.ours.push(ours)
      if (round >= 0) delays.bare.push(bare)
    }
  } finally {
    agent.destroy()
  }
  return describe(delays)
}

function describe({ ours, bare }: Delays): Measurement {
  const row = (what: string, part: number, limit: number): Row => ({
    what,
    unit: 'ms',
    better: 'less',
    ours: ours.map((delays) => quantile(delays, part)),
    peer: {
      name: 'a bare spawn by Node',
      values: bare.map((delays) => quantile(delays, part)),
      kind: 'measured',
    },
    bound: { limit },
  })
  return {
    title: `${ours.flat().length} tasks, one at a time, from the reply to the running program`,
    rows: [
      row('half of the programs run within', 0.5, MEDIAN_BOUND),
      row('99 of 100 run within', 0.99, P99_BOUND),
    ],
    series: [shares('Malachite', ours.flat()), shares('a bare spawn by Node', bare.flat())],
  }
}

/** Which part of the tasks, percent, waited no longer than how many milliseconds. */
function shares(name: string, delays: readonly number[]): Series {
  const points = Array.from({ length: 101 }, (_, percent): [number, number] => [
    Number(quantile(delays, percent / 100).toFixed(3)),
    percent,
  ])
  return { chart: 'latency', name, points }
}

/** The id of the only node of the job's pool, once it is idle. */
async function openJob(shoot: Shoot, url: string): Promise<string> {
  const pool = {
    id: 'pool',
    vmSize: 'standard_d2s_v3',
    virtualMachineConfiguration: {
      imageReference: { publisher: 'canonical', offer: 'ubuntu-24_04-lts', sku: 'server' },
      nodeAgentSKUId: 'batch.node.ubuntu 24.04',
    },
    targetDedicatedNodes: 1,
  }
  await measureAll([await shoot('POST', '/pools', pool)])
  await measureAll([await shoot('POST', '/jobs', { id: 'job', poolInfo: { poolId: 'pool' } })])
  for (let left = 200; left > 0; left--) {
    const { headers, url: target } = await shoot('GET', "/pools/pool/nodes?$filter=state eq 'idle'")
    const answer = await fetch(target, { headers })
    const { value } = (await answer.json()) as { value: { id: string }[] }
    if (value[0]) return value[0].id
    await sleep(20)
  }
  throw new Error(`no node of ${url} became idle`)
}

async function delayOfTask(shoot: Shoot, agent: Agent, id: string, stdout: string): Promise<number> {
  const shot = await shoot('POST', '/jobs/job/tasks', { id, commandLine: PROGRAM.join(' ') })
  await sleep(PAUSE)
  const now = openClock()
  await send(agent, shot)
  const answered = now()
  return Math.max(LEAST, startedAt(await written(stdout)) - answered)
}

async function delayOfSpawn(): Promise<number> {
  await sleep(PAUSE)
  const begun = openClock()()
  const [program, ...args] = PROGRAM
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [output] = await Promise.all([text(child.stdout), once(child, 'exit')])
  return Math.max(LEAST, startedAt(output) - begun)
}

/** The file's text once its line is complete; asked seldom, so that asking does not take the processor from the task. */
async function written(file: string): Promise<string> {
  for (let left = 1000; left > 0; left--) {
    await sleep(PAUSE)
    const found = readIfThere(file)
    if (found.endsWith('\n')) return found
  }
  throw new Error(`${file} was not written`)
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** Milliseconds since 1970. */
function startedAt(output: string): number {
  return Number(BigInt(output.trim()) / 1000n) / 1000
}

/**
 * The wall clock with parts of a millisecond, which `Date.now()` does not tell: by a clock that is set by three of its
 * ticks. Set anew for each delay, because the two drift apart (1 ms in a second has been seen).
 */
function openClock(): () => number {
  let offset = -Infinity
  for (let ticks = 0; ticks < 3; ticks++) {
    const last = Date.now()
    let wall = last
    while (wall === last) wall = Date.now()
    // Who is interrupted here sees the tick late, never early.
    offset = Math.max(offset, wall - performance.now())
  }
  return () => offset + performance.now()
}

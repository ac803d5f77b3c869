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
import { type Measurement, round } from './bench.ts'
import { measureAll, send } from './load.ts'
import { createShooter, type Service, type Shoot, withEmulator } from './service.ts'

const TASKS = 500
/** How often the bare start is measured as well. */
const SPAWN_EVERY = 5
/** It prints the nanoseconds since 1970, half a millisecond after its start. */
const PROGRAM = ['/bin/date', '+%s%N'] as const
/** Milliseconds between two tasks, so that none meets what another leaves to do. */
const PAUSE = 10
/** Milliseconds for the middle one, and for 99 of 100. */
const MEDIAN_BOUND = 10
const P99_BOUND = 50

export function measureLatency(): Promise<Measurement> {
  return withEmulator(['--blobPort', 'none', '--location', '$DIR/location'], measure)
}

async function measure({ batch, directory }: Service): Promise<Measurement> {
  const shoot = createShooter(batch)
  const nodeId = await openJob(shoot, batch.url)
  const root = join(directory, 'location/nodes', nodeId, 'workitems/job/job-1')
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const [ours, bare]: [number[], number[]] = [[], []]
  try {
    // The first tasks find nothing warm and do not count.
    for (let i = -20; i < TASKS; i++) {
      const id = `task${i + 20}`
      const delay = await delayOfTask(shoot, agent, id, join(root, id, 'stdout.txt'))
      if (i >= 0) ours.push(delay)
      if (i >= 0 && i % SPAWN_EVERY === 0) bare.push(await delayOfSpawn())
    }
  } finally {
    agent.destroy()
  }
  return describe(ours, bare)
}

function describe(ours: readonly number[], bare: readonly number[]): Measurement {
  const [median, p99] = [quantile(ours, 0.5), quantile(ours, 0.99)]
  return {
    name: `latency: ${TASKS} tasks, one at a time, from the reply to the program that runs`,
    figures: {
      'median, ms': round(median),
      '99 of 100 within, ms': round(p99),
      'longest, ms': round(quantile(ours, 1)),
      'bare spawn by Node, median, ms': round(quantile(bare, 0.5)),
      'bare spawn by Node, 99 of 100 within, ms': round(quantile(bare, 0.99)),
    },
    ratios: { 'median ÷ bare spawn (less is better)': round(median / quantile(bare, 0.5)) },
    bounds: [
      [`half of them in less than ${MEDIAN_BOUND} ms`, median < MEDIAN_BOUND],
      [`99 of 100 in less than ${P99_BOUND} ms`, p99 < P99_BOUND],
    ],
  }
}

function quantile(values: readonly number[], part: number): number {
  return (
    values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? NaN
  )
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
  return startedAt(await written(stdout)) - answered
}

async function delayOfSpawn(): Promise<number> {
  await sleep(PAUSE)
  const begun = openClock()()
  const [program, ...args] = PROGRAM
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [output] = await Promise.all([text(child.stdout), once(child, 'exit')])
  return startedAt(output) - begun
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

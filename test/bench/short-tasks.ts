// Thousands of tasks that do nothing, two at a time, each with the whole service around it (its directories, output files,
// environment, state), against xargs and GNU parallel, which have none of that. All take turns, so that what else the
// machine does meets them alike; each round's ratio is of rates that were measured within seconds of each other.
//
// Measured twice: with the nodes' files in memory, and where they are by default. A disk's figure depends on what was
// deleted lately: ext4 passes over inodes that were freed in the last minutes, and 20,000 of them make each of a task's
// five new ones cost 0.25 ms instead of 0.03 ms. So nothing is deleted before the last round. The peers make no files
// that stay.
//
// Both tasks may wait for this process at the same time; so eight at a time are measured as well, which keeps both cores
// busy.

import { tmpdir } from 'node:os'
import { createLocalBatchBackend } from '@malachite/local'
import type { BatchBackend } from '@malachite/model'
import { type Measurement, type Row, timeCommand } from './bench.ts'

/** Which part of the tasks GNU parallel gets: it is slow. */
const PARALLEL_PART = 0.2
const PROGRAM = '/bin/true'

/** By /proc/stat, getrusage and the profiler of Node, files in memory; from one time to the next a fifth more or less. */
const REASON = [
  'xargs starts the program and keeps nothing, in 1.15 ms of processor time. A task takes 2.1 ms of two cores: the program',
  'with its start and its end 0.9, the service 0.6 (SQLite 0.24, writing to the helper 0.06, its directories 0.05, its',
  'addition 0.04, garbage collection 0.03), the helper that starts it 0.1, and 0.45 in which a core has nothing to do: both',
  'tasks may wait for the service at once. Helpers that are asked for the next program at once start 1,500 to 2,070 a second.',
].join(' ')

const OURS = {
  memory: 'files in memory',
  disk: 'files in the temporary directory',
  eight: 'files in memory, eight at a time',
}
const PEERS = { xargs: 'xargs -P2 -n1', eightXargs: 'xargs -P8 -n1', parallel: 'GNU parallel -j2' }

type OurName = keyof typeof OURS
type PeerName = keyof typeof PEERS

/** Tasks a second; undefined for a program that this machine does not have. */
type Rates = Record<OurName, number> & Record<PeerName, number | undefined>

/** What is compared, and what it must be in parts of the peer's rate. */
const COMPARISONS: readonly (Pick<Row, 'bound' | 'goal' | 'reason'> & { ours: OurName; peer: PeerName })[] = [
  { ours: 'memory', peer: 'xargs', bound: { timesPeer: 0.7 }, goal: { timesPeer: 1 }, reason: REASON },
  { ours: 'disk', peer: 'xargs' },
  { ours: 'eight', peer: 'eightXargs' },
  { ours: 'memory', peer: 'parallel', bound: { timesPeer: 3 } },
  { ours: 'disk', peer: 'parallel' },
]

/** How often, of how many tasks, and a directory in memory. */
interface Amount {
  rounds: number
  tasks: number
  memory: string
}

export async function measureShortTasks({ rounds, tasks, memory: path }: Amount): Promise<Measurement> {
  const memory = await openService(path)
  const disk = await openService(tmpdir())
  try {
    const all: Rates[] = []
    // The first round does not count: nothing is warm yet.
    for (let i = -1; i < rounds; i++) {
      const rates = {
        xargs: rateOf('xargs', ['-P2', '-n1', PROGRAM], tasks),
        memory: await memory.rate(`job${i}`, 2, tasks),
        disk: await disk.rate(`job${i}`, 2, tasks),
        parallel: rateOf('parallel', ['--will-cite', '-j2', PROGRAM], tasks * PARALLEL_PART),
        eight: await memory.rate(`eight${i}`, 8, tasks),
        eightXargs: rateOf('xargs', ['-P8', '-n1', PROGRAM], tasks),
      }
      if (i >= 0) all.push(rates)
    }
    return describe(all, tasks)
  } finally {
    await memory.close()
    await disk.close()
  }
}

function describe(rounds: readonly Rates[], tasks: number): Measurement {
  const comparisons = COMPARISONS.filter(({ peer }) => rounds[0]?.[peer] !== undefined)
  const hasParallel = comparisons.some(({ peer }) => peer === 'parallel')
  return {
    title: `${tasks.toLocaleString('en')} × ${PROGRAM}, two at a time, each a whole task with its files and its state`,
    rows: comparisons.map(({ ours, peer, ...aims }) => ({
      what: OURS[ours],
      unit: 'tasks/s',
      better: 'more',
      ours: rounds.map((rates) => rates[ours]),
      peer: { name: PEERS[peer], values: rounds.map((rates) => rates[peer] ?? NaN), kind: 'measured' },
      ...aims,
    })),
    missing: hasParallel ? [] : ["GNU parallel (Debian's package parallel)"],
  }
}

/** Undefined when there is no such program on this machine. */
function rateOf(program: string, args: readonly string[], count: number): number | undefined {
  const seconds = timeCommand(program, args, Array.from({ length: count }, (_, i) => `${i}\n`).join(''))
  return seconds === undefined ? undefined : count / seconds
}

/** A service with the nodes' files below `directory`, and how fast it runs the tasks of a job, so many at a time. */
async function openService(directory: string) {
  const batch = openIn(directory)
  for (const slots of SLOTS) await openPool(batch, slots)
  return {
    async rate(job: string, slots: (typeof SLOTS)[number], count: number): Promise<number> {
      await batch.addJob({ id: job, poolInfo: { poolId: poolOf(slots) } })
      const start = performance.now()
      for (let i = 0; i < count; i += 100) {
        const tasks = Array.from({ length: 100 }, (_, k) => ({ id: `t${i + k}`, commandLine: PROGRAM }))
        await batch.addTasks(job, tasks)
      }
      await finished(batch, job, count)
      return count / ((performance.now() - start) / 1000)
    },
    close: () => batch.close(),
  }
}

const SLOTS = [2, 8] as const

function poolOf(slots: number): string {
  return `pool${slots}`
}

/** A service that keeps nothing asks for the directory of temporary files when it is opened. */
function openIn(directory: string): BatchBackend {
  const usual = tmpdir()
  try {
    process.env['TMPDIR'] = directory
    return createLocalBatchBackend()
  } finally {
    process.env['TMPDIR'] = usual
  }
}

async function openPool(batch: BatchBackend, slots: number): Promise<void> {
  await batch.addPool({
    id: poolOf(slots),
    vmSize: 'standard_d2s_v3',
    virtualMachineConfiguration: {
      imageReference: { publisher: 'canonical', offer: 'ubuntu-24_04-lts', sku: 'server' },
      nodeAgentSKUId: 'batch.node.ubuntu 24.04',
    },
    targetDedicatedNodes: 1,
    taskSlotsPerNode: slots,
  })
  await until(async () => {
    for await (const node of batch.listNodes(poolOf(slots))) if (node.state === 'idle') return true
    return false
  })
}

async function finished(batch: BatchBackend, job: string, count: number): Promise<void> {
  await until(async () => (await batch.getTaskCounts(job)).taskCounts.completed === count)
  const { succeeded } = (await batch.getTaskCounts(job)).taskCounts
  if (succeeded !== count) throw new Error(`only ${succeeded} of ${count} tasks succeeded`)
}

async function until(done: () => Promise<boolean>): Promise<void> {
  while (!(await done())) await new Promise((resolve) => setTimeout(resolve, 5))
}

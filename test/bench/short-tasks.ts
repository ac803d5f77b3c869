// 2,000 tasks that do nothing, two at a time, each with the whole service around it (its directories, output files,
// environment, state), against xargs and GNU parallel, which have none of that. All take turns, so that what else the
// machine does meets them alike; each round's ratio is of rates that were measured within seconds of each other.
//
// Measured twice: with the nodes' files in memory, and where they are by default. A disk's figure depends on what was
// deleted lately: ext4 passes over inodes that were freed in the last minutes, and 20,000 of them make each of a task's
// five new ones cost 0.25 ms instead of 0.03 ms. So nothing is deleted before the last round. The peers make no files
// that stay.
//
// Where the time of a task goes, in milliseconds of one of two cores, files in memory: /bin/true itself 0.62, the helper
// that starts it 0.15, this process 0.50, of which 0.18 is SQLite, 0.05 the addition of the task, 0.04 its directories.
// xargs takes 0.97. So 0.76 of its rate is what there is to reach; the rest is time in which a core has nothing to do,
// because both tasks are at the same place.

import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { createLocalBatchBackend } from '@malachite/local'
import type { BatchBackend } from '@malachite/model'
import { type Measurement, round, timeCommand } from './bench.ts'
import { median } from './load.ts'

const ROUNDS = 5
const TASKS = 2000
/** GNU parallel is slow. */
const PARALLEL_TASKS = 400
const PROGRAM = '/bin/true'

/** The least that the rate may be, as parts of a peer's. */
const BOUNDS = { xargs: 0.7, parallel: 3 }

/** A file system in memory, on Linux. */
const MEMORY = '/dev/shm'

/** Tasks a second. */
interface Rates {
  memory: number
  disk: number
  xargs: number | undefined
  parallel: number | undefined
}

type Peer = 'xargs' | 'parallel'

export async function measureShortTasks(): Promise<Measurement> {
  const memory = await openService(existsSync(MEMORY) ? MEMORY : tmpdir())
  const disk = await openService(tmpdir())
  try {
    const rounds: Rates[] = []
    // The first round does not count: nothing is warm yet.
    for (let i = -1; i < ROUNDS; i++) {
      const rates = {
        xargs: rateOf('xargs', ['-P2', '-n1', PROGRAM], TASKS),
        memory: await memory.rate(`job${i}`),
        disk: await disk.rate(`job${i}`),
        parallel: rateOf('parallel', ['--will-cite', '-j2', PROGRAM], PARALLEL_TASKS),
      }
      if (i >= 0) rounds.push(rates)
    }
    return describe(rounds)
  } finally {
    await memory.close()
    await disk.close()
  }
}

function describe(rounds: readonly Rates[]): Measurement {
  const peers = (['xargs', 'parallel'] as const).filter((peer) => rounds[0]?.[peer] !== undefined)
  const ratios = (where: 'memory' | 'disk', peer: Peer): number[] =>
    rounds.map((rates) => rates[where] / (rates[peer] ?? NaN))
  return {
    name: `short tasks: ${TASKS} × ${PROGRAM}, two at a time; median (least to most) of ${ROUNDS} rounds`,
    figures: Object.fromEntries([
      ['malachite, files in memory (tasks/s)', spread(rounds.map((rates) => rates.memory))],
      ['malachite, files in the temporary directory (tasks/s)', spread(rounds.map((rates) => rates.disk))],
      ...peers.map((peer) => [`${peer} (tasks/s)`, spread(rounds.map((rates) => rates[peer] ?? NaN))]),
      ...peers.map((peer) => [`files in memory ÷ ${peer}, each round`, spread(ratios('memory', peer))]),
    ]),
    ratios: Object.fromEntries(
      peers.flatMap((peer) => [
        [`files in memory ÷ ${peer}`, round(median(ratios('memory', peer)))],
        [`files in the temporary directory ÷ ${peer}`, round(median(ratios('disk', peer)))],
      ]),
    ),
    missing: peers.includes('parallel') ? [] : ["GNU parallel (Debian's package parallel)"],
    bounds: peers.map((peer) => [
      `at least ${BOUNDS[peer]} × ${peer}, files in memory`,
      median(ratios('memory', peer)) >= BOUNDS[peer],
    ]),
  }
}

function spread(values: readonly number[]): string {
  return `${round(median(values))} (${round(Math.min(...values))} to ${round(Math.max(...values))})`
}

/** Undefined when there is no such program on this machine. */
function rateOf(program: string, args: readonly string[], count: number): number | undefined {
  const seconds = timeCommand(program, args, Array.from({ length: count }, (_, i) => `${i}\n`).join(''))
  return seconds === undefined ? undefined : count / seconds
}

/** A service with the nodes' files below `directory`, and how fast it runs the tasks of a job. */
async function openService(directory: string) {
  const batch = openIn(directory)
  await openPool(batch)
  return {
    async rate(job: string): Promise<number> {
      await batch.addJob({ id: job, poolInfo: { poolId: 'pool' } })
      const start = performance.now()
      for (let i = 0; i < TASKS; i += 100) {
        const tasks = Array.from({ length: 100 }, (_, k) => ({ id: `t${i + k}`, commandLine: PROGRAM }))
        await batch.addTasks(job, tasks)
      }
      await finished(batch, job)
      return TASKS / ((performance.now() - start) / 1000)
    },
    close: () => batch.close(),
  }
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

async function openPool(batch: BatchBackend): Promise<void> {
  await batch.addPool({
    id: 'pool',
    vmSize: 'standard_d2s_v3',
    virtualMachineConfiguration: {
      imageReference: { publisher: 'canonical', offer: 'ubuntu-24_04-lts', sku: 'server' },
      nodeAgentSKUId: 'batch.node.ubuntu 24.04',
    },
    targetDedicatedNodes: 1,
    taskSlotsPerNode: 2,
  })
  await until(async () => {
    for await (const node of batch.listNodes('pool')) if (node.state === 'idle') return true
    return false
  })
}

async function finished(batch: BatchBackend, job: string): Promise<void> {
  await until(async () => (await batch.getTaskCounts(job)).taskCounts.completed === TASKS)
  const { succeeded } = (await batch.getTaskCounts(job)).taskCounts
  if (succeeded !== TASKS) throw new Error(`only ${succeeded} of ${TASKS} tasks succeeded`)
}

async function until(done: () => Promise<boolean>): Promise<void> {
  while (!(await done())) await new Promise((resolve) => setTimeout(resolve, 5))
}

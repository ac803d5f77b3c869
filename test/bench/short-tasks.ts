// 2,000 tasks that do nothing, two at a time, each with the whole service around it (its directories, output files,
// environment, state), against xargs and GNU parallel, which have none of that.
//
// Measured twice: with the nodes' files in memory, and where they are by default. A disk's figure depends on what was
// deleted lately: ext4 passes over inodes that were freed in the last minutes, and 20,000 of them make each of a task's
// five new ones cost 0.25 ms instead of 0.03 ms. The peers make no files that stay.

import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { createLocalBatchBackend } from '@malachite/local'
import type { BatchBackend } from '@malachite/model'
import { type Measurement, round, timeCommand } from './bench.ts'

const TASKS = 2000
const PROGRAM = '/bin/true'

/** A file system in memory, on Linux. */
const MEMORY = '/dev/shm'

export async function measureShortTasks(): Promise<Measurement> {
  const input = Array.from({ length: TASKS }, (_, i) => `${i}\n`).join('')
  const xargs = timeCommand('xargs', ['-P2', '-n1', PROGRAM], input)
  const parallel = timeCommand('parallel', ['--will-cite', '-j2', PROGRAM], input)
  const disk = TASKS / (await timeTasks(tmpdir()))
  const memory = existsSync(MEMORY) ? TASKS / (await timeTasks(MEMORY)) : disk
  const peers = { xargs, parallel }
  const known = Object.entries(peers).filter((peer): peer is [string, number] => peer[1] !== undefined)
  return {
    name: `short tasks: ${TASKS} × ${PROGRAM}, two at a time`,
    figures: {
      'malachite, files in memory (tasks/s)': round(memory),
      'malachite, files in the temporary directory (tasks/s)': round(disk),
      ...Object.fromEntries(known.map(([name, time]) => [`${name} (tasks/s)`, round(TASKS / time)])),
    },
    ratios: Object.fromEntries([
      ...known.map(([name, time]) => [`files in memory ÷ ${name}`, round((memory * time) / TASKS)]),
      ...known.map(([name, time]) => [
        `files in the temporary directory ÷ ${name}`,
        round((disk * time) / TASKS),
      ]),
    ]),
    missing: parallel === undefined ? ["GNU parallel (Debian's package parallel)"] : [],
    bounds:
      parallel === undefined
        ? []
        : [['at least 3 × GNU parallel, files in memory', (memory * parallel) / TASKS >= 3]],
  }
}

/** Seconds for all tasks, with the nodes' files below `directory`. */
async function timeTasks(directory: string): Promise<number> {
  // Where a service that keeps nothing puts its files; read when it is opened.
  process.env['TMPDIR'] = directory
  const batch = createLocalBatchBackend()
  try {
    await openJob(batch)
    const start = performance.now()
    for (let i = 0; i < TASKS; i += 100) {
      await batch.addTasks(
        'job',
        Array.from({ length: 100 }, (_, k) => ({ id: `t${i + k}`, commandLine: PROGRAM })),
      )
    }
    await finished(batch)
    return (performance.now() - start) / 1000
  } finally {
    await batch.close()
  }
}

async function openJob(batch: BatchBackend): Promise<void> {
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
  await batch.addJob({ id: 'job', poolInfo: { poolId: 'pool' } })
  await until(async () => {
    for await (const node of batch.listNodes('pool')) if (node.state === 'idle') return true
    return false
  })
}

async function finished(batch: BatchBackend): Promise<void> {
  await until(async () => (await batch.getTaskCounts('job')).taskCounts.completed === TASKS)
  const { succeeded } = (await batch.getTaskCounts('job')).taskCounts
  if (succeeded !== TASKS) throw new Error(`only ${succeeded} of ${TASKS} tasks succeeded`)
}

async function until(done: () => Promise<boolean>): Promise<void> {
  while (!(await done())) await new Promise((resolve) => setTimeout(resolve, 5))
}

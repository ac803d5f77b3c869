// 2,000 tasks that do nothing, two at a time, each with the whole service around it (its directories, output files,
// environment, state), against xargs and GNU parallel, which have none of that.

import { createLocalBatchBackend } from '@malachite/local'
import type { BatchBackend } from '@malachite/model'
import { type Measurement, round, timeCommand } from './bench.ts'

const TASKS = 2000
const PROGRAM = '/bin/true'

export async function measureShortTasks(): Promise<Measurement> {
  const input = Array.from({ length: TASKS }, (_, i) => `${i}\n`).join('')
  const xargs = timeCommand('xargs', ['-P2', '-n1', PROGRAM], input)
  const parallel = timeCommand('parallel', ['--will-cite', '-j2', PROGRAM], input)
  const seconds = await timeTasks()
  const rate = TASKS / seconds
  const peers = { xargs, parallel }
  const known = Object.entries(peers).filter((peer): peer is [string, number] => peer[1] !== undefined)
  return {
    name: `short tasks: ${TASKS} × ${PROGRAM}, two at a time`,
    figures: {
      'malachite (tasks/s)': round(rate),
      ...Object.fromEntries(known.map(([name, time]) => [`${name} (tasks/s)`, round(TASKS / time)])),
    },
    ratios: Object.fromEntries(
      known.map(([name, time]) => [`malachite ÷ ${name}`, round((rate * time) / TASKS)]),
    ),
    missing: parallel === undefined ? ["GNU parallel (Debian's package parallel)"] : [],
    bounds: parallel === undefined ? [] : [['at least 3 × GNU parallel', (rate * parallel) / TASKS >= 3]],
  }
}

async function timeTasks(): Promise<number> {
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

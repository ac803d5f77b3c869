// Whatever is done to jobs with tasks of their own, and to their nodes, in whatever order: no slot is lost, no job hangs.

import type { Engine } from '@malachite/emulator'
import { isBatchError } from '@malachite/model'
import { expect, test } from 'vitest'
import { jobBody, openVirtualEngine, poolBody, taskBody } from '../helpers/virtual-engine.ts'

/** Numbers from 0 up to (not including) a limit, the same for the same seed. */
function createRandom(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return Math.floor((state / 2 ** 32) * limit)
  }
}

const JOBS = ['a', 'b', 'c']
const OPTIONS = ['requeue', 'terminate', 'taskcompletion']

/** The bodies of the jobs that come and go. */
function someJob(id: string, random: (limit: number) => number): object {
  const wait = random(2) === 0
  const rerun = random(2) === 0
  return jobBody(id, 'p', {
    constraints: { maxTaskRetryCount: random(3) },
    jobPreparationTask: {
      commandLine: `prepare ${random(4)}`,
      waitForSuccess: wait,
      rerunOnNodeRebootAfterSuccess: rerun,
    },
    jobReleaseTask: { commandLine: `release ${random(4)}` },
    ...(random(2) === 0 && {
      jobManagerTask: { id: 'm', commandLine: `manage ${random(4)}`, runExclusive: random(2) === 0 },
    }),
  })
}

/** One thing that users do, at random; it may be refused. */
function act(engine: Engine, random: (limit: number) => number): void {
  const job = JOBS[random(JOBS.length)] ?? ''
  const option = OPTIONS[random(OPTIONS.length)]
  const nodes = engine.nodes.list('p').items
  const node = nodes[random(nodes.length)]?.id ?? ''
  const actions: (() => unknown)[] = [
    () => engine.jobs.add(someJob(job, random)),
    () => engine.jobs.add(someJob(job, random)),
    () => engine.tasks.add(job, taskBody(`t${random(20)}`, { requiredSlots: 1 + random(2) })),
    () => engine.tasks.add(job, taskBody(`t${random(20)}`)),
    () => engine.tasks.terminate(job, `t${random(20)}`),
    () => engine.tasks.delete(job, `t${random(20)}`),
    () => engine.jobs.disable(job, { disableTasks: ['requeue', 'terminate', 'wait'][random(3)] }),
    () => engine.jobs.enable(job),
    () => engine.jobs.terminate(job, undefined, { force: random(4) === 0 }),
    () => engine.jobs.delete(job, { force: random(4) === 0 }),
    () => engine.nodes.reboot('p', node, { nodeRebootOption: option }),
    () => engine.nodes.reimage('p', node, { nodeReimageOption: option }),
    () => engine.nodes.disableScheduling('p', node, { nodeDisableSchedulingOption: option }),
    () => engine.nodes.enableScheduling('p', node),
    () => engine.pools.resize('p', { targetDedicatedNodes: 1 + random(3), nodeDeallocationOption: option }),
  ]
  try {
    actions[random(actions.length)]?.()
  } catch (error) {
    if (!isBatchError(error)) throw error
  }
}

function open(random: (limit: number) => number) {
  const virtual = openVirtualEngine({
    script: () => ({ duration: 200 + random(4000), exitCode: random(3) === 0 ? 1 : 0 }),
  })
  virtual.engine.pools.add(poolBody('p', { targetDedicatedNodes: 3, taskSlotsPerNode: 3 }))
  return virtual
}

/** Lets every job end and every node be free. */
function settle({ engine, seconds }: ReturnType<typeof open>): void {
  for (const { id, state } of engine.jobs.list().items) {
    if (state !== 'completed' && state !== 'terminating' && state !== 'deleting') engine.jobs.terminate(id)
  }
  seconds(600)
}

const STILL = { runningTasksCount: 0, runningTaskSlotsCount: 0 }

test.each(Array.from({ length: 25 }, (_, i) => i + 1))('seed %i leaves nothing behind', (seed) => {
  const random = createRandom(seed)
  const virtual = open(random)
  const { engine, seconds } = virtual
  for (let i = 0; i < 150; i++) {
    act(engine, random)
    seconds(random(30) / 10)
  }
  settle(virtual)
  expect(engine.jobs.list().items.filter(({ state }) => state !== 'completed')).toEqual([])
  const nodes = engine.nodes.list('p').items
  expect(
    nodes.map(({ runningTasksCount, runningTaskSlotsCount }) => ({
      runningTasksCount,
      runningTaskSlotsCount,
    })),
  ).toEqual(nodes.map(() => STILL))
  for (const { id } of nodes.filter(({ schedulingState }) => schedulingState === 'disabled')) {
    engine.nodes.enableScheduling('p', id)
  }
  engine.jobs.add(jobBody('last', 'p'))
  engine.tasks.addCollection('last', {
    value: Array.from({ length: 9 }, (_, i) => taskBody(`t${i}`, { constraints: { maxTaskRetryCount: -1 } })),
  })
  seconds(300)
  expect(engine.jobs.taskCounts('last').taskCounts.succeeded).toBe(9)
})

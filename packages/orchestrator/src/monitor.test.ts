import { BatchError, type Clock, type ComputeNode, type Job, type Pool, type Task } from '@malachite/model'
import { describe, expect, test } from 'vitest'
import type { HaltCondition } from './halt.ts'
import { waitForTasks, type MonitorBackend, type MonitorOptions } from './monitor.ts'
import type { WorkflowEvent } from './report.ts'
import type { OnTaskEnds } from './task-ends.ts'

/** A clock that jumps to its next timer once every promise is settled; the service below answers with promises only. */
function createClock(): Clock {
  let now = 0
  const timers = new Set<{ at: number; fn: () => void }>()
  const turn = (): void => {
    const [next] = [...timers].sort((a, b) => a.at - b.at)
    if (!next) return
    timers.delete(next)
    now = next.at
    next.fn()
  }
  return {
    now: () => now,
    after(ms, fn) {
      const timer = { at: now + ms, fn }
      timers.add(timer)
      setImmediate(turn)
      return () => timers.delete(timer)
    },
  }
}

interface Scene {
  active?: number
  failed?: string[]
  succeeded?: number
  /** What a list of unfinished tasks says, where the counts are behind. */
  unfinished?: string[]
  /** What a list of completed tasks shows: ids with the second they ended in, and whether they failed. */
  ended?: Record<string, { at: number; failed?: true }>
  job?: Job['state']
  jobGone?: boolean
  pool?: Partial<Pool>
  poolGone?: boolean
  startTaskFailed?: number
  unusable?: number
  node?: Partial<ComputeNode>
}

const NO_NODES = Object.fromEntries(
  ['creating', 'idle', 'leavingPool', 'offline', 'preempted', 'rebooting', 'reimaging', 'running', 'starting']
    .concat('startTaskFailed', 'unusable', 'unknown', 'waitingForStartTask', 'total')
    .map((state) => [state, 0]),
)

/** The service as one scene after another, a scene per look; the last one stays. */
function createService(scenes: Scene[]) {
  let looks = 0
  const calls: string[] = []
  const scene = (): Scene => scenes[Math.min(looks, scenes.length) - 1] ?? {}
  async function* each<Item>(...items: unknown[]): AsyncGenerator<Item> {
    for (const item of items) yield item as Item
  }
  const stderr = (name: string) => ({
    name,
    isDirectory: false,
    properties: { lastModified: new Date(0), contentLength: 5 },
  })
  const read = async (): Promise<ReadableStream<Uint8Array>> => ReadableStream.from([Buffer.from('oops\n')])
  const batch: MonitorBackend = {
    async getTaskCounts() {
      looks++
      calls.push('getTaskCounts')
      const { active = 0, failed = [], succeeded = 0, jobGone } = scene()
      if (jobGone) throw new BatchError('JobNotFound')
      const completed = succeeded + failed.length
      const counts = { active, running: 0, completed, succeeded, failed: failed.length }
      return { taskCounts: counts, taskSlotCounts: counts }
    },
    async getJob() {
      if (scene().jobGone) throw new BatchError('JobNotFound')
      return { state: scene().job ?? 'active', executionInfo: { terminateReason: 'UserTerminate' } } as Job
    },
    async getPool() {
      if (scene().poolGone) throw new BatchError('PoolNotFound')
      return { id: 'pool', state: 'active', allocationState: 'steady', ...scene().pool } as Pool
    },
    listNodeCounts() {
      const { startTaskFailed = 0, unusable = 0 } = scene()
      return each({
        poolId: 'pool',
        dedicated: { ...NO_NODES, startTaskFailed, unusable },
        lowPriority: NO_NODES,
      })
    },
    listTasks(_job, options) {
      calls.push(`listTasks ${options?.filter}`)
      if (options?.filter === "state ne 'completed'") {
        return each<Task>(...(scene().unfinished ?? []).map((id) => ({ id })))
      }
      if (!options?.filter?.includes('executionInfo/result')) return each<Task>(...ended(scene().ended))
      const executionInfo = { exitCode: 3, retryCount: 0, requeueCount: 0, result: 'failure' }
      return each<Task>(
        ...(scene().failed ?? []).map((id) => ({ id, executionInfo, nodeInfo: { nodeId: 'n1' } })),
      )
    },
    listNodes: () => each<ComputeNode>({ id: 'n1', ...scene().node }),
    listTaskFiles: () => each(stderr('stderr.txt')),
    listNodeFiles: () => each(stderr('startup/stderr.txt')),
    readTaskFile: read,
    readNodeFile: read,
    async disableJob(_job, disableTasks) {
      calls.push(`disableJob ${disableTasks}`)
    },
    async terminateJob(_job, options) {
      calls.push(`terminateJob ${options?.reason}`)
    },
  }
  return { batch, calls, looks: () => looks }
}

function ended(tasks: Scene['ended'] = {}): unknown[] {
  return Object.entries(tasks).map(([id, { at, failed }]) => ({
    id,
    stateTransitionTime: new Date(at * 1000),
    executionInfo: {
      startTime: new Date(at * 1000 - 100),
      endTime: new Date(at * 1000),
      result: failed ? 'failure' : 'success',
    },
    nodeInfo: { nodeId: 'n1' },
  }))
}

async function watch(scenes: Scene[], options: Partial<MonitorOptions> = {}, onTaskEnds?: OnTaskEnds) {
  const service = createService(scenes)
  const events: WorkflowEvent[] = []
  const clock = createClock()
  const ending = await waitForTasks(
    { jobId: 'job', poolId: 'pool', taskCount: 3, timeoutMs: 60_000, pollIntervalMs: 1000, ...options },
    { batch: service.batch, clock, report: (event) => events.push(event), onTaskEnds },
  )
  return { ending, events, service, elapsed: clock.now() }
}

test('ends when every task is completed', async () => {
  const { ending, events } = await watch([{ active: 3 }, { active: 1, succeeded: 2 }, { succeeded: 3 }])
  expect(ending).toEqual({
    ending: 'completed',
    counts: { active: 0, running: 0, completed: 3, succeeded: 3, failed: 0 },
    failedTasks: [],
    tally: { succeeded: 0, failed: 0, nodes: 0 },
  })
  expect(events.filter(({ type }) => type === 'progress')).toHaveLength(3)
  expect(events.at(-1)?.type).toBe('allTasksCompleted')
})

test('does not believe counts that a list contradicts', async () => {
  const { ending, service } = await watch([{ succeeded: 3, unfinished: ['t2'] }, { succeeded: 3 }])
  expect(ending.ending).toBe('completed')
  expect(service.looks()).toBe(2)
})

test('counts that know of no task yet are no end', async () => {
  const { service } = await watch([{}, { succeeded: 3 }])
  expect(service.looks()).toBe(2)
})

test('looks often at first and then once per interval', async () => {
  const waiting = Array.from({ length: 40 }, () => ({ active: 3 }))
  const { events } = await watch([...waiting, { succeeded: 3 }])
  const times = events.flatMap((event) => (event.type === 'progress' ? [event.elapsedMs] : []))
  expect(times[1]).toBe(50)
  expect((times[40] ?? 0) - (times[39] ?? 0)).toBe(1000)
})

test('lists tasks only when a failure is new, and once at the end', async () => {
  const failed = ['t1']
  const scenes = [
    { active: 3 },
    { active: 2, failed },
    { active: 1, failed, succeeded: 1 },
    { failed, succeeded: 2 },
  ]
  const { ending, events, service } = await watch(scenes)
  expect(service.calls.filter((call) => call.startsWith('listTasks'))).toEqual([
    "listTasks state eq 'completed' and executionInfo/result eq 'failure'",
    "listTasks state ne 'completed'",
    "listTasks state eq 'completed' and executionInfo/result eq 'failure'",
    // For the figures of the run.
    "listTasks state eq 'completed'",
  ])
  const expected = {
    taskId: 't1',
    reason: 'It ended with exit code 3.',
    exitCode: 3,
    nodeId: 'n1',
    stderrTail: 'oops',
  }
  expect(events.filter(({ type }) => type === 'taskFailed')).toEqual([{ type: 'taskFailed', ...expected }])
  expect(ending).toMatchObject({ ending: 'completed', counts: { succeeded: 2, failed: 1 } })
  expect(ending.failedTasks).toEqual([expected])
})

test('a failed task that was run again and succeeded is no failure in the end', async () => {
  const { ending } = await watch([{ active: 2, failed: ['t1'] }, { succeeded: 3 }])
  expect(ending.failedTasks).toEqual([])
  expect(ending.counts.succeeded).toBe(3)
})

test('gives up at the time limit with the last counts', async () => {
  const { ending, events, elapsed } = await watch([{ active: 2, succeeded: 1 }], { timeoutMs: 5000 })
  expect(ending).toMatchObject({ ending: 'timedOut', counts: { active: 2, succeeded: 1 } })
  expect(events.at(-1)?.type).toBe('timedOut')
  expect(elapsed).toBe(5000)
})

test('a failed start task ends the wait at the first look, with exit code and stderr', async () => {
  const node = {
    startTaskInfo: { state: 'completed', startTime: new Date(0), exitCode: 7, retryCount: 0 },
  } as const
  const { ending, service } = await watch([{ active: 3, startTaskFailed: 1, node }])
  expect(service.looks()).toBe(1)
  expect(ending).toMatchObject({
    ending: 'trouble',
    trouble: {
      kind: 'startTaskFailed',
      nodeId: 'n1',
      exitCode: 7,
      stderrTail: 'oops',
      reason: 'The start task failed on node n1. It ended with exit code 7.',
    },
  })
})

test.each<[Scene, string, RegExp]>([
  [
    { unusable: 1, node: { errors: [{ code: 'DiskFull', message: 'No space' }] } },
    'nodeUnusable',
    /DiskFull: No space/,
  ],
  [
    { pool: { resizeErrors: [{ code: 'AccountCoreQuotaReached', message: 'Quota' }] } },
    'resizeFailed',
    /CoreQuota/,
  ],
  [{ poolGone: true }, 'poolGone', /does not exist any more/],
  [{ pool: { state: 'deleting' } }, 'poolGone', /is being deleted/],
  [{ jobGone: true }, 'jobEnded', /does not exist any more/],
  [{ job: 'completed' }, 'jobEnded', /completed \(UserTerminate\)/],
])('%o ends the wait at once', async (scene, kind, reason) => {
  const { ending, events, service } = await watch([{ active: 3, ...scene }])
  expect(service.looks()).toBe(1)
  expect(ending.trouble).toMatchObject({ kind, reason: expect.stringMatching(reason) })
  expect(events.at(-1)).toMatchObject({ type: 'trouble', kind })
})

test.each<Scene>([
  { pool: { allocationState: 'resizing', resizeErrors: [{ code: 'AllocationFailed', message: '' }] } },
  { job: 'disabled' },
])('%o is no reason to give up', async (scene) => {
  const { ending } = await watch([{ active: 3, ...scene }, { succeeded: 3 }])
  expect(ending.ending).toBe('completed')
})

test('completed tasks count more than a node that failed', async () => {
  const { ending } = await watch([{ succeeded: 3, startTaskFailed: 1 }])
  expect(ending.ending).toBe('completed')
})

test('an abort rejects with its reason', async () => {
  const signal = AbortSignal.abort(new Error('Ctrl-C'))
  await expect(watch([{ active: 3 }], { signal })).rejects.toThrow('Ctrl-C')
})

describe('a run that is halted', () => {
  const condition = { when: 'soon', why: 'fail', amount: 1, unit: 'tasks' } as const satisfies HaltCondition
  const failed = ['t1']
  const ended: Scene['ended'] = { t0: { at: 2 }, t1: { at: 1, failed: true } }

  test('soon: starts no more tasks, and ends when those that run have ended', async () => {
    const scenes: Scene[] = [
      { active: 4 },
      { active: 2, failed },
      { active: 2, failed, job: 'disabling' },
      { active: 1, failed, ended, job: 'disabled' },
    ]
    const { ending, events, service } = await watch(scenes, { halt: condition, taskCount: 4 })
    expect(service.looks()).toBe(4)
    expect(service.calls.filter((call) => call.includes('Job'))).toEqual(['disableJob wait'])
    expect(events.filter(({ type }) => type === 'halted')).toMatchObject([
      { condition, reason: '1 of 4 tasks had failed' },
    ])
    expect(ending).toMatchObject({
      ending: 'halted',
      halted: { condition },
      counts: { active: 2, running: 0, completed: 2, succeeded: 1, failed: 1 },
      failedTasks: [{ taskId: 't1' }],
      tally: { nodes: 1, runTimes: { minMs: 100 } },
    })
  })

  test('now: ends the job, after it has read what failed before', async () => {
    const scenes = [{ active: 2, failed, ended }]
    const { ending, service } = await watch(scenes, { halt: { ...condition, when: 'now' } })
    expect(ending.ending).toBe('halted')
    expect(ending.failedTasks).toMatchObject([{ taskId: 't1' }])
    expect(service.calls.at(-1)).toBe('terminateJob The run was halted: 1 of 3 tasks had failed')
  })

  test('soon: has completed all the same when no task was left to start', async () => {
    const last = { failed, succeeded: 2, job: 'disabled' } as const
    const { ending } = await watch([{ active: 1, failed }, last], { halt: condition })
    expect(ending.ending).toBe('completed')
  })

  test('counts tasks that are over and not in the job', async () => {
    const halt = { ...condition, amount: 50, unit: 'percent' } as const
    const elsewhere = { succeeded: 1, failed: 2 }
    const { ending } = await watch([{ active: 3 }, { active: 2, failed, job: 'disabled' }], {
      halt,
      elsewhere,
    })
    expect(ending.halted?.reason).toBe('3 of 6 tasks had failed')
  })
})

test('tasks are told of once each, in the order of their ends, and once more when they end again', async () => {
  const told: string[][] = []
  const { service } = await watch(
    [
      { active: 3 },
      { active: 1, succeeded: 2, ended: { t0: { at: 100 }, t1: { at: 99 } } },
      { active: 1, succeeded: 2, ended: { t0: { at: 100 }, t1: { at: 99 } } },
      { succeeded: 3, ended: { t0: { at: 100 }, t1: { at: 105 }, t2: { at: 103 } } },
    ],
    {},
    async (tasks) => void told.push(tasks.map(({ id }) => id)),
  )
  expect(told).toEqual([
    ['t1', 't0'],
    ['t2', 't1'],
  ])
  expect(service.calls.filter((call) => call.includes('stateTransitionTime'))).toEqual([
    "listTasks state eq 'completed' and stateTransitionTime ge datetime'1970-01-01T00:01:35.000Z'",
  ])
})

import { BatchError, type Clock, type ComputeNode, type Job, type Pool, type Task } from '@malachite/model'
import { expect, test } from 'vitest'
import { waitForTasks, type MonitorBackend } from './monitor.ts'
import type { WorkflowEvent } from './report.ts'

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
  }
  return { batch, calls, looks: () => looks }
}

async function watch(
  scenes: Scene[],
  options: { timeoutMs?: number; taskCount?: number; signal?: AbortSignal } = {},
) {
  const service = createService(scenes)
  const events: WorkflowEvent[] = []
  const clock = createClock()
  const ending = await waitForTasks(
    { jobId: 'job', poolId: 'pool', taskCount: 3, timeoutMs: 60_000, pollIntervalMs: 1000, ...options },
    { batch: service.batch, clock, report: (event) => events.push(event) },
  )
  return { ending, events, service, elapsed: clock.now() }
}

test('ends when every task is completed', async () => {
  const { ending, events } = await watch([{ active: 3 }, { active: 1, succeeded: 2 }, { succeeded: 3 }])
  expect(ending).toEqual({
    ending: 'completed',
    counts: { active: 0, running: 0, completed: 3, succeeded: 3, failed: 0 },
    failedTasks: [],
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

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEngine, type Engine, openStore } from '@malachite/emulator'
import { expect, onTestFinished, test } from 'vitest'
import { createFakeRuntime } from '../helpers/fake-runtime.ts'
import { createVirtualClock } from '../helpers/virtual-clock.ts'
import { jobBody, openVirtualEngine, poolBody, taskBody } from '../helpers/virtual-engine.ts'

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** A body that adds a job schedule whose jobs end by themselves as soon as their tasks have. */
function scheduleBody(id: string, schedule: object = {}, job: object = {}) {
  const jobSpecification = { poolInfo: { poolId: 'p' }, onAllTasksComplete: 'terminatejob', ...job }
  return { id, schedule, jobSpecification }
}

/** One whose jobs stay until they are terminated. */
function stayingBody(id: string, schedule: object = {}) {
  return scheduleBody(id, schedule, { onAllTasksComplete: 'noaction' })
}

const nightly = (more: object = {}) => ({
  doNotRunUntil: '2026-01-01T02:00:00Z',
  recurrenceInterval: 'P1D',
  ...more,
})

function jobsOf(engine: Engine, id: string) {
  return engine.jobSchedules.listJobs(id).items
}

function creationTimes(engine: Engine, id: string): string[] {
  return jobsOf(engine, id).map((job) => toSecond(job.creationTime))
}

function nextRunTime(engine: Engine, id: string): string {
  return toSecond(engine.jobSchedules.get(id).executionInfo.nextRunTime ?? '')
}

/** The engine counts on by microseconds while the virtual clock stands still. */
function toSecond(time: string): string {
  return time.replace(/\.\d+Z$/, 'Z')
}

const failing = (code: string) => expect.objectContaining({ code })

test('a schedule without times makes its job at once and is completed when that is', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.jobSchedules.add(scheduleBody('s'))
  const schedule = engine.jobSchedules.get('s')
  expect(schedule).toMatchObject({ state: 'active', executionInfo: { recentJob: { id: 's:job-1' } } })
  expect(schedule.executionInfo).not.toHaveProperty('nextRunTime')
  expect(engine.jobs.get('S:JOB-1')).toMatchObject({ id: 's:job-1', state: 'active' })
  seconds(1)
  expect(engine.jobs.get('s:job-1').state).toBe('completed')
  expect(engine.jobSchedules.get('s')).toMatchObject({
    state: 'completed',
    previousState: 'active',
    executionInfo: { recentJob: { id: 's:job-1' }, endTime: expect.any(String) },
  })
})

test('before doNotRunUntil there is no job, only the time of the next one', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.jobSchedules.add(scheduleBody('s', nightly()))
  expect(engine.jobSchedules.get('s').executionInfo).toEqual({ nextRunTime: '2026-01-01T02:00:00Z' })
  seconds(2 * HOUR - 1)
  expect(jobsOf(engine, 's')).toEqual([])
  seconds(2)
  expect(creationTimes(engine, 's')).toEqual(['2026-01-01T02:00:00Z'])
  expect(engine.jobSchedules.get('s').executionInfo).toEqual({
    nextRunTime: '2026-01-02T02:00:00Z',
    recentJob: { id: 's:job-1' },
  })
})

test('a recurring schedule begins with its creation and goes on by its interval', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.jobSchedules.add(scheduleBody('s', { recurrenceInterval: 'PT10M' }))
  expect(nextRunTime(engine, 's')).toBe('2026-01-01T00:10:00Z')
  seconds(30 * MINUTE + 1)
  expect(jobsOf(engine, 's').map(({ id }) => id)).toEqual(['s:job-1', 's:job-2', 's:job-3', 's:job-4'])
})

test('a nightly schedule makes one job each night, always at the same time', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.jobSchedules.add(scheduleBody('s', nightly()))
  seconds(5 * DAY)
  expect(creationTimes(engine, 's')).toEqual([
    '2026-01-01T02:00:00Z',
    '2026-01-02T02:00:00Z',
    '2026-01-03T02:00:00Z',
    '2026-01-04T02:00:00Z',
    '2026-01-05T02:00:00Z',
  ])
  expect(jobsOf(engine, 's').every((job) => job.state === 'completed')).toBe(true)
})

test('the jobs run their tasks in directories of their own', () => {
  const { engine, seconds, runtime } = openVirtualEngine()
  engine.pools.add(poolBody('p'))
  engine.jobSchedules.add(stayingBody('s'))
  engine.tasks.add('s:job-1', taskBody('t'))
  seconds(5)
  expect(engine.tasks.get('s:job-1', 't')).toMatchObject({
    state: 'completed',
    nodeInfo: { taskRootDirectory: 'workitems/s/job-1/t' },
  })
  engine.jobs.delete('s:job-1')
  seconds(1)
  expect(runtime.effects).toContainEqual(
    expect.objectContaining({ type: 'deleteTaskFiles', directory: 'workitems/s/job-1' }),
  )
})

test('each job has a job manager of its own, whose end is the end of the job', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.pools.add(poolBody('p'))
  const jobManagerTask = { id: 'manager', commandLine: 'manage' }
  const job = { jobManagerTask, onAllTasksComplete: 'noaction' }
  engine.jobSchedules.add(scheduleBody('s', { recurrenceInterval: 'PT10M' }, job))
  seconds(15 * MINUTE)
  expect(jobsOf(engine, 's').map(({ executionInfo }) => executionInfo.terminateReason)).toEqual([
    'JMComplete',
    'JMComplete',
  ])
  expect(engine.tasks.get('s:job-2', 'manager').nodeInfo?.taskRootDirectory).toBe('workitems/s/job-2/manager')
})

test('while a job is active no other is made; the one that was due follows at once', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.jobSchedules.add(stayingBody('s', { recurrenceInterval: 'PT10M' }))
  seconds(25 * MINUTE)
  expect(creationTimes(engine, 's')).toEqual(['2026-01-01T00:00:00Z'])
  engine.jobs.terminate('s:job-1')
  seconds(1)
  expect(creationTimes(engine, 's')).toEqual(['2026-01-01T00:00:00Z', '2026-01-01T00:25:00Z'])
  expect(nextRunTime(engine, 's')).toBe('2026-01-01T00:30:00Z')
})

test('a job that could not start within the window is left out', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.jobSchedules.add(stayingBody('s', { recurrenceInterval: 'PT10M', startWindow: 'PT2M' }))
  seconds(11 * MINUTE)
  expect(nextRunTime(engine, 's')).toBe('2026-01-01T00:10:00Z')
  seconds(2 * MINUTE)
  expect(nextRunTime(engine, 's')).toBe('2026-01-01T00:20:00Z')
  engine.jobs.terminate('s:job-1')
  seconds(MINUTE)
  expect(jobsOf(engine, 's')).toHaveLength(1)
  seconds(7 * MINUTE)
  expect(creationTimes(engine, 's')).toEqual(['2026-01-01T00:00:00Z', '2026-01-01T00:20:00Z'])
})

test('a job that is disabled is active still; one that is deleted is not', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.jobSchedules.add(stayingBody('s', { recurrenceInterval: 'PT10M' }))
  engine.jobs.disable('s:job-1', { disableTasks: 'wait' })
  seconds(15 * MINUTE)
  expect(jobsOf(engine, 's').map(({ state }) => state)).toEqual(['disabled'])
  engine.jobs.delete('s:job-1')
  seconds(1)
  expect(jobsOf(engine, 's').map(({ id }) => id)).toEqual(['s:job-2'])
})

test('after doNotRunAfter the schedule is completed as soon as no job is active', () => {
  const { engine, seconds } = openVirtualEngine()
  const doNotRunAfter = '2026-01-01T00:25:00Z'
  engine.jobSchedules.add(stayingBody('s', { recurrenceInterval: 'PT20M', doNotRunAfter }))
  engine.jobs.terminate('s:job-1')
  seconds(20 * MINUTE + 1)
  expect(jobsOf(engine, 's')).toHaveLength(2)
  expect(engine.jobSchedules.get('s').executionInfo).not.toHaveProperty('nextRunTime')
  seconds(20 * MINUTE)
  expect(engine.jobSchedules.get('s').state).toBe('active')
  engine.jobs.terminate('s:job-2')
  seconds(1)
  expect(engine.jobSchedules.get('s').state).toBe('completed')
  expect(jobsOf(engine, 's')).toHaveLength(2)
})

test('without an active job the schedule is completed by doNotRunAfter itself', () => {
  const { engine, seconds } = openVirtualEngine()
  const doNotRunAfter = '2026-01-01T00:25:00Z'
  engine.jobSchedules.add(scheduleBody('s', { recurrenceInterval: 'PT20M', doNotRunAfter }))
  seconds(25 * MINUTE - 1)
  expect(engine.jobSchedules.get('s').state).toBe('active')
  seconds(1)
  expect(engine.jobSchedules.get('s')).toMatchObject({
    state: 'completed',
    executionInfo: { endTime: '2026-01-01T00:25:00Z' },
  })
})

test('a disabled schedule lets its job go on but makes no other until it is enabled', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.jobSchedules.add(stayingBody('s', { recurrenceInterval: 'PT10M' }))
  const before = engine.jobSchedules.get('s').eTag
  expect(engine.jobSchedules.disable('s').eTag).not.toBe(before)
  expect(engine.jobSchedules.get('s')).toMatchObject({ state: 'disabled', previousState: 'active' })
  expect(() => engine.jobSchedules.disable('s')).toThrow(failing('JobScheduleDisabled'))
  expect(engine.jobs.get('s:job-1').state).toBe('active')
  engine.jobs.terminate('s:job-1')
  seconds(35 * MINUTE)
  expect(jobsOf(engine, 's')).toHaveLength(1)
  engine.jobSchedules.enable('s')
  expect(engine.jobSchedules.get('s')).toMatchObject({ state: 'active', previousState: 'disabled' })
  expect(creationTimes(engine, 's')).toEqual(['2026-01-01T00:00:00Z', '2026-01-01T00:35:00Z'])
  expect(() => engine.jobSchedules.enable('s')).toThrow(failing('OperationInvalidForCurrentState'))
})

test('terminating ends the active job, then the schedule is completed', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.jobSchedules.add(stayingBody('s', { recurrenceInterval: 'PT10M' }))
  engine.jobSchedules.terminate('s')
  expect(engine.jobSchedules.get('s')).toMatchObject({ state: 'terminating', previousState: 'active' })
  expect(() => engine.jobSchedules.terminate('s')).toThrow(failing('JobScheduleBeingTerminated'))
  const { eTag } = engine.jobSchedules.get('s')
  seconds(1)
  expect(engine.jobSchedules.get('s')).toMatchObject({ state: 'completed', previousState: 'active', eTag })
  expect(engine.jobs.get('s:job-1')).toMatchObject({
    state: 'completed',
    executionInfo: { terminateReason: 'TerminateWorkitem' },
  })
  seconds(HOUR)
  expect(jobsOf(engine, 's')).toHaveLength(1)
})

test('a terminating schedule waits for the processes of its job', () => {
  const { engine, seconds } = openVirtualEngine({ script: () => ({ duration: 60_000 }) })
  engine.pools.add(poolBody('p'))
  engine.jobSchedules.add(stayingBody('s'))
  engine.tasks.add('s:job-1', taskBody('t'))
  seconds(1)
  engine.jobSchedules.terminate('s')
  expect(engine.tasks.get('s:job-1', 't').state).toBe('completed')
  expect(engine.jobSchedules.get('s').state).toBe('terminating')
  seconds(1)
  expect(engine.jobSchedules.get('s').state).toBe('completed')
})

test('with force neither terminating nor deleting waits for processes', () => {
  const { engine, seconds } = openVirtualEngine({ script: () => ({ duration: 60_000 }) })
  engine.pools.add(poolBody('p', { targetDedicatedNodes: 2 }))
  for (const id of ['ended', 'deleted']) {
    engine.jobSchedules.add(stayingBody(id))
    engine.tasks.add(`${id}:job-1`, taskBody('t'))
  }
  seconds(1)
  engine.jobSchedules.terminate('ended', { force: true })
  expect(engine.jobs.get('ended:job-1').state).toBe('completed')
  engine.jobSchedules.delete('deleted', { force: true })
  seconds(0)
  expect(engine.jobSchedules.get('ended').state).toBe('completed')
  expect(() => engine.jobSchedules.get('deleted')).toThrow(failing('JobScheduleNotFound'))
})

test.each(['disable', 'enable', 'terminate'] as const)('%s on a completed schedule is refused', (verb) => {
  const { engine, seconds } = openVirtualEngine()
  engine.jobSchedules.add(scheduleBody('s'))
  seconds(1)
  expect(() => engine.jobSchedules[verb]('s')).toThrow(failing('JobScheduleCompleted'))
  expect(() => engine.jobSchedules.patch('s', {})).toThrow(failing('JobScheduleCompleted'))
})

test('deleting takes all jobs and tasks with it', () => {
  const { engine, seconds, runtime } = openVirtualEngine({ script: () => ({ duration: 60_000 }) })
  engine.pools.add(poolBody('p'))
  engine.jobSchedules.add(stayingBody('s', { recurrenceInterval: 'PT1M' }))
  seconds(1)
  for (let i = 1; i <= 120; i++) {
    engine.jobs.terminate(`s:job-${i}`)
    seconds(MINUTE)
  }
  engine.tasks.add('s:job-121', taskBody('t'))
  seconds(1)
  engine.jobSchedules.delete('s')
  expect(engine.jobSchedules.get('s')).toMatchObject({ state: 'deleting', previousState: 'active' })
  expect(() => engine.jobSchedules.delete('s')).toThrow(failing('JobScheduleBeingDeleted'))
  expect(() => engine.jobSchedules.add(scheduleBody('s'))).toThrow(failing('JobScheduleBeingDeleted'))
  seconds(1)
  expect(() => engine.jobSchedules.get('s')).toThrow(failing('JobScheduleNotFound'))
  expect(engine.jobs.list().items).toEqual([])
  expect(runtime.effects).toContainEqual(
    expect.objectContaining({ type: 'deleteTaskFiles', directory: 'workitems/s' }),
  )
})

test('jobs and job schedules share their ids, regardless of case', () => {
  const { engine } = openVirtualEngine()
  engine.jobs.add(jobBody('a', 'p'))
  engine.jobSchedules.add(stayingBody('b'))
  expect(() => engine.jobSchedules.add(scheduleBody('A'))).toThrow(failing('JobWithSameIdExists'))
  expect(() => engine.jobs.add(jobBody('B', 'p'))).toThrow(failing('JobScheduleWithSameIdExists'))
  expect(() => engine.jobSchedules.add(scheduleBody('B'))).toThrow(failing('JobScheduleExists'))
  expect(() => engine.jobs.add(jobBody('b:job-2', 'p'))).toThrow(failing('InvalidPropertyValue'))
})

test('jobs of schedules are listed after all others', () => {
  const { engine } = openVirtualEngine()
  engine.jobSchedules.add(stayingBody('a'))
  engine.jobSchedules.add(stayingBody('B'))
  engine.jobs.add(jobBody('x', 'p'))
  engine.jobs.add(jobBody('M', 'p'))
  const ids: string[] = []
  let next: string | undefined
  do {
    const page = engine.jobs.list({ maxResults: 1, ...(next !== undefined && { skipToken: next }) })
    ids.push(...page.items.map(({ id }) => id))
    next = page.next
  } while (next !== undefined)
  expect(ids).toEqual(['M', 'x', 'B:job-1', 'a:job-1'])
})

test('an update is for the jobs that come later', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.jobSchedules.add({ ...stayingBody('s', { recurrenceInterval: 'PT10M' }), metadata: [] })
  const jobSpecification = { poolInfo: { poolId: 'q' }, priority: 5 }
  engine.jobSchedules.patch('s', { jobSpecification })
  expect(engine.jobs.get('s:job-1')).toMatchObject({ priority: 0, poolInfo: { poolId: 'p' } })
  expect(engine.jobSchedules.get('s')).toMatchObject({
    schedule: { recurrenceInterval: 'PT10M' },
    jobSpecification: { priority: 5, onAllTasksComplete: 'noaction' },
    metadata: [],
  })
  engine.jobs.terminate('s:job-1')
  seconds(10 * MINUTE + 1)
  expect(engine.jobs.get('s:job-2')).toMatchObject({ priority: 5, poolInfo: { poolId: 'q' } })
})

test('a put replaces schedule, specification and metadata; the next job follows the new interval', () => {
  const { engine, seconds } = openVirtualEngine()
  const metadata = [{ name: 'a', value: 'b' }]
  engine.jobSchedules.add({ ...scheduleBody('s', nightly()), displayName: 'S', metadata })
  seconds(2 * HOUR + 1)
  const { jobSpecification } = scheduleBody('s')
  engine.jobSchedules.update('s', { schedule: { recurrenceInterval: 'PT1H' }, jobSpecification })
  expect(engine.jobSchedules.get('s')).toMatchObject({
    displayName: 'S',
    schedule: { recurrenceInterval: 'PT1H' },
    executionInfo: { nextRunTime: '2026-01-01T03:00:00Z' },
  })
  expect(engine.jobSchedules.get('s')).not.toHaveProperty('metadata')
  seconds(HOUR)
  expect(jobsOf(engine, 's')).toHaveLength(2)
})

test('a put without times means one job, at once', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.jobSchedules.add(scheduleBody('s', nightly()))
  const { jobSpecification } = scheduleBody('s')
  engine.jobSchedules.update('s', { jobSpecification })
  expect(engine.jobSchedules.get('s').schedule).toEqual({})
  expect(creationTimes(engine, 's')).toEqual(['2026-01-01T00:00:00Z'])
  seconds(1)
  expect(engine.jobSchedules.get('s').state).toBe('completed')
})

test('a patch may change the recurrence while a job is active', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.jobSchedules.add(stayingBody('s', { recurrenceInterval: 'P1D' }))
  engine.jobSchedules.patch('s', { schedule: { recurrenceInterval: 'PT10M' } })
  expect(engine.jobs.get('s:job-1').state).toBe('active')
  expect(nextRunTime(engine, 's')).toBe('2026-01-01T00:10:00Z')
  engine.jobs.terminate('s:job-1')
  seconds(10 * MINUTE + 1)
  expect(jobsOf(engine, 's')).toHaveLength(2)
})

test('a schedule without recurrence stays active as long as nobody ends its job', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.jobSchedules.add(stayingBody('s'))
  seconds(30 * DAY)
  expect(engine.jobSchedules.get('s').state).toBe('active')
  expect(jobsOf(engine, 's')).toHaveLength(1)
  engine.jobs.terminate('s:job-1')
  seconds(1)
  expect(engine.jobSchedules.get('s').state).toBe('completed')
})

test('a job that is not made within the window of a schedule without recurrence is never made', () => {
  const { engine, seconds } = openVirtualEngine()
  const schedule = { doNotRunUntil: '2026-01-01T02:00:00Z', startWindow: 'PT10M' }
  engine.jobSchedules.add(scheduleBody('s', schedule))
  engine.jobSchedules.disable('s')
  seconds(3 * HOUR)
  engine.jobSchedules.enable('s')
  expect(engine.jobSchedules.get('s').state).toBe('completed')
  expect(jobsOf(engine, 's')).toEqual([])
})

test('a disabled schedule can be updated and tells when it would run', () => {
  const { engine } = openVirtualEngine()
  engine.jobSchedules.add(scheduleBody('s', nightly()))
  engine.jobSchedules.disable('s')
  engine.jobSchedules.patch('s', { schedule: { doNotRunUntil: '2026-01-03T00:00:00Z' } })
  expect(engine.jobSchedules.get('s')).toMatchObject({
    state: 'disabled',
    executionInfo: { nextRunTime: '2026-01-03T00:00:00Z' },
  })
})

test.each([
  { recurrenceInterval: 'PT59S' },
  { startWindow: 'PT0S' },
  { doNotRunUntil: 'tomorrow' },
  { doNotRunUntil: '2026-02-30T00:00:00Z' },
  { doNotRunUntil: '2026-01-02T00:00:00Z', doNotRunAfter: '2026-01-02T00:00:00Z' },
])('a schedule of %o is refused', (schedule) => {
  const { engine } = openVirtualEngine()
  expect(() => engine.jobSchedules.add(scheduleBody('s', schedule))).toThrow(failing('InvalidPropertyValue'))
})

test('times are answered in UTC without trailing zeros', () => {
  const { engine } = openVirtualEngine()
  const schedule = {
    doNotRunUntil: '2026-01-01T04:00:00.1500000+02:00',
    startWindow: 'PT06M00S',
    recurrenceInterval: 'PT01H00M00S',
  }
  engine.jobSchedules.add(scheduleBody('s', schedule))
  expect(engine.jobSchedules.get('s')).toMatchObject({
    schedule: { doNotRunUntil: '2026-01-01T02:00:00.15Z', startWindow: 'PT6M', recurrenceInterval: 'PT1H' },
    executionInfo: { nextRunTime: '2026-01-01T02:00:00.15Z' },
  })
})

function openOn(path: string, start: number) {
  const clock = createVirtualClock(start)
  const runtime = createFakeRuntime({ clock, reports: () => engine.reports })
  let ids = 0
  const engine: Engine = createEngine({
    store: openStore(path),
    clock,
    account: { name: 'test' },
    newId: () => String(++ids).padStart(64, '0'),
    perform: (effects) => runtime.perform(effects),
  })
  return { engine, clock }
}

function makeDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'malachite-schedules-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  return directory
}

test('a week after the emulator was stopped there is one job to catch up with, not seven', () => {
  const path = join(makeDirectory(), 'batch.db')
  const first = openOn(path, Date.UTC(2026, 0, 1))
  first.engine.jobSchedules.add(scheduleBody('s', nightly()))
  first.clock.advance(3 * HOUR * 1000)
  first.engine.close()

  const second = openOn(path, Date.UTC(2026, 0, 8, 12))
  onTestFinished(() => second.engine.close())
  second.clock.advance(1000)
  expect(creationTimes(second.engine, 's')).toEqual(['2026-01-01T02:00:00Z', '2026-01-08T12:00:00Z'])
  expect(nextRunTime(second.engine, 's')).toBe('2026-01-09T02:00:00Z')
})

test('after a restart a schedule goes on at its time', () => {
  const path = join(makeDirectory(), 'batch.db')
  const first = openOn(path, Date.UTC(2026, 0, 1))
  first.engine.jobSchedules.add(scheduleBody('s', nightly()))
  first.engine.jobSchedules.add(stayingBody('ending'))
  first.engine.jobSchedules.terminate('ending')
  first.engine.close()

  const second = openOn(path, Date.UTC(2026, 0, 1, 1))
  onTestFinished(() => second.engine.close())
  second.clock.advance(HOUR * 1000 + 1000)
  expect(creationTimes(second.engine, 's')).toEqual(['2026-01-01T02:00:00Z'])
  expect(second.engine.jobSchedules.get('ending').state).toBe('completed')
})

test('a schedule can be deleted by force while one of its jobs is being deleted', () => {
  const { engine, seconds } = openVirtualEngine({ script: () => ({ duration: 600_000 }) })
  engine.pools.add(poolBody('p'))
  engine.jobSchedules.add(stayingBody('s'))
  engine.tasks.add('s:job-1', taskBody('t'))
  seconds(5)
  engine.jobs.delete('s:job-1')
  expect(engine.jobs.get('s:job-1').state).toBe('deleting')
  engine.jobSchedules.delete('s', { force: true })
  seconds(1)
  expect(engine.jobSchedules.list().items).toEqual([])
  expect(engine.jobs.list().items).toEqual([])
})

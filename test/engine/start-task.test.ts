// When a start task runs, how often it is tried, and what its node tells of it.

import { expect, test } from 'vitest'
import type { FakeRuntimeOptions } from '../helpers/fake-runtime.ts'
import { jobBody, nodeStates, openVirtualEngine, poolBody, taskBody } from '../helpers/virtual-engine.ts'

/** A pool `p` with one node and this start task. */
function open(script: NonNullable<FakeRuntimeOptions['script']>, startTask: object, pool: object = {}) {
  const opened = openVirtualEngine({ script })
  opened.engine.pools.add(poolBody('p', { startTask: { commandLine: 'start', ...startTask }, ...pool }))
  const runs = () => opened.runtime.effects.filter((effect) => effect.type === 'runStartTask')
  const node = () => opened.engine.nodes.list('p').items[0]
  return { ...opened, runs, node, info: () => node()?.startTaskInfo }
}

test('unless it is told otherwise, tasks wait for the start task, and it is tried once', () => {
  const { seconds, node, runs } = open(() => ({ duration: 5000, exitCode: 1 }), {})
  seconds(1)
  expect(node()).toMatchObject({
    state: 'waitingforstarttask',
    startTask: { waitForSuccess: true, maxTaskRetryCount: 0 },
  })
  seconds(60)
  expect(node()?.state).toBe('starttaskfailed')
  expect(runs()).toHaveLength(1)
})

test('with -1 a start task is tried until it succeeds', () => {
  const { seconds, node, runs } = open((_, tries) => ({ exitCode: tries < 50 ? 1 : 0 }), {
    maxTaskRetryCount: -1,
  })
  seconds(60)
  expect(node()).toMatchObject({ state: 'idle', startTaskInfo: { retryCount: 50, result: 'success' } })
  expect(runs()).toHaveLength(51)
})

test('what fails before the command starts is not tried again', () => {
  const failure = { category: 'UserError', code: 'BlobNotFound', message: 'Gone.' } as const
  const { seconds, node, runs } = open(() => ({ failure }), { maxTaskRetryCount: 5 })
  seconds(60)
  expect(node()?.state).toBe('starttaskfailed')
  expect(node()?.startTaskInfo).toMatchObject({ result: 'failure', failureInfo: failure, retryCount: 0 })
  expect(node()?.startTaskInfo).not.toHaveProperty('exitCode')
  expect(runs()).toHaveLength(1)
})

test('while it runs there is a start, after it an end, an exit code and a result', () => {
  const { seconds, info } = open(() => ({ duration: 5000, exitCode: 0 }), {})
  seconds(1)
  const running = info()
  expect(Object.keys(running ?? {}).sort()).toEqual(['retryCount', 'startTime', 'state'])
  expect(running).toMatchObject({ state: 'running', retryCount: 0 })
  seconds(5)
  expect(info()).toEqual({
    state: 'completed',
    startTime: running?.startTime,
    endTime: expect.stringMatching(/^2026-01-01T00:00:05/) as string,
    exitCode: 0,
    retryCount: 0,
    result: 'success',
  })
})

test('each try has its own start; that of the latest retry is told twice', () => {
  const { seconds, info } = open(() => ({ duration: 5000, exitCode: 1 }), { maxTaskRetryCount: 1 })
  seconds(1)
  const first = info()?.startTime ?? ''
  seconds(6)
  const retry = info()
  expect(retry).toMatchObject({ state: 'running', retryCount: 1 })
  expect(retry).not.toHaveProperty('endTime')
  expect(retry).not.toHaveProperty('exitCode')
  expect(retry?.startTime).toBe(retry?.lastRetryTime)
  expect((retry?.startTime ?? '') > first).toBe(true)
  seconds(10)
  expect(info()).toMatchObject({
    state: 'completed',
    startTime: retry?.startTime,
    exitCode: 1,
    retryCount: 1,
  })
})

test('a new start task is for nodes that join or restart later; the others keep what they ran', () => {
  const { engine, seconds, runs, node } = open(() => ({}), {})
  seconds(5)
  const nodeId = node()?.id ?? ''
  engine.pools.patch('p', { startTask: { commandLine: 'another' } })
  seconds(60)
  expect(runs().map(({ commandLine }) => commandLine)).toEqual(['start'])
  expect(engine.nodes.get('p', nodeId).startTask).toMatchObject({ commandLine: 'start' })
  engine.pools.resize('p', { targetDedicatedNodes: 2 })
  seconds(5)
  expect(runs().map(({ commandLine }) => commandLine)).toEqual(['start', 'another'])
  engine.nodes.reboot('p', nodeId)
  seconds(5)
  expect(runs().map(({ commandLine }) => commandLine)).toEqual(['start', 'another', 'another'])
  engine.pools.updateProperties('p', {
    certificateReferences: [],
    applicationPackageReferences: [],
    metadata: [],
  })
  engine.nodes.reimage('p', nodeId)
  seconds(5)
  expect(runs()).toHaveLength(3)
  expect(engine.nodes.get('p', nodeId)).not.toHaveProperty('startTask')
})

test('tasks start on each node as soon as that is ready, whatever the others do', () => {
  const script = (line: string, tries: number) => ({
    duration: line === 'start' && tries > 0 ? 600_000 : 1000,
  })
  const { engine, seconds } = open(script, {}, { targetDedicatedNodes: 2 })
  engine.jobs.add(jobBody('j', 'p'))
  engine.tasks.add('j', taskBody('t'))
  seconds(5)
  expect(nodeStates(engine, 'p')).toEqual(['idle', 'waitingforstarttask'])
  expect(engine.tasks.get('j', 't').executionInfo.result).toBe('success')
})

test('without waitForSuccess a node is idle or running while its start task runs', () => {
  const { engine, seconds, node, info } = open(() => ({ duration: 60_000 }), { waitForSuccess: false })
  seconds(1)
  expect(node()?.state).toBe('idle')
  engine.jobs.add(jobBody('j', 'p'))
  engine.tasks.add('j', taskBody('t'))
  expect(node()?.state).toBe('running')
  expect(info()?.state).toBe('running')
})

// Waiting for jobs: the exit code tells how their tasks ended.

import { expect, test } from 'vitest'
import { jobBody, taskBody } from '../helpers/virtual-engine.ts'
import { bashTask, useEmulator } from './shared-emulator.ts'

const emulator = useEmulator()
const { run, start } = emulator

test('exit code 0 means that all tasks succeeded', async () => {
  await emulator.pool('good')
  emulator.engine().jobs.add(jobBody('good', 'good'))
  for (const id of ['a', 'b']) emulator.engine().tasks.add('good', bashTask(id, 'sleep 0.3'))
  expect(await run('wait job good')).toEqual({
    stdout: 'Job good: 2 succeeded, 0 failed.',
    stderr: '',
    exitCode: 0,
  })
})

test('exit code 1 means that tasks failed, and the first of them are named', async () => {
  await emulator.pool('bad')
  emulator.engine().jobs.add(jobBody('bad', 'bad'))
  emulator.engine().tasks.add('bad', bashTask('fine', 'exit 0'))
  for (let i = 1; i <= 6; i++) emulator.engine().tasks.add('bad', bashTask(`t${i}`, `exit ${i}`))
  const { stdout, exitCode } = await run('wait job bad --timeout 30s')
  expect(stdout).toBe(
    [
      'Job bad: 1 succeeded, 6 failed.',
      ...[1, 2, 3, 4, 5].map((i) => `  t${i}: exit code ${i}`),
      '  and 1 more',
    ].join('\n'),
  )
  expect(exitCode).toBe(1)
  const inJson = await run('wait job bad -o json')
  expect(JSON.parse(inJson.stdout)).toMatchObject({
    job: 'bad',
    outcome: 'failed',
    taskCounts: { active: 0, running: 0, completed: 7, succeeded: 1, failed: 6 },
    failed: [{ id: 't1', executionInfo: { exitCode: 1 } }, {}, {}, {}, {}],
  })
})

test('exit code 124 means that the time is over', async () => {
  emulator.engine().jobs.add(jobBody('stuck', 'none'))
  emulator.engine().tasks.add('stuck', taskBody('t'))
  expect(await run('wait job stuck --timeout 1s')).toEqual({
    stdout: 'Job stuck: 0 succeeded, 0 failed, 1 waiting. The time is over.',
    stderr: '',
    exitCode: 124,
  })
})

test('a job that was terminated is over, whatever its tasks did', async () => {
  emulator.engine().jobs.add(jobBody('ended', 'none'))
  emulator.engine().tasks.add('ended', taskBody('t'))
  const waiting = start('wait job ended')
  emulator.engine().jobs.terminate('ended')
  expect((await waiting).exitCode).toBe(1)
})

test('a job without tasks that has completed succeeded', async () => {
  emulator.engine().jobs.add(jobBody('empty', 'none'))
  emulator.engine().jobs.terminate('empty')
  expect((await run('wait job empty')).exitCode).toBe(0)
})

test('a job that does not exist is exit code 3, Ctrl-C is 130', async () => {
  expect((await run('wait job none')).exitCode).toBe(3)
  emulator.engine().jobs.add(jobBody('endless', 'none'))
  emulator.engine().tasks.add('endless', taskBody('t'))
  const waiting = start('wait job endless')
  setTimeout(() => waiting.kill('SIGINT'), 1500)
  expect(await waiting).toMatchObject({ stdout: '', exitCode: 130 })
})

// Asking a running emulator why, and preempting its nodes.

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startEmulator } from '@malachite/emulator'
import { expect, onTestFinished, test } from 'vitest'
import { jobBody, poolBody, taskBody } from '../helpers/virtual-engine.ts'
import { malachite, temporaryDirectory } from './command.ts'

/** An emulator of this process, and the command with its endpoints file. */
async function prepare() {
  const emulator = await startEmulator({ batchPort: 0, blobPort: 'none' })
  onTestFinished(() => emulator.close())
  const { engine, batch } = emulator
  const file = join(await temporaryDirectory(), 'endpoints.json')
  await writeFile(file, JSON.stringify({ pid: process.pid, batch }))
  const run = async (line: string) => {
    const { stdout, stderr, exitCode } = await malachite([...line.split(' '), '--endpointsFile', file])
    return { stdout, stderr, exitCode }
  }
  return { engine, run, file, emulator }
}

test('the emulator is that of the variables of `malachite env`, as for all other commands', async () => {
  const { batch } = (await prepare()).emulator
  const env = {
    AZURE_BATCH_ACCOUNT: batch.account,
    AZURE_BATCH_ACCESS_KEY: batch.key,
    AZURE_BATCH_ENDPOINT: batch.url,
  }
  const { stderr, exitCode } = await malachite(['why', 'pool', 'gone'], { env })
  expect(stderr).toContain('PoolNotFound')
  expect(exitCode).toBe(3)
})

test('the cause of a state is told in three lines, or as JSON', async () => {
  const { engine, run } = await prepare()
  engine.jobs.add(jobBody('j', 'gone'))
  engine.tasks.add('j', taskBody('t'))
  expect(await run('why task j t')).toEqual({
    stdout: [
      'task t of job j: active, PoolNotFound',
      'Pool gone of job j does not exist.',
      'Add a pool of this id, or name another one in the poolInfo of the job.',
    ].join('\n'),
    stderr: '',
    exitCode: 0,
  })
  const { stdout } = await run('why job j --json')
  expect(JSON.parse(stdout)).toEqual(engine.explain.job('j'))
})

test('a job of a schedule is found by its id with a colon', async () => {
  const { engine, run } = await prepare()
  const jobSpecification = { poolInfo: { poolId: 'gone' } }
  engine.jobSchedules.add({ id: 's', schedule: {}, jobSpecification })
  expect((await run('why job s:job-1')).stdout).toContain('job s:job-1: active, JobHasNoTasks')
  expect((await run('why schedule s')).stdout).toContain('job schedule s: active, PreviousJobActive')
})

test('spot nodes are preempted', async () => {
  const { engine, run } = await prepare()
  engine.pools.add(poolBody('p', { targetDedicatedNodes: 0, targetLowPriorityNodes: 2 }))
  await expect.poll(() => engine.nodes.list('p').items.map(({ state }) => state)).toEqual(['idle', 'idle'])
  const [first = '', second = ''] = engine.nodes.list('p').items.map(({ id }) => id)
  expect(await run(`preempt p ${second} --absence 1h`)).toEqual({ stdout: second, stderr: '', exitCode: 0 })
  expect(JSON.parse((await run('preempt p --count 2 --absence 1h --json')).stdout)).toEqual({
    nodes: [first],
  })
  expect((await run(`why node p ${first}`)).stdout).toContain('preempted, NodePreempted')
  expect((await run('why pool p')).stdout).toContain('2 of the 2 nodes of pool p take no tasks')
  expect(await run('preempt p')).toEqual({
    stdout: '',
    stderr: 'malachite: Pool p has no spot node with a machine (OperationNotValidOnPool).',
    exitCode: 1,
  })
})

test('what does not exist, does not run or cannot be meant is told without a stack', async () => {
  const { run, emulator } = await prepare()
  const refusal = async (line: string) => {
    const { stdout, stderr, exitCode } = await run(line)
    expect(stdout).toBe('')
    expect(stderr).not.toContain('    at ')
    return `${exitCode} ${stderr}`
  }
  expect(await refusal('why job none')).toBe('3 malachite: The specified job does not exist (JobNotFound).')
  expect(await refusal('why pool none --json')).toBe(
    '3 malachite: The specified pool does not exist (PoolNotFound).',
  )
  expect(await refusal('preempt p n --count 2')).toBe(
    '2 malachite: Name a node, or give --count, but not both.',
  )
  await emulator.close()
  expect(await refusal('why job j')).toMatch(/^1 malachite: .* does not answer .*Start it with `malachite/)
  const { stderr, exitCode } = await malachite(['why', 'job', 'j', '--endpointsFile', 'none.json'])
  expect({ stderr, exitCode }).toMatchObject({ exitCode: 2 })
  expect(stderr).toContain('is `malachite emulator` running with this --endpointsFile?')
})

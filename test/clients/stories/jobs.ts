// Jobs, their tasks and the tasks' files.

import { expect } from 'vitest'
import { addIdlePool, contentOf, refusal, until, type Stage } from '../recorder.ts'

const POOL = 'jobs'
const JOB = 'job'

/** Every operation of jobs. */
export async function jobs(stage: Stage): Promise<void> {
  const { client } = stage
  await addIdlePool(stage, POOL)
  await client.job.add({
    id: JOB,
    poolInfo: { poolId: POOL },
    priority: 5,
    jobPreparationTask: { commandLine: '/bin/true' },
    jobReleaseTask: { commandLine: '/bin/true' },
  })
  const { constraints, executionInfo, ...job } = await client.job.get(JOB)
  expect(job).toMatchObject({ state: 'active', priority: 5, onAllTasksComplete: 'noaction' })
  expect(constraints?.maxWallClockTime).toBe('P10675199DT2H48M5.4775807S')
  expect(executionInfo?.poolId).toBe(POOL)

  await client.task.add(JOB, { id: 'first', commandLine: '/bin/true' })
  await until(
    () => client.task.get(JOB, 'first'),
    ({ state }) => state === 'completed',
  )
  const status = await client.job.listPreparationAndReleaseTaskStatus(JOB)
  expect([...status]).toMatchObject([{ jobPreparationTaskExecutionInfo: { result: 'success', exitCode: 0 } }])
  expect((await client.job.getTaskCounts(JOB)).taskCounts).toMatchObject({ completed: 1, succeeded: 1 })

  await client.job.patch(JOB, { priority: 7 })
  await client.job.update(JOB, { poolInfo: { poolId: POOL }, metadata: [{ name: 'n', value: 'v' }] })
  expect(await client.job.get(JOB)).toMatchObject({ priority: 0, metadata: [{ name: 'n', value: 'v' }] })
  await client.job.disable(JOB, 'requeue')
  await until(
    () => client.job.get(JOB),
    ({ state }) => state === 'disabled',
  )
  await client.job.enable(JOB)
  await until(
    () => client.job.get(JOB),
    ({ state }) => state === 'active',
  )

  expect(await client.job.getAllLifetimeStatistics()).toMatchObject({ numSucceededTasks: expect.anything() })
  expect((await client.job.list()).map(({ id }) => id)).toContain(JOB)
  await client.job.terminate(JOB, { terminateReason: 'enough' })
  const ended = await until(
    () => client.job.get(JOB),
    ({ state }) => state === 'completed',
  )
  expect(ended.executionInfo).toMatchObject({ terminateReason: 'enough', endTime: expect.any(Date) })
  expect(await refusal(client.job.enable(JOB))).toEqual([409, 'JobCompleted'])
  await client.job.deleteMethod(JOB)
  await until(
    () => refusal(client.job.get(JOB)),
    ([status]) => status === 404,
  )
  expect(await refusal(client.job.get(JOB))).toEqual([404, 'JobNotFound'])
}

/** Every operation of tasks and of their files. */
export async function tasks(stage: Stage): Promise<void> {
  const { client } = stage
  const { task, file } = client
  await addIdlePool(stage, 'tasks')
  await client.job.add({ id: 'tasks', poolInfo: { poolId: 'tasks' }, usesTaskDependencies: true })
  await task.add('tasks', { id: 'fails', commandLine: "/bin/sh -c 'echo no >&2; exit 4'" })
  const added = await task.addCollection('tasks', [
    { id: 'after', commandLine: '/bin/true', dependsOn: { taskIds: ['other'] } },
    { id: 'other', commandLine: "/bin/sh -c 'echo done'" },
    { id: 'FAILS', commandLine: '/bin/true' },
  ])
  expect(added.value?.map(({ status }) => status)).toEqual(['Success', 'Success', 'ClientError'])
  const state = (id: string, wanted: string) =>
    until(
      () => task.get('tasks', id),
      (answer) => answer.state === wanted,
    )
  expect((await state('after', 'completed')).executionInfo).toMatchObject({ result: 'success' })

  const failed = await state('fails', 'completed')
  expect(failed.executionInfo).toMatchObject({ exitCode: 4, failureInfo: { code: 'FailureExitCode' } })
  expect(await refusal(task.terminate('tasks', 'fails'))).toEqual([409, 'TaskCompleted'])
  await task.reactivate('tasks', 'fails')
  await task.add('tasks', { id: 'long', commandLine: '/bin/sleep 600' })
  await task.update('tasks', 'long', { constraints: { maxTaskRetryCount: 2 } })
  expect((await task.get('tasks', 'long')).constraints).toMatchObject({
    maxTaskRetryCount: 2,
    retentionTime: 'P7D',
  })
  await task.terminate('tasks', 'long')
  expect((await task.get('tasks', 'long')).executionInfo?.failureInfo?.code).toBe('TaskEnded')
  expect(await task.listSubtasks('tasks', 'long')).toMatchObject({ value: [] })

  const filter = "state eq 'completed' and startswith(id,'oth')"
  const listed = await task.list('tasks', { taskListOptions: { filter, select: 'id' } })
  expect(listed.map(({ id, commandLine }) => [id, commandLine])).toEqual([['other', undefined]])
  expect((await file.listFromTask('tasks', 'other')).map(({ name }) => name)).toContain('stdout.txt')
  expect(await contentOf(await file.getFromTask('tasks', 'other', 'stdout.txt'))).toBe('done\n')
  expect(await file.getPropertiesFromTask('tasks', 'other', 'stdout.txt')).toMatchObject({ contentLength: 5 })
  await file.deleteFromTask('tasks', 'other', 'stdout.txt')
  expect(await refusal(file.getFromTask('tasks', 'other', 'stdout.txt'))).toEqual([404, undefined])
  await task.deleteMethod('tasks', 'other')
  expect(await refusal(task.get('tasks', 'other'))).toEqual([404, 'TaskNotFound'])
}

// Job schedules.

import { expect } from 'vitest'
import { addIdlePool, refusal, until, type Stage } from '../recorder.ts'

const ID = 'nightly'

/** Every operation of job schedules. */
export async function schedules(stage: Stage): Promise<void> {
  const { client } = stage
  const { jobSchedule } = client
  await addIdlePool(stage, 'schedules')
  const jobSpecification = {
    poolInfo: { poolId: 'schedules' },
    onAllTasksComplete: 'terminatejob' as const,
    jobManagerTask: { id: 'manager', commandLine: '/bin/true' },
  }
  expect(await jobSchedule.exists(ID)).toMatchObject({ body: false })
  await jobSchedule.add({ id: ID, schedule: { recurrenceInterval: 'P1D' }, jobSpecification })
  expect(await refusal(jobSchedule.add({ id: ID, schedule: {}, jobSpecification }))).toEqual([
    409,
    'JobScheduleExists',
  ])
  expect(await jobSchedule.exists(ID)).toMatchObject({ body: true })

  const first = await until(
    () => jobSchedule.get(ID),
    ({ executionInfo }) => executionInfo?.recentJob !== undefined,
  )
  expect(first).toMatchObject({ state: 'active', executionInfo: { recentJob: { id: `${ID}:job-1` } } })
  expect(first.executionInfo?.nextRunTime).toBeInstanceOf(Date)
  expect((await client.job.listFromJobSchedule(ID)).map(({ id }) => id)).toEqual([`${ID}:job-1`])
  const job = await until(
    () => client.job.get(`${ID}:job-1`),
    ({ state }) => state === 'completed',
  )
  expect(job.executionInfo?.terminateReason).toBe('JMComplete')

  await jobSchedule.patch(ID, { metadata: [{ name: 'n', value: 'v' }] })
  await jobSchedule.update(ID, { schedule: { recurrenceInterval: 'PT2H' }, jobSpecification })
  const updated = await jobSchedule.get(ID)
  expect([updated.schedule?.recurrenceInterval, updated.metadata]).toEqual(['PT2H', undefined])
  await jobSchedule.disable(ID)
  expect((await jobSchedule.get(ID)).state).toBe('disabled')
  await jobSchedule.enable(ID)
  expect((await jobSchedule.list()).map(({ id, state }) => [id, state])).toEqual([[ID, 'active']])
  await jobSchedule.terminate(ID)
  const ended = await until(
    () => jobSchedule.get(ID),
    ({ state }) => state === 'completed',
  )
  expect(ended.executionInfo?.endTime).toBeInstanceOf(Date)
  await jobSchedule.deleteMethod(ID)
  await until(
    () => jobSchedule.exists(ID),
    ({ body }) => !body,
  )
  expect(await refusal(jobSchedule.get(ID))).toEqual([404, 'JobScheduleNotFound'])
}

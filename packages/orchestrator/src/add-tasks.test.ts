import { BatchError, type AddTaskResult, type Clock, type TaskSpec } from '@malachite/model'
import { expect, test } from 'vitest'
import { addTasks } from './add-tasks.ts'
import type { WorkflowEvent } from './report.ts'

const success = ({ id }: TaskSpec): AddTaskResult => ({ taskId: id, status: 'success' })
const failure = (taskId: string, status: 'clienterror' | 'servererror', code: string): AddTaskResult => ({
  taskId,
  status,
  error: { code, message: `About ${code}`, details: { Value: 'https://h/c?sig=secret&se=1' } },
})

function tasksOf(count: number): TaskSpec[] {
  return Array.from({ length: count }, (_, i) => ({ id: `t${i}`, commandLine: 'true' }))
}

/** Adds tasks to a service that answers each request by `answer`; the pauses take no time. */
async function add(
  tasks: TaskSpec[],
  answer: (chunk: readonly TaskSpec[], request: number) => AddTaskResult[],
) {
  const requests: string[][] = []
  const events: WorkflowEvent[] = []
  const pauses: number[] = []
  const clock: Clock = {
    now: () => 0,
    after(ms, fn) {
      pauses.push(ms)
      const timer = setImmediate(fn)
      return () => clearImmediate(timer)
    },
  }
  const batch = {
    async addTasks(_job: string, chunk: readonly TaskSpec[]) {
      requests.push(chunk.map(({ id }) => id))
      return answer(chunk, requests.length)
    },
  }
  const result = await addTasks('job', tasks, { batch, clock, report: (event) => events.push(event) })
  return { ...result, requests, events, pauses }
}

test('sends chunks of 100 and counts what was added', async () => {
  const { added, rejected, requests } = await add(tasksOf(201), (chunk) => chunk.map(success))
  expect(requests.map((ids) => ids.length)).toEqual([100, 100, 1])
  expect(added).toHaveLength(201)
  expect(rejected).toEqual([])
})

test('halves a request that is too large, and reports the one task that is so by itself', async () => {
  const { added, rejected, requests } = await add(tasksOf(4), (chunk) => {
    if (chunk.some(({ id }) => id === 't2')) throw new BatchError('RequestBodyTooLarge')
    return chunk.map(success)
  })
  expect(requests).toEqual([['t0', 't1', 't2', 't3'], ['t0', 't1'], ['t2', 't3'], ['t2'], ['t3']])
  expect(added).toEqual(['t0', 't1', 't3'])
  expect(rejected.map(({ taskId }) => taskId)).toEqual(['t2'])
  expect(rejected[0]?.reason).toContain('RequestBodyTooLarge')
})

test('a task that exists counts as added: an earlier answer was lost', async () => {
  const { added, rejected } = await add(tasksOf(2), (chunk, request) =>
    request === 1
      ? [failure('t0', 'servererror', 'InternalError'), failure('t1', 'servererror', 'InternalError')]
      : chunk.map(({ id }) => failure(id, 'clienterror', 'TaskExists')),
  )
  expect(added).toEqual(['t0', 't1'])
  expect(rejected).toEqual([])
})

test('repeats only what the server failed to add, with growing pauses', async () => {
  const { added, requests, pauses } = await add(tasksOf(3), (chunk, request) =>
    chunk.map((task) =>
      task.id === 't1' && request < 3 ? failure('t1', 'servererror', 'ServerBusy') : success(task),
    ),
  )
  expect(requests).toEqual([['t0', 't1', 't2'], ['t1'], ['t1']])
  expect(pauses).toEqual([200, 400])
  expect(added).toEqual(['t0', 't2', 't1'])
})

test('gives up on a task that the server never adds', async () => {
  const { rejected, requests } = await add(tasksOf(1), () => [failure('t0', 'servererror', 'ServerBusy')])
  expect(requests).toHaveLength(5)
  expect(rejected).toEqual([
    { taskId: 't0', reason: 'The service refused the task: ServerBusy: About ServerBusy' },
  ])
})

test('a task without an answer is sent again, and rejected in the end', async () => {
  const { added, rejected } = await add(tasksOf(2), (chunk) =>
    chunk.filter(({ id }) => id === 't0').map(success),
  )
  expect(added).toEqual(['t0'])
  expect(rejected.map(({ taskId }) => taskId)).toEqual(['t1'])
})

test('reports a refused task at once, without secrets', async () => {
  const { events, requests } = await add(tasksOf(1), () => [
    failure('t0', 'clienterror', 'InvalidPropertyValue'),
  ])
  expect(requests).toHaveLength(1)
  expect(events).toEqual([
    {
      type: 'taskRejected',
      taskId: 't0',
      code: 'InvalidPropertyValue',
      message: 'About InvalidPropertyValue',
      details: { Value: 'https://h/c?sig=***&se=1' },
    },
  ])
})

test('a request that fails as a whole ends the adding', async () => {
  const all = add(tasksOf(1), () => {
    throw new BatchError('JobNotFound')
  })
  await expect(all).rejects.toMatchObject({ code: 'JobNotFound' })
})

import { expect, test } from 'vitest'
import { fromPoolSpec, fromTaskSpec, toAddTaskResult } from './requests.ts'
import { poolSpec } from './testing/specs.ts'
import { executionInfo, toTask } from './translate-job.ts'
import { toNodeFile, toPool } from './translate-pool.ts'

test('keeps absent what is absent', () => {
  expect(toTask({ id: 'a', state: 'active' })).toStrictEqual({ id: 'a', state: 'active' })
})

test('leaves out what the model does not know', () => {
  expect(toPool({ id: 'a', url: 'https://a/pools/a', certificateReferences: [] })).toStrictEqual({ id: 'a' })
})

test("writes the service's Spread and TaskSuccess in lower case", () => {
  const policy = { nodeFillType: 'Spread' as 'spread' }
  expect(toPool({ taskSchedulingPolicy: policy }).taskSchedulingPolicy).toEqual({ nodeFillType: 'spread' })
  const outputFiles = [
    {
      filePattern: '*',
      destination: { container: { containerUrl: 'https://s/c' } },
      uploadOptions: { uploadCondition: 'TaskSuccess' as 'tasksuccess' },
    },
  ]
  expect(toTask({ outputFiles }).outputFiles?.[0]?.uploadOptions).toEqual({ uploadCondition: 'tasksuccess' })
})

test.each([
  ['usererror', 'UserError'],
  ['UserError', 'UserError'],
  ['ServerError', 'ServerError'],
])('reads the category %s as %s', (sent, category) => {
  const failureInfo = { category: sent as 'usererror', code: 'FailureExitCode', message: 'm' }
  expect(executionInfo({ retryCount: 0, requeueCount: 0, failureInfo }).failureInfo?.category).toBe(category)
})

test('reads sizes that are text', () => {
  const properties = { lastModified: new Date(0), contentLength: '9007199254740991' as unknown as number }
  expect(toNodeFile({ name: 'a', isDirectory: false, properties }).properties?.contentLength).toBe(
    2 ** 53 - 1,
  )
})

test('calls a user by the name of the client and back', () => {
  const spec = { id: 't', commandLine: 'x', userIdentity: { username: 'me' } }
  expect(fromTaskSpec(spec).userIdentity).toEqual({ userName: 'me' })
  expect(toTask({ userIdentity: { userName: 'me' } }).userIdentity).toEqual({ username: 'me' })
  expect(fromPoolSpec(poolSpec)).toEqual(poolSpec)
})

test('reads the result of a task that failed on the server', () => {
  const status = 'ServerError' as 'servererror'
  expect(toAddTaskResult({ taskId: 'a', status, error: { code: 'ServerBusy' } })).toEqual({
    taskId: 'a',
    status: 'servererror',
    error: { code: 'ServerBusy', message: 'ServerBusy', details: {} },
  })
})

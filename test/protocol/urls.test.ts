// URLs in answers: absolute, on the host of the request, with ids as they were written when things were added.

import { expect, test } from 'vitest'
import { addPoolWithNodes, items, jobOf, must, openProtocol, runTask, taskOf } from './helpers.ts'

const { call, url } = await openProtocol()

const [nodeId = ''] = await addPoolWithNodes(call, 'My-Pool', 1)
await must(call('POST /jobs', { json: jobOf('My-Job', 'My-Pool') }))
await runTask(call, 'My-Job', taskOf('My-Task'))

const POOL = `${url}/pools/My-Pool`
const TASK = `${url}/jobs/My-Job/tasks/My-Task`

test.each([
  ['/pools/my-pool', POOL],
  ['/POOLS/MY-POOL', POOL],
  [`/pools/my-pool/nodes/${nodeId}`, `${POOL}/nodes/${nodeId}`],
  ['/jobs/my-job', `${url}/jobs/My-Job`],
  ['/jobs/MY-JOB/tasks/my-task', TASK],
])('GET %s answers the URL with the ids that things have', async (path, expected) => {
  expect((await call(`GET ${path}`)).json()['url']).toBe(expected)
})

test.each([
  ['/jobs/my-job/tasks', TASK],
  ['/pools/my-pool/nodes', `${POOL}/nodes/${nodeId}`],
  ['/jobs/my-job/tasks/my-task/files', `${url}/jobs/My-Job/tasks/My-Task/files/stdout.txt`],
  [`/pools/my-pool/nodes/${nodeId}/files`, `${POOL}/nodes/${nodeId}/files/workitems`],
])('the items of %s have such URLs, too', async (path, expected) => {
  const urls = items((await call(`GET ${path}`)).json()).map((item) => item['url'])
  expect(urls).toContain(expected)
})

test('a new task is told the URL with the id of its job', async () => {
  const added = await call('POST /jobs/MY-job/tasks', { json: taskOf('Second') })
  expect(added.headers['location']).toBe(`${url}/jobs/My-Job/tasks/Second`)
  const value = [taskOf('Third')]
  const collection = (await call('POST /jobs/MY-job/addtaskcollection', { json: { value } })).json()
  expect(items(collection)[0]?.['location']).toBe(`${url}/jobs/My-Job/tasks/Third`)
})

test('ids that do not exist are not found in any casing', async () => {
  expect((await call('GET /jobs/no-such/tasks')).status).toBe(404)
  expect((await call('GET /pools/no-such/nodes')).status).toBe(404)
})

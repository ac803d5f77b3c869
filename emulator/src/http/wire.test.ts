import { expect, test } from 'vitest'
import { fileBody, nodeBody, poolBody, taskBody } from './wire.ts'

const BASE = 'http://localhost:10003'

/** What the client reads, in the order in which it is written. */
const written = (body: object): object => JSON.parse(JSON.stringify(body)) as object

test('a pool has its URL behind its names, and the capital letters of the service', () => {
  const pool = poolBody(
    { id: 'p', displayName: 'P', eTag: '0x1', taskSchedulingPolicy: { nodeFillType: 'spread' } },
    BASE,
  )
  expect(Object.entries(written(pool))).toEqual([
    ['id', 'p'],
    ['displayName', 'P'],
    ['url', `${BASE}/pools/p`],
    ['eTag', '0x1'],
    ['taskSchedulingPolicy', { nodeFillType: 'Spread' }],
  ])
})

test('members that were not selected stay absent', () => {
  expect(Object.keys(written(poolBody({ id: 'p' }, BASE)))).toEqual(['id', 'url'])
})

test('a task has URLs of itself, its node and its directory', () => {
  const task = taskBody(
    {
      id: 't',
      outputFiles: [
        {
          filePattern: '*',
          destination: { container: { containerUrl: 'u' } },
          uploadOptions: { uploadCondition: 'taskcompletion' },
        },
      ],
      nodeInfo: {
        affinityId: 'TVM:n',
        poolId: 'p',
        nodeId: 'n',
        taskRootDirectory: 'workitems/daily/job-1/t',
      },
    },
    BASE,
    'daily:job-1',
  )
  expect(task).toMatchObject({
    url: `${BASE}/jobs/daily:job-1/tasks/t`,
    outputFiles: [{ uploadOptions: { uploadCondition: 'TaskCompletion' } }],
  })
  expect(Object.entries((task as { nodeInfo: object }).nodeInfo)).toEqual([
    ['affinityId', 'TVM:n'],
    ['nodeUrl', `${BASE}/pools/p/nodes/n`],
    ['poolId', 'p'],
    ['nodeId', 'n'],
    ['taskRootDirectory', 'workitems/daily/job-1/t'],
    ['taskRootDirectoryUrl', `${BASE}/pools/p/nodes/n/files/workitems/daily/job-1/t`],
  ])
})

test('the recent tasks of a node begin with their URL', () => {
  const node = nodeBody(
    { id: 'n', recentTasks: [{ jobId: 'j', taskId: 't', taskState: 'completed' }] },
    BASE,
    'p',
  )
  expect(JSON.stringify(node)).toBe(
    `{"id":"n","url":"${BASE}/pools/p/nodes/n","recentTasks":[{"taskUrl":"${BASE}/jobs/j/tasks/t","jobId":"j","taskId":"t","taskState":"completed"}]}`,
  )
})

test('a file has its size as text and its time without trailing zeros', () => {
  const lastModified = new Date('2024-01-02T03:04:05.120Z')
  const file = fileBody(
    { name: 'wd/a b.txt', isDirectory: false, properties: { lastModified, contentLength: 13 } },
    `${BASE}/files`,
  )
  expect(written(file)).toEqual({
    name: 'wd/a b.txt',
    url: `${BASE}/files/wd/a%20b.txt`,
    isDirectory: false,
    properties: { lastModified: '2024-01-02T03:04:05.12Z', contentLength: '13' },
  })
})

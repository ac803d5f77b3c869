import type { BatchBackend } from '@malachite/model'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createAzureBatchBackend } from './batch-backend.ts'
import { files, job, task, taskCounts } from './testing/job-answers.ts'
import { image, node, nodeCounts, pool } from './testing/pool-answers.ts'
import { jobSpec, poolSpec, taskSpec } from './testing/specs.ts'
import { ACCOUNT, errorBody, KEY, startRecorder, type Answer, type Recorder } from './testing/recorder.ts'

let recorder: Recorder
let backend: BatchBackend

beforeAll(async () => {
  recorder = await startRecorder()
  backend = createAzureBatchBackend({ account: ACCOUNT, key: KEY, endpoint: recorder.url })
})
afterEach(() => {
  recorder.requests.length = 0
  recorder.answers.length = 0
})
afterAll(async () => {
  await backend.close()
  await recorder.close()
})

const list = <Item>(items: AsyncIterable<Item>): Promise<Item[]> => {
  const all: Item[] = []
  return (async () => {
    for await (const item of items) all.push(item)
    return all
  })()
}
const page = (...value: unknown[]): Answer => ({ status: 200, body: { 'odata.metadata': 'x', value } })
const json = (body: unknown): Answer => ({ status: 200, body })
const options = { filter: "state eq 'active'", select: ['id', 'state'], pageSize: 7 }
/** What `select` leaves of an item, whatever the service or its SDK add to it. */
const selected = ({ id, state }: { id: string; state: string }): object => ({ id, state })
const query = { $filter: "state eq 'active'", $select: 'id,state', maxresults: '7' }

interface Case {
  call: (backend: BatchBackend) => Promise<unknown>
  sends: [request: string, query?: Record<string, string>, body?: unknown]
  answer: Answer
  result?: unknown
}

const CASES: Record<string, Case> = {
  listSupportedImages: {
    call: (b) => list(b.listSupportedImages({ filter: "osType eq 'linux'", pageSize: 2 })),
    sends: ['GET /supportedimages', { $filter: "osType eq 'linux'", maxresults: '2' }],
    answer: page(image.wire),
    result: [image.ours],
  },
  addPool: {
    call: (b) => b.addPool(poolSpec),
    sends: ['POST /pools', {}, poolSpec],
    answer: { status: 201 },
  },
  getPool: {
    call: (b) => b.getPool('Pool-1'),
    sends: ['GET /pools/Pool-1'],
    answer: json(pool.wire),
    result: pool.ours,
  },
  listPools: {
    call: (b) => list(b.listPools(options)),
    sends: ['GET /pools', query],
    answer: page(pool.wire, { id: 'other', state: 'active' }),
    result: [selected(pool.ours), { id: 'other', state: 'active' }],
  },
  resizePool: {
    call: (b) => b.resizePool('p', { targetDedicatedNodes: 3, nodeDeallocationOption: 'taskcompletion' }),
    sends: [
      'POST /pools/p/resize',
      {},
      { targetDedicatedNodes: 3, nodeDeallocationOption: 'taskcompletion' },
    ],
    answer: { status: 202 },
  },
  stopResize: {
    call: (b) => b.stopResize('p'),
    sends: ['POST /pools/p/stopresize'],
    answer: { status: 202 },
  },
  deletePool: { call: (b) => b.deletePool('p'), sends: ['DELETE /pools/p'], answer: { status: 202 } },
  listNodes: {
    call: (b) => list(b.listNodes('p', options)),
    sends: ['GET /pools/p/nodes', query],
    answer: page(node.wire),
    result: [selected(node.ours)],
  },
  getNode: {
    call: (b) => b.getNode('p', 'n'),
    sends: ['GET /pools/p/nodes/n'],
    answer: json(node.wire),
    result: node.ours,
  },
  listNodeCounts: {
    call: (b) => list(b.listNodeCounts({ filter: "poolId eq 'p'" })),
    sends: ['GET /nodecounts', { $filter: "poolId eq 'p'" }],
    answer: page(nodeCounts),
    result: [nodeCounts],
  },
  rebootNode: {
    call: (b) => b.rebootNode('p', 'n'),
    sends: ['POST /pools/p/nodes/n/reboot'],
    answer: { status: 202 },
  },
  listNodeFiles: {
    call: (b) => list(b.listNodeFiles('p', 'n', { recursive: true, filter: "startswith(name,'s')" })),
    sends: ['GET /pools/p/nodes/n/files', { recursive: 'true', $filter: "startswith(name,'s')" }],
    answer: page(...files.wire),
    result: files.ours,
  },
  addJob: { call: (b) => b.addJob(jobSpec), sends: ['POST /jobs', {}, jobSpec], answer: { status: 201 } },
  getJob: {
    call: (b) => b.getJob('job'),
    sends: ['GET /jobs/job'],
    answer: json(job.wire),
    result: job.ours,
  },
  listJobs: {
    call: (b) => list(b.listJobs(options)),
    sends: ['GET /jobs', query],
    answer: page(job.wire),
    result: [selected(job.ours)],
  },
  disableJob: {
    call: (b) => b.disableJob('job', 'requeue'),
    sends: ['POST /jobs/job/disable', {}, { disableTasks: 'requeue' }],
    answer: { status: 202 },
  },
  enableJob: { call: (b) => b.enableJob('job'), sends: ['POST /jobs/job/enable'], answer: { status: 202 } },
  terminateJob: {
    call: (b) => b.terminateJob('job', { reason: 'done' }),
    sends: ['POST /jobs/job/terminate', {}, { terminateReason: 'done' }],
    answer: { status: 202 },
  },
  deleteJob: {
    call: (b) => b.deleteJob('a:job-1'),
    sends: ['DELETE /jobs/a%3Ajob-1'],
    answer: { status: 202 },
  },
  addTasks: {
    call: (b) =>
      b.addTasks('job', [taskSpec, { id: 't2', commandLine: 'x', userIdentity: { username: 'me' } }]),
    sends: [
      'POST /jobs/job/addtaskcollection',
      {},
      { value: [taskSpec, { id: 't2', commandLine: 'x', userIdentity: { username: 'me' } }] },
    ],
    answer: page(
      {
        'error@odata.navigationLinkUrl': 'x',
        error: errorBody('TaskExists', 'The specified task already exists.', [{ key: 'A', value: 'b' }]),
        status: 'ClientError',
        taskId: 't2',
      },
      { status: 'Success', taskId: 'task', eTag: '0x8', lastModified: '2026-01-02T03:04:05Z', location: 'x' },
    ),
    result: [
      {
        taskId: 't2',
        status: 'clienterror',
        error: { code: 'TaskExists', message: 'The specified task already exists.', details: { A: 'b' } },
      },
      { taskId: 'task', status: 'success' },
    ],
  },
  getTask: {
    call: (b) => b.getTask('job', 'task'),
    sends: ['GET /jobs/job/tasks/task'],
    answer: json(task.wire),
    result: task.ours,
  },
  listTasks: {
    call: (b) => list(b.listTasks('job', options)),
    sends: ['GET /jobs/job/tasks', query],
    answer: page(task.wire),
    result: [selected(task.ours)],
  },
  getTaskCounts: {
    call: (b) => b.getTaskCounts('job'),
    sends: ['GET /jobs/job/taskcounts'],
    answer: json({ 'odata.metadata': 'x', ...taskCounts }),
    result: taskCounts,
  },
  terminateTask: {
    call: (b) => b.terminateTask('job', 't'),
    sends: ['POST /jobs/job/tasks/t/terminate'],
    answer: { status: 204 },
  },
  reactivateTask: {
    call: (b) => b.reactivateTask('job', 't'),
    sends: ['POST /jobs/job/tasks/t/reactivate'],
    answer: { status: 204 },
  },
  deleteTask: {
    call: (b) => b.deleteTask('job', 't'),
    sends: ['DELETE /jobs/job/tasks/t'],
    answer: { status: 200 },
  },
  listTaskFiles: {
    call: (b) => list(b.listTaskFiles('job', 't')),
    sends: ['GET /jobs/job/tasks/t/files', { recursive: 'false' }],
    answer: page(...files.wire),
    result: files.ours,
  },
  readNodeFile: {
    call: async (b) => new Response(await b.readNodeFile('p', 'n', 'startup/stderr.txt')).text(),
    sends: ['GET /pools/p/nodes/n/files/startup%2Fstderr.txt'],
    answer: { status: 200, body: 'no such file\n' },
    result: 'no such file\n',
  },
  readTaskFile: {
    call: async (b) => new Response(await b.readTaskFile('job', 't', 'wd/a b.txt')).text(),
    sends: ['GET /jobs/job/tasks/t/files/wd%2Fa%20b.txt'],
    answer: { status: 200, body: 'héllo' },
    result: 'héllo',
  },
}

test.each(Object.entries(CASES))('%s sends the signed request of the protocol', async (_, example) => {
  const { call, sends, answer, result } = example
  recorder.answers.push(answer)
  expect(await call(backend)).toStrictEqual(result)
  const [request, query = {}, body] = sends
  expect(recorder.requests).toHaveLength(1)
  const sent = recorder.requests[0]
  expect(`${sent?.method} ${sent?.path}`).toBe(request)
  expect(sent?.query).toEqual({ 'api-version': '2022-10-01.16.0', ...query })
  expect(sent?.body).toEqual(body)
  expect(sent?.signed).toBe(true)
})

test('covers every operation of the interface', () => {
  const operations = Object.entries(backend).filter(([, member]) => typeof member === 'function')
  const names = operations.map(([name]) => name).filter((name) => name !== 'close')
  expect(Object.keys(CASES).toSorted()).toEqual(names.toSorted())
})

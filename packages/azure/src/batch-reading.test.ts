import type { BatchBackend } from '@malachite/model'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createAzureBatchBackend } from './batch-backend.ts'
import { ACCOUNT, KEY, startRecorder, type Recorder } from './testing/recorder.ts'

let recorder: Recorder
let backend: BatchBackend

beforeEach(async () => {
  recorder = await startRecorder()
  backend = createAzureBatchBackend({ account: ACCOUNT, key: KEY, endpoint: recorder.url })
})
afterEach(async () => {
  await backend.close()
  await recorder.close()
})

const pages = (): void => {
  const link = `${recorder.url}/jobs/j/tasks?api-version=2022-10-01.16.0&maxresults=2&$skiptoken=WATV2:a/b==:1$1`
  recorder.answers.push(
    { status: 200, body: { value: [{ id: 'a' }, { id: 'b' }], 'odata.nextLink': link } },
    { status: 200, body: { value: [{ id: 'c' }] } },
  )
}

test('follows the links of a list to its end', async () => {
  pages()
  const ids: string[] = []
  for await (const { id } of backend.listTasks('j', { pageSize: 2 })) ids.push(id)
  expect(ids).toEqual(['a', 'b', 'c'])
  expect(recorder.requests[1]).toMatchObject({
    path: '/jobs/j/tasks',
    query: { 'api-version': '2022-10-01.16.0', maxresults: '2', $skiptoken: 'WATV2:a/b==:1$1' },
    signed: true,
  })
})

test('requests no page that the loop does not reach', async () => {
  pages()
  const tasks = backend.listTasks('j')
  expect(recorder.requests).toHaveLength(0)
  for await (const { id } of tasks) if (id === 'b') break
  expect(recorder.requests).toHaveLength(1)
})

test('stops between pages when aborted', async () => {
  pages()
  const stop = new AbortController()
  const read = async (): Promise<void> => {
    for await (const { id } of backend.listTasks('j', { signal: stop.signal })) {
      if (id === 'b') stop.abort(new Error('enough'))
    }
  }
  await expect(read()).rejects.toThrow('enough')
  expect(recorder.requests).toHaveLength(1)
})

test.each([
  [{ offset: 5, length: 10 }, 'bytes=5-14'],
  [{ length: 3 }, 'bytes=0-2'],
  [{ offset: 7 }, 'bytes=7-'],
  [{ offset: 0 }, undefined],
])('asks for the part of a file %j', async (options, range) => {
  recorder.answers.push({ status: 200, body: 'part' })
  const stream = await backend.readTaskFile('j', 't', 'stdout.txt', options)
  expect(await new Response(stream).text()).toBe('part')
  expect(recorder.requests[0]?.headers['ocp-range']).toBe(range)
  expect(recorder.requests[0]?.signed).toBe(true)
})

test('reads nothing without a request', async () => {
  const stream = await backend.readNodeFile('p', 'n', 'x', { length: 0 })
  expect(await new Response(stream).text()).toBe('')
  expect(recorder.requests).toHaveLength(0)
})

test('ends a file that is being read when aborted', async () => {
  const stop = new AbortController()
  recorder.answers.push({ status: 200, body: 'first', unfinished: true })
  const stream = await backend.readTaskFile('j', 't', 'stdout.txt', { signal: stop.signal })
  const reader = stream.getReader()
  expect(new TextDecoder().decode((await reader.read()).value)).toBe('first')
  stop.abort(new Error('enough'))
  await expect(reader.read()).rejects.toThrow('enough')
})

test('reports a file whose connection was lost', async () => {
  recorder.answers.push({ status: 200, body: 'first', unfinished: true })
  const stream = await backend.readTaskFile('j', 't', 'stdout.txt')
  const reader = stream.getReader()
  await reader.read()
  await recorder.close()
  await expect(reader.read()).rejects.toMatchObject({ name: 'BatchError', code: 'ServiceUnreachable' })
})

test('sends requests over one connection, and drops it when closed', async () => {
  recorder.answers.push({ status: 202 }, { status: 202 })
  await backend.deleteJob('a')
  await backend.deleteJob('b')
  expect(recorder.connections()).toEqual({ opened: 1, open: 1 })
  await backend.close()
  await backend.close()
  await expect.poll(recorder.connections).toEqual({ opened: 1, open: 0 })
})

test('takes an endpoint without scheme or with a path, but not one that is none', () => {
  const named = (endpoint: string): string =>
    createAzureBatchBackend({ account: 'a', key: KEY, endpoint }).name
  expect(named('http://127.0.0.1:10003/a/')).toBe('emulator at http://127.0.0.1:10003')
  expect(named('a.westeurope.batch.azure.com')).toBe('Azure Batch account a')
  expect(() => named('ftp://a')).toThrow(expect.objectContaining({ code: 'ConfigurationError' }))
})

test('is named after its place', () => {
  expect(backend.name).toBe(`emulator at ${recorder.url}`)
  const azure = createAzureBatchBackend({
    account: 'a',
    key: KEY,
    endpoint: 'https://a.westeurope.batch.azure.com',
  })
  expect(azure.name).toBe('Azure Batch account a')
})

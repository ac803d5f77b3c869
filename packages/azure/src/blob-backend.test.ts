import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BlobBackend, Clock } from '@malachite/model'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createAzureBlobBackend } from './blob-backend.ts'
import { ACCOUNT, KEY, startRecorder, type Answer, type Recorder } from './testing/recorder.ts'

let recorder: Recorder
let backend: BlobBackend
let directory: string
let waits: number[]

const clock: Clock = {
  now: () => waits.reduce((sum, wait) => sum + wait, 0),
  after: (ms, fn) => (waits.push(ms), setImmediate(fn), () => {}),
}

beforeEach(async () => {
  waits = []
  recorder = await startRecorder()
  backend = createAzureBlobBackend({ account: ACCOUNT, key: KEY, url: `${recorder.url}/${ACCOUNT}/`, clock })
  directory = await mkdtemp(join(tmpdir(), 'malachite-azure-'))
})
afterEach(async () => {
  await backend.close()
  await recorder.close()
  await rm(directory, { recursive: true })
})

const refusal = (status: number, code: string): Answer => ({
  status,
  body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>Refused.\nRequestId:1\nTime:2</Message></Error>`,
  headers: { 'content-type': 'application/xml', 'x-ms-error-code': code },
})
const sent = (): string[] => recorder.requests.map(({ method, path }) => `${method} ${path}`)

test('creates a container, and finds one that is there', async () => {
  recorder.answers.push({ status: 201 }, refusal(409, 'ContainerAlreadyExists'))
  expect(await backend.createContainer('input')).toBe(true)
  expect(await backend.createContainer('input')).toBe(false)
  expect(sent()).toEqual([`PUT /${ACCOUNT}/input`, `PUT /${ACCOUNT}/input`])
  expect(recorder.requests[0]?.headers.authorization).toMatch(`SharedKey ${ACCOUNT}:`)
})

test('waits for a container of the same name to be gone', async () => {
  const busy = refusal(409, 'ContainerBeingDeleted')
  recorder.answers.push(busy, busy, { status: 201 })
  expect(await backend.createContainer('input')).toBe(true)
  expect(waits).toEqual([1000, 1000])
})

test('gives up waiting for a container after a minute', async () => {
  recorder.answers.push(...Array.from({ length: 100 }, () => refusal(409, 'ContainerBeingDeleted')))
  await expect(backend.createContainer('input')).rejects.toMatchObject({
    code: 'ContainerBeingDeleted',
    status: 409,
  })
  expect(waits).toHaveLength(60)
})

test('counts a container that is being deleted as gone', async () => {
  recorder.answers.push(refusal(409, 'ContainerBeingDeleted'), refusal(404, 'ContainerNotFound'), {
    status: 202,
  })
  expect(await backend.deleteContainer('input')).toBe(false)
  expect(await backend.deleteContainer('input')).toBe(false)
  expect(await backend.deleteContainer('input')).toBe(true)
})

test('knows from an answer without a body that a container is missing', async () => {
  recorder.answers.push({ status: 404 }, { status: 200 })
  expect(await backend.containerExists('input')).toBe(false)
  expect(await backend.containerExists('input')).toBe(true)
})

test('uploads a file and reports its progress', async () => {
  const path = join(directory, 'a.txt')
  await writeFile(path, 'some words')
  recorder.answers.push({ status: 201 })
  const progress: number[] = []
  await backend.uploadFile('input', 'dir/a b.txt', path, { onProgress: (bytes) => progress.push(bytes) })
  expect(sent()).toEqual([`PUT /${ACCOUNT}/input/dir/a%20b.txt`])
  expect(recorder.requests[0]?.body).toBe('some words')
  expect(progress.at(-1)).toBe(10)
})

test('passes errors of local files on unchanged', async () => {
  await expect(backend.uploadFile('input', 'a', join(directory, 'no'))).rejects.toMatchObject({
    code: 'ENOENT',
  })
  await expect(backend.uploadFile('input', 'a', directory)).rejects.toMatchObject({ code: 'EISDIR' })
  expect(sent()).toEqual([])
})

test('downloads into a new directory', async () => {
  recorder.answers.push({
    status: 200,
    body: 'some words',
    headers: { 'content-length': '10', etag: '"0x1"' },
  })
  const path = join(directory, 'new', 'a.txt')
  await backend.downloadFile('output', 'a.txt', path)
  expect(await readFile(path, 'utf8')).toBe('some words')
  expect(await readdir(join(directory, 'new'))).toEqual(['a.txt'])
})

test('leaves no file behind when a download fails or is aborted', async () => {
  recorder.answers.push(refusal(404, 'BlobNotFound'))
  const path = join(directory, 'a.txt')
  const error: unknown = await backend
    .downloadFile('output', 'a.txt', path)
    .catch((reason: unknown) => reason)
  expect(error).toMatchObject({ name: 'BatchError', code: 'BlobNotFound', status: 404, message: 'Refused.' })

  const stop = new AbortController()
  recorder.answers.push({
    status: 200,
    body: 'half',
    headers: { 'content-length': '10', etag: '"0x1"' },
    unfinished: true,
  })
  const onProgress = (): void => stop.abort(new Error('enough'))
  const download = backend.downloadFile('output', 'a.txt', path, { signal: stop.signal, onProgress })
  await expect(download).rejects.toThrow('enough')
  expect(await readdir(directory)).toEqual([])
})

test('starts a download again whose connection was lost', async () => {
  const headers = { 'content-length': '10', etag: '"0x1"' }
  recorder.answers.push({ status: 200, body: 'half', headers, cut: true })
  recorder.answers.push({ status: 200, body: 'some words', headers })
  const path = join(directory, 'a.txt')
  await backend.downloadFile('output', 'a.txt', path)
  expect(await readFile(path, 'utf8')).toBe('some words')
  expect(await readdir(directory)).toEqual(['a.txt'])
})

test('reports a download whose connection is lost for good', async () => {
  const headers = { 'content-length': '10', etag: '"0x1"' }
  recorder.answers.push({ status: 200, body: 'half', headers, unfinished: true })
  const onProgress = (): void => void recorder.close()
  const download = backend.downloadFile('output', 'a.txt', join(directory, 'a.txt'), { onProgress })
  await expect(download).rejects.toMatchObject({ name: 'BatchError', code: 'ServiceUnreachable' })
  expect(await readdir(directory)).toEqual([])
})

test('says that Azurite does not answer, and what to do', async () => {
  await recorder.close()
  const error: unknown = await backend.createContainer('input').catch((reason: unknown) => reason)
  expect(error).toMatchObject({ code: 'ServiceUnreachable', status: 0 })
  expect(String(error)).toContain('Is Azurite running?')
})

test('is named after its place and knows its address', () => {
  expect(backend.name).toBe(`Azurite at ${recorder.url}`)
  expect(backend.url).toBe(`${recorder.url}/${ACCOUNT}`)
  const azure = createAzureBlobBackend({ account: 'st' })
  expect([azure.name, azure.account, azure.url]).toEqual([
    'Azure Storage account st',
    'st',
    'https://st.blob.core.windows.net',
  ])
})

test('signs in over https only', () => {
  expect(() => createAzureBlobBackend({ account: 'a', url: 'http://127.0.0.1:1/a' })).toThrow(/over https/)
})

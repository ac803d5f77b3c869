import { inspect } from 'node:util'
import { BatchError, type BatchBackend, type Clock } from '@malachite/model'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createAzureBatchBackend, type AzureBatchBackendOptions } from './batch-backend.ts'
import { poolSpec } from './testing/specs.ts'
import { ACCOUNT, errorBody, KEY, startRecorder, type Recorder } from './testing/recorder.ts'

let recorder: Recorder
let backend: BatchBackend
let waits: number[]

// Waiting takes no time, but is counted.
const clock: Clock = {
  now: () => waits.reduce((sum, wait) => sum + wait, 0),
  after(ms, fn) {
    waits.push(ms)
    setImmediate(fn)
    return () => {}
  },
}

function connect(options: Partial<AzureBatchBackendOptions> = {}): BatchBackend {
  return createAzureBatchBackend({
    account: ACCOUNT,
    key: KEY,
    endpoint: recorder.url,
    clock,
    random: () => 0.5,
    ...options,
  })
}

beforeEach(async () => {
  waits = []
  recorder = await startRecorder()
  backend = connect()
})
afterEach(async () => {
  await backend.close()
  await recorder.close()
})

async function failure(promise: Promise<unknown>): Promise<BatchError> {
  const error: unknown = await promise.catch((reason: unknown) => reason)
  if (error instanceof BatchError) return error
  throw new Error(`no BatchError: ${inspect(error)}`)
}

test('maps a refusal to its code, status, sentence and values', async () => {
  const values = [{ key: 'Reason', value: 'it left' }]
  recorder.answers.push({
    status: 404,
    body: errorBody('PoolNotFound', 'The specified pool does not exist.', values),
  })
  const error = await failure(backend.getPool('p'))
  expect(error).toMatchObject({ code: 'PoolNotFound', status: 404, details: { Reason: 'it left' } })
  expect(error.message).toBe('The specified pool does not exist.')
  expect(error.cause).toBeInstanceOf(Error)
  expect(recorder.requests).toHaveLength(1)
})

test('maps a refused file read, whose answer is not read as a file', async () => {
  recorder.answers.push({
    status: 404,
    body: errorBody('FileNotFound', 'The specified file does not exist.'),
  })
  const error = await failure(backend.readTaskFile('j', 't', 'stdout.txt'))
  expect(error).toMatchObject({
    code: 'FileNotFound',
    status: 404,
    message: 'The specified file does not exist.',
  })
})

test('waits as long as Retry-After says when throttled', async () => {
  const body = errorBody('TooManyRequests', 'Please try again.')
  recorder.answers.push({ status: 429, body, headers: { 'Retry-After': '30' } }, { status: 202 })
  await backend.deletePool('p')
  expect(recorder.requests.map(({ method }) => method)).toEqual(['DELETE', 'DELETE'])
  expect(waits).toEqual([30_000])
})

test('repeats a busy answer with growing waits and gives up after ten requests', async () => {
  const busy = { status: 503, body: errorBody('ServerBusy', 'The server is busy.') }
  recorder.answers.push(...Array.from({ length: 12 }, () => busy))
  const error = await failure(backend.getJob('j'))
  expect(error).toMatchObject({ code: 'ServerBusy', status: 503 })
  expect(recorder.requests).toHaveLength(10)
  expect(waits).toEqual([250, 500, 1000, 2000, 4000, 8000, 16_000, 32_000, 64_000])
})

test('repeats the whole signed body', async () => {
  recorder.answers.push({ status: 500 }, { status: 201 })
  await backend.addPool(poolSpec)
  expect(recorder.requests.map(({ body, signed }) => ({ body, signed }))).toEqual([
    { body: poolSpec, signed: true },
    { body: poolSpec, signed: true },
  ])
})

test('does not repeat what the service does not implement', async () => {
  recorder.answers.push(
    { status: 501, body: errorBody('NotImplemented', 'Not implemented.') },
    { status: 202 },
  )
  expect(await failure(backend.stopResize('p'))).toMatchObject({ code: 'NotImplemented', status: 501 })
  expect(recorder.requests).toHaveLength(1)
})

test('keeps signatures of the request and of the answer out of the error', async () => {
  const values = [{ key: 'PropertyValue', value: 'https://s/a?sv=1&sig=s3cr3t%2B' }]
  const message = 'The url https://s/a?sig=s3cr3t%2B is invalid.'
  recorder.answers.push({ status: 400, body: errorBody('InvalidPropertyValue', message, values) })
  const startTask = {
    commandLine: 'x',
    resourceFiles: [{ httpUrl: 'https://s/a?sig=s3cr3t%2B', filePath: 'a' }],
  }
  const error = await failure(backend.addPool({ ...poolSpec, startTask }))
  const shown = inspect(error, { depth: Infinity, showHidden: true }) + JSON.stringify(error.cause)
  expect(shown).toContain('sig=…')
  expect(shown).not.toContain('s3cr3t')
  expect(shown).not.toContain('SharedKey')
})

test('refuses more tasks than a collection may carry without asking', async () => {
  const tasks = Array.from({ length: 101 }, (_, i) => ({ id: `t${i}`, commandLine: 'x' }))
  expect(await failure(backend.addTasks('j', tasks))).toMatchObject({
    code: 'InvalidRequestBody',
    status: 400,
  })
  expect(recorder.requests).toHaveLength(0)
})

test('repeats a request whose connection was lost', async () => {
  recorder.answers.push({ status: 0, hangUp: true }, { status: 202 })
  await backend.deleteJob('j')
  expect(waits).toEqual([250])
})

test('says within three requests that nothing answers on this machine, and what to do', async () => {
  await recorder.close()
  const error = await failure(backend.getJob('j'))
  expect(error).toMatchObject({ code: 'ServiceUnreachable', status: 0, details: { Reason: 'ECONNREFUSED' } })
  expect(error.message).toContain(recorder.url)
  expect(error.message).toContain('malachite emulator')
  expect(waits).toEqual([250, 500])
})

test('names an answer that is not from a Batch service', async () => {
  recorder.answers.push({ status: 200, body: '{', headers: { 'content-type': 'application/json' } })
  expect(await failure(backend.getJob('j'))).toMatchObject({ code: 'InvalidResponse', status: 502 })
  recorder.answers.push({ status: 404, body: '<html>not here</html>' })
  expect(await failure(backend.getJob('j'))).toMatchObject({ code: 'ResourceNotFound', status: 404 })
  expect(recorder.requests).toHaveLength(2)
})

test('gives up an answer that does not come in time', async () => {
  const slow = connect({ timeout: 20, retry: { maxAttempts: 1 } })
  recorder.answers.push({ status: 200, body: {}, delay: 500 })
  expect(await failure(slow.getJob('j'))).toMatchObject({ code: 'ServiceUnreachable' })
})

test('rejects with the reason of an abort, before, during and between requests', async () => {
  const aborted = AbortSignal.abort(new Error('never'))
  await expect(backend.getJob('j', { signal: aborted })).rejects.toThrow('never')
  expect(recorder.requests).toHaveLength(0)

  const during = new AbortController()
  recorder.answers.push({ status: 200, body: {}, delay: 500 })
  setTimeout(() => during.abort(new Error('stopped')), 30)
  await expect(backend.getJob('j', { signal: during.signal })).rejects.toThrow('stopped')

  const between = new AbortController()
  const after: Clock['after'] = () => (setImmediate(() => between.abort(new Error('enough'))), () => {})
  const patient = connect({ clock: { ...clock, after } })
  recorder.answers.push({ status: 503 })
  await expect(patient.getJob('j', { signal: between.signal })).rejects.toThrow('enough')
})

test('signs in with a token when there is no key, and keeps the token', async () => {
  const scopes: unknown[] = []
  const credential = {
    async getToken(scope: string | string[]) {
      scopes.push(scope)
      return { token: `token${scopes.length}`, expiresOnTimestamp: Date.now() + 3600_000 }
    },
  }
  const entra = createAzureBatchBackend({ account: ACCOUNT, endpoint: recorder.url, credential })
  recorder.answers.push({ status: 202 }, { status: 202 })
  await entra.deleteJob('a')
  await entra.deleteJob('b')
  expect(recorder.requests.map(({ headers }) => headers.authorization)).toEqual([
    'Bearer token1',
    'Bearer token1',
  ])
  expect(scopes).toEqual(['https://batch.core.windows.net/.default'])
})

test('says how to sign in when there is no identity', async () => {
  const credential = { getToken: () => Promise.reject(new Error('EnvironmentCredential is unavailable')) }
  const error = await failure(connect({ key: '', credential }).getJob('j'))
  expect(error).toMatchObject({ code: 'AuthenticationFailed', status: 401 })
  expect(error.message).toContain('az login')
})

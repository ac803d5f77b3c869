// Hints as clients see them: one more entry of the values, all else is the service's.

import { expect, test } from 'vitest'
import { expectError } from './expectations.ts'
import { addPoolWithNodes, jobOf, must, openProtocol, poolOf, taskOf, until, type Answer } from './helpers.ts'

const logged: string[] = []
const keep = (message: string): void => void logged.push(message)
const { call, url } = await openProtocol({ logger: { debug: keep, info: keep, warn: keep, error: keep } })
await addPoolWithNodes(call, 'p', 1)

const hinting = (text: RegExp): string => expect.stringMatching(text) as string

test('the hint comes last, in the body and in the log', async () => {
  const answer = await call('POST /jobs/j/addtaskcollection', { body: ' '.repeat(1_048_577) })
  expectError(answer, 413, 'RequestBodyTooLarge', { MaxLimit: '1048576', Hint: hinting(/halve/) })
  expect(logged.filter((line) => line.includes('RequestBodyTooLarge: ')).join()).toMatch(/ 413 .*halve/)
})

test('a signature that came to the wrong port is not in the log', async () => {
  await call('GET /container/blob?sv=2024-11-04&sig=c2VjcmV0&se=2030', { version: false })
  expect(logged.at(-1)).toMatch(/ \/container\/blob\?sv=2024-11-04&sig=…&se=2030 400 /)
})

test('a version that is missing', async () => {
  const answer = await call('GET /pools', { version: false })
  const values = { QueryParameterName: 'api-version', Hint: hinting(/\?api-version=/) }
  expectError(answer, 400, 'MissingRequiredQueryParameter', values)
})

test('a client for blobs at the wrong port', async () => {
  const answer = await call('GET /container?restype=container', {
    version: false,
    headers: { 'x-ms-version': '2024-11-04', 'x-ms-date': new Date().toUTCString() },
  })
  expect(hintOf(answer)).toMatch(/Azurite/)
})

test('a clock that is an hour off', async () => {
  const late = new Date(Date.now() - 3_600_000).toUTCString()
  expect(hintOf(await call('GET /pools', { headers: { 'ocp-date': late } }))).toMatch(/60 minutes behind/)
})

test('the account in the path', async () => {
  const answer = await call('GET /devbatchaccount1/pools')
  expectError(answer, 404, 'ResourceNotFound', { Hint: hinting(/leave \/devbatchaccount1 out/) })
})

test('another name of the host', async () => {
  const answer = await call('GET /pools', { headers: { host: 'batch:10003' } })
  expect(hintOf(answer)).toMatch(/--allowedHosts batch$/)
})

test('the id of a completed job, and tasks for a job that ended without any', async () => {
  await must(call('POST /jobs', { json: jobOf('empty', 'p', { onAllTasksComplete: 'terminatejob' }) }))
  await until(call, '/jobs/empty', ({ state }) => state === 'completed')
  const again = await call('POST /jobs', { json: jobOf('empty', 'p') })
  expectError(again, 409, 'JobCompleted', { Hint: hinting(/delete it/) })
  const late = await call('POST /jobs/empty/tasks', { json: taskOf('t') })
  expectError(late, 409, 'JobCompleted', { Hint: hinting(/onAllTasksComplete/) })
})

test('a name in snake case, also in one task of a collection', async () => {
  const pool = await call('POST /pools', { json: poolOf('q', { target_dedicated_nodes: 1 }) })
  expectError(pool, 400, 'UnsupportedProperty', {
    PropertyName: 'target_dedicated_nodes',
    Hint: hinting(/: targetDedicatedNodes$/),
  })
  await must(call('POST /jobs', { json: jobOf('j', 'p') }))
  const tasks = { value: [{ id: 'a', command_line: 'true', commandLine: 'true' }] }
  const added = await must(call('POST /jobs/j/addtaskcollection', { json: tasks }))
  expect(added.text).toContain('"key":"Hint"')
  expect(added.text).toContain(': commandLine"')
})

test('a file of a task that is looked for beside its directory', async () => {
  await must(call('POST /jobs', { json: jobOf('files', 'p') }))
  await must(call('POST /jobs/files/tasks', { json: taskOf('t') }))
  await until(call, '/jobs/files/tasks/t', ({ state }) => state === 'completed')
  expect(hintOf(await call('GET /jobs/files/tasks/t/files/out.txt'))).toMatch(/files\/wd%2Fout\.txt$/)
})

test('a browser that comes by learns how to sign', async () => {
  const answer = await fetch(`${url}/pools?api-version=2022-10-01.16.0`)
  expect(await answer.text()).toContain('malachite env')
})

function hintOf(answer: Answer): string | undefined {
  const { values } = answer.json<{ values?: { key: string; value: string }[] }>()
  return values?.find(({ key }) => key === 'Hint')?.value
}

// Applications: what lists and pools say about them, and a task that runs a program out of a package.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { type ZipEntry, zipOf } from '../helpers/zip.ts'
import { expectError, expectSuccess } from './expectations.ts'
import { addPoolWithNodes, items, jobOf, must, openProtocol, poolOf, taskOf, until } from './helpers.ts'

const folder = mkdtempSync(join(tmpdir(), 'malachite-applications-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const { call, url } = await openProtocol({ applications: folder })

function put(id: string, version: string, ...entries: ZipEntry[]): void {
  const path = join(folder, id, `${version}.zip`)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, zipOf(...entries))
}

const script = (text: string): ZipEntry => ({
  name: 'bin/hello',
  content: `#!/bin/sh\necho ${text}\n`,
  mode: 0o100_755,
})

put('Hello', '1.9', script('old'))
put('Hello', '1.10', script('new'))
put('evil', '1', { name: '../../evil', content: 'x' })

async function outputOf(commandLine: string, poolId: string, more: object): Promise<string> {
  const id = `j${jobs++}`
  await must(call('POST /jobs', { json: jobOf(id, poolId) }))
  await must(call(`POST /jobs/${id}/tasks`, { json: taskOf('t', `/bin/sh -c '${commandLine}'`, more) }))
  const task = `/jobs/${id}/tasks/t`
  await until(call, task, (body) => body['state'] === 'completed')
  return (await must(call(`GET ${task}/files/stdout.txt`))).text
}
let jobs = 0

test('an application is answered with its versions', async () => {
  const answer = await call('GET /applications/hello')
  expectSuccess(answer, 200, 'J')
  expect(answer.json()).toEqual({
    'odata.metadata': `${url}/$metadata#getapplicationsummaryresponse/@Element`,
    id: 'Hello',
    versions: ['1.9', '1.10'],
  })
  expectError(await call('GET /applications/none'), 404, 'ApplicationNotFound')
})

test('applications are listed in pages', async () => {
  const answer = await call('GET /applications?maxresults=1')
  expectSuccess(answer, 200, 'J')
  const { 'odata.nextLink': next, ...body } = answer.json()
  expect(body).toEqual({
    'odata.metadata': `${url}/$metadata#listapplicationsummariesresponses`,
    value: [{ id: 'Hello', versions: ['1.9', '1.10'] }],
  })
  const rest = await call(`GET ${String(next).slice(url.length)}`, { version: false })
  expect(items(rest.json())).toEqual([{ id: 'evil', versions: ['1'] }])
  expect(rest.json()).not.toHaveProperty('odata.nextLink')
})

test('an application that is put into the folder is there at once', async () => {
  put('later', '1', script('x'))
  expectSuccess(await call('GET /applications/later'), 200, 'J')
  rmSync(join(folder, 'later'), { recursive: true })
  expectError(await call('GET /applications/later'), 404, 'ApplicationNotFound')
})

test('a pool that refers to a package which does not exist is refused', async () => {
  const applicationPackageReferences = [{ applicationId: 'hello', version: '2' }]
  const answer = await call('POST /pools', { json: poolOf('refused', { applicationPackageReferences }) })
  const values = { ApplicationId: 'Hello', Version: '2', Reason: expect.any(String) as string }
  expectError(answer, 409, 'InvalidApplicationPackageReferences', values)
})

test('a start task and tasks run programs out of the packages of their pool and of their own', async () => {
  await addPoolWithNodes(call, 'p', 1, {
    applicationPackageReferences: [{ applicationId: 'hello' }],
    startTask: { commandLine: `/bin/sh -c '$AZ_BATCH_APP_PACKAGE_HELLO/bin/hello'` },
  })
  const [node] = items((await call('GET /pools/p/nodes')).json())
  const started = await call(`GET /pools/p/nodes/${String(node?.['id'])}/files/startup/stdout.txt`)
  expect(started.text).toBe('new\n')
  const own = { applicationPackageReferences: [{ applicationId: 'hello', version: '1.9' }] }
  const command = '$AZ_BATCH_APP_PACKAGE_Hello/bin/hello; "$AZ_BATCH_APP_PACKAGE_HELLO_1_9/bin/hello"'
  expect(await outputOf(command, 'p', own)).toBe('new\nold\n')
})

test.each(['none', 'evil'])(
  'a task whose package %s cannot be installed fails before its command',
  async (id) => {
    await must(call('POST /pools', { json: poolOf(`p-${id}`, { targetDedicatedNodes: 1 }) }))
    await must(call('POST /jobs', { json: jobOf(id, `p-${id}`) }))
    const references = [{ applicationId: id, version: '1' }]
    const task = taskOf('t', 'true', { applicationPackageReferences: references })
    expectSuccess(await call(`POST /jobs/${id}/tasks`, { json: task }), 201, 'E L D')
    const body = await until(call, `/jobs/${id}/tasks/t`, ({ state }) => state === 'completed')
    expect(body).toMatchObject({
      applicationPackageReferences: references,
      executionInfo: {
        result: 'failure',
        failureInfo: { category: 'UserError', code: 'ApplicationPackageError' },
      },
    })
    expect(body['executionInfo']).not.toHaveProperty('exitCode')
  },
)

test('a node on which a package of its pool cannot be installed is unusable, and says why', async () => {
  const applicationPackageReferences = [{ applicationId: 'evil', version: '1' }]
  const json = poolOf('unusable', { applicationPackageReferences, targetDedicatedNodes: 1 })
  await must(call('POST /pools', { json }))
  const body = await until(
    call,
    '/pools/unusable/nodes',
    (nodes) => items(nodes)[0]?.['state'] === 'unusable',
  )
  expect(items(body)[0]?.['errors']).toMatchObject([
    {
      code: 'ApplicationPackageError',
      errorDetails: [
        { name: 'ApplicationId', value: 'evil' },
        { name: 'Version', value: '1' },
        { name: 'Message', value: expect.stringContaining('invalid relative path') as string },
      ],
    },
  ])
})

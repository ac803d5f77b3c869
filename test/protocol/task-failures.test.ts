// Every way in which a task fails on one machine, with real processes: the code, whose fault it is, and what is told.

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { openBlobContainer } from '../../emulator/src/testing/blob-container.ts'
import { addPoolWithNodes, jobOf, must, openProtocol, runTask, taskOf, type Json } from './helpers.ts'

const { call } = await openProtocol()
await addPoolWithNodes(call, 'p', 1)
for (const id of ['j', 'blocked']) await must(call('POST /jobs', { json: jobOf(id, 'p') }))

/** Answers `/<status>` with that status. */
const server = createServer((request, response) => {
  response.writeHead(Number(request.url?.split(/[/?]/)[1])).end('content')
}).listen(0, '127.0.0.1')
await once(server, 'listening')
afterAll(() => void server.close())
const source = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

interface Failure {
  category: string
  code: string
  message: string
  details?: { name: string; value: string }[]
}
const execution = (task: Json): Json => task['executionInfo'] as Json
const failureOf = (task: Json): Failure => execution(task)['failureInfo'] as Failure
const detailOf = (task: Json, name: string) =>
  failureOf(task).details?.find((detail) => detail.name === name)?.value
const resource = (path: string, filePath: string) => ({ httpUrl: `${source}/${path}?sig=SECRET`, filePath })

test.each([
  ['404', 'UserError', 'BlobNotFound', 'One of the specified Azure Blob(s) is not found'],
  ['403', 'UserError', 'BlobAccessDenied', 'Access for one of the specified Azure Blob(s) is denied'],
  [
    '408',
    'ServerError',
    'BlobDownloadTimedOut',
    'Timed out while downloading one of the specified Azure Blob(s)',
  ],
  [
    '416',
    'ServerError',
    'BlobDownloadMiscError',
    'Miscellaneous error encountered while downloading one of the specified Azure Blob(s)',
  ],
])('a resource file that is answered with %s: %s %s', async (status, category, code, message) => {
  const more = { resourceFiles: [resource(status, 'in/x')], constraints: { maxTaskRetryCount: 3 } }
  const task = await runTask(call, 'j', taskOf(`get-${status}`, 'true', more))
  expect(failureOf(task)).toMatchObject({ category, code, message })
  expect(detailOf(task, 'FilePath')).toBe('in/x')
  expect(detailOf(task, 'BlobSource')).toBe(`${source}/${status}`)
  expect(JSON.stringify(execution(task))).not.toContain('SECRET')
  expect(execution(task)).toMatchObject({ result: 'failure', retryCount: 0 })
  expect(execution(task)).not.toHaveProperty('exitCode')
})

test('a resource file where a directory is already: ResourceFileCreateFailed', async () => {
  const resourceFiles = [resource('200', 'x/y')]
  const blobs = { resourceFiles: [...resourceFiles, resource('200', 'x')] }
  const task = await runTask(call, 'j', taskOf('file', 'true', blobs))
  expect(failureOf(task)).toMatchObject({ category: 'ServerError', code: 'ResourceFileCreateFailed' })
  expect(detailOf(task, 'FilePath')).toBe('x')
})

test('a file where the directory of the job should be: ResourceDirectoryCreateFailed', async () => {
  await runTask(call, 'j', taskOf('occupy', `sh -c 'touch $AZ_BATCH_NODE_ROOT_DIR/workitems/blocked'`))
  const task = await runTask(call, 'blocked', taskOf('t'))
  expect(failureOf(task)).toMatchObject({ category: 'ServerError', code: 'ResourceDirectoryCreateFailed' })
  expect(execution(task)).not.toHaveProperty('exitCode')
})

test.each([
  ['CommandProgramNotFound', 'no-such-program', 'The specified command program is not found'],
  ['CommandLaunchFailed', '/etc/hostname', 'The specified command program could not be launched'],
  ['CommandLaunchFailed', `echo 'open`, 'The specified command program could not be launched'],
])('%s: %s', async (code, commandLine, message) => {
  const more = { constraints: { maxTaskRetryCount: 3 } }
  const id = commandLine.replaceAll(/\W/g, '-')
  const task = await runTask(call, 'j', taskOf(id, commandLine, more))
  expect(failureOf(task)).toMatchObject({ category: 'UserError', code, message })
  expect(detailOf(task, 'CommandLine')).toBe(commandLine)
  expect(execution(task)).toMatchObject({ result: 'failure', retryCount: 0 })
  expect(execution(task)).not.toHaveProperty('exitCode')
})

test('a user that the pool does not have: TaskSchedulingConstraintFailed', async () => {
  const task = await runTask(call, 'j', taskOf('stranger', 'true', { userIdentity: { username: 'nobody' } }))
  expect(failureOf(task)).toMatchObject({ category: 'UserError', code: 'TaskSchedulingConstraintFailed' })
})

test('a time limit that is over: TaskEnded, with the exit code of the signal and without another try', async () => {
  const more = { constraints: { maxWallClockTime: 'PT0.2S', maxTaskRetryCount: 3 } }
  const task = await runTask(call, 'j', taskOf('endless', 'sleep 60', more))
  expect(execution(task)).toMatchObject({
    exitCode: -15,
    result: 'failure',
    retryCount: 0,
    failureInfo: {
      category: 'UserError',
      code: 'TaskEnded',
      message: 'The task was ended by user request',
      details: [{ name: 'Message', value: 'The maximum execution time configured on the task was exceeded' }],
    },
  })
})

test.each([
  [404, 'ContainerNotFound', 'FileUploadContainerNotFound', /container\(s\) was not found/],
  [403, 'AuthorizationFailure', 'FileUploadAccessDenied', /Access was denied/],
  [409, 'BlobImmutableDueToPolicy', 'FileUploadMiscError', /Miscellaneous error/],
])('an output file that is answered with %i %s: %s', async (status, answer, code, message) => {
  const container = await openBlobContainer([status, answer])
  onTestFinished(() => container.close())
  const outputFiles = [outputTo(container.url)]
  const more = { outputFiles, constraints: { maxTaskRetryCount: 3 } }
  const task = await runTask(call, 'j', taskOf(`put-${status}`, 'true', more))
  expect(execution(task)).toMatchObject({
    exitCode: 0,
    result: 'failure',
    retryCount: 0,
    failureInfo: { category: 'UserError', code, message: expect.stringMatching(message) },
  })
  expect(JSON.stringify(execution(task))).not.toContain('SECRET')
})

test('output files are uploaded after every try, before the task is done', async () => {
  const container = await openBlobContainer()
  onTestFinished(() => container.close())
  const commandLine = `sh -c 'pwd > try-$$.txt; echo $$; exit 7'`
  const more = { outputFiles: [outputTo(container.url, '*.txt')], constraints: { maxTaskRetryCount: 2 } }
  const task = await runTask(call, 'j', taskOf('thrice', commandLine, more))
  expect([...container.blobs.keys()].filter((name) => name.includes('/out/try-'))).toHaveLength(3)
  expect(execution(task)).toMatchObject({ exitCode: 7, retryCount: 2 })
})

test('each try begins in an empty directory, and its output replaces that of the one before', async () => {
  const commandLine = `sh -c 'ls; echo $$; echo $$ >&2; touch left; exit 1'`
  const more = { constraints: { maxTaskRetryCount: 1 } }
  await runTask(call, 'j', taskOf('again', commandLine, more))
  for (const name of ['stdout.txt', 'stderr.txt']) {
    const { text } = await must(call(`GET /jobs/j/tasks/again/files/${name}`))
    expect(text).toMatch(/^\d+\n$/)
  }
})

function outputTo(containerUrl: string, filePattern = '../stdout.txt') {
  const uploadOptions = { uploadCondition: 'taskcompletion' }
  return { filePattern, destination: { container: { containerUrl, path: 'out' } }, uploadOptions }
}

// Output files of a task, uploaded to a container.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync, existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OutputFile, UploadCondition } from '@malachite/model'
import { expect, onTestFinished, test } from 'vitest'
import { openBlobContainer } from '../testing/blob-container.ts'
import { taskPlace } from './layout.ts'
import { blobName, isDue, uploadOutputFiles } from './upload.ts'

type UploadHeaders = NonNullable<OutputFile['destination']['container']['uploadHeaders']>

/** A finished task and a container; `refusal` is the code and status with which it refuses uploads. */
async function finishedTask(refusal?: [status: number, code: string]) {
  const container = await openBlobContainer(refusal)
  const { blobs, headers, url: containerUrl } = container
  const home = mkdtempSync(join(tmpdir(), 'upload-'))
  onTestFinished(() => {
    container.close()
    rmSync(home, { recursive: true })
  })
  const place = taskPlace(home, 'job', 'task')
  mkdirSync(join(place.workingDirectory, 'sub'), { recursive: true })
  writeFileSync(place.stdout, 'out')
  writeFileSync(place.stderr, 'err')
  writeFileSync(join(place.workingDirectory, 'a.csv'), 'a')
  writeFileSync(join(place.workingDirectory, 'sub/b.csv'), 'b')
  symlinkSync('..', join(place.workingDirectory, 'sub/up'))

  return {
    blobs,
    headers,
    place,
    upload: (
      filePattern: string,
      path?: string,
      more: { exitCode?: number; when?: UploadCondition; uploadHeaders?: UploadHeaders } = {},
    ) => {
      const { uploadHeaders } = more
      const file: OutputFile = {
        filePattern,
        destination: {
          container: {
            containerUrl,
            ...(path !== undefined && { path }),
            ...(uploadHeaders && { uploadHeaders }),
          },
        },
        uploadOptions: { uploadCondition: more.when ?? 'taskcompletion' },
      }
      return uploadOutputFiles([file], {
        place,
        environment: { KIND: 'csv', AZ_BATCH_TASK_DIR: place.root },
        exitCode: more.exitCode ?? 0,
        signal: new AbortController().signal,
      })
    },
  }
}

test.for<[string, string | undefined, Record<string, string>]>([
  ['a.csv', undefined, { 'a.csv': 'a' }],
  ['a.csv', 'result', { result: 'a' }],
  ['sub/b.csv', undefined, { 'b.csv': 'b' }],
  ['*.$KIND', 'dir', { 'dir/a.csv': 'a' }],
  ['**/*.csv', undefined, { 'a.csv': 'a', 'sub/b.csv': 'b' }],
  ['../std*.txt', 'mytask', { 'mytask/stdout.txt': 'out', 'mytask/stderr.txt': 'err' }],
  ['$AZ_BATCH_TASK_DIR/stdout.txt', 'o', { o: 'out' }],
  ['a.csv', '$KIND/x', { '$KIND/x': 'a' }],
  ['none*', undefined, {}],
  ['[z-a]*', undefined, {}],
  ['missing/file', undefined, {}],
])('%s to path %j', async ([pattern, path, expected]) => {
  const { blobs, upload } = await finishedTask()
  await upload(pattern, path)
  const names = Object.entries(expected).map(([name, content]) => [`/account/box/${name}`, content])
  expect(Object.fromEntries(blobs)).toEqual(Object.fromEntries(names))
})

test('the logs of the upload are beside the output and match its patterns', async () => {
  const { blobs, upload, place } = await finishedTask()
  await upload('../*.txt', 'logs')
  expect([...blobs.keys()].sort()).toEqual([
    '/account/box/logs/fileuploaderr.txt',
    '/account/box/logs/fileuploadout.txt',
    '/account/box/logs/stderr.txt',
    '/account/box/logs/stdout.txt',
  ])
  const log = readFileSync(join(place.root, 'fileuploadout.txt'), 'utf8')
  expect(log).toContain('/account/box/logs/stdout.txt')
  expect(log).not.toContain('SECRET')
})

test('nothing is uploaded or logged when the condition is not met', async () => {
  const { blobs, upload, place } = await finishedTask()
  await upload('a.csv', undefined, { exitCode: 1, when: 'tasksuccess' })
  await upload('a.csv', undefined, { exitCode: 0, when: 'taskfailure' })
  expect(blobs.size).toBe(0)
  expect(existsSync(join(place.root, 'fileuploadout.txt'))).toBe(false)
})

test.for<[number, string, string]>([
  [404, 'ContainerNotFound', 'FileUploadContainerNotFound'],
  [403, 'AuthorizationFailure', 'FileUploadAccessDenied'],
  [400, 'InvalidHeaderValue', 'FileUploadMiscError'],
])('the answer %i %s is the failure %s, without the SAS', async ([status, answer, code]) => {
  const { upload, place } = await finishedTask([status, answer])
  const error = await upload('a.csv').then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(error).toMatchObject({ info: { category: 'UserError', code } })
  expect(JSON.stringify((error as { info: unknown }).info)).not.toContain('SECRET')
  const log = readFileSync(join(place.root, 'fileuploaderr.txt'), 'utf8')
  expect(log).toContain(answer)
  expect(log).not.toContain('SECRET')
})

test('a directory that cannot be listed is a failure of the upload', async () => {
  const { upload } = await finishedTask()
  await expect(upload(`${'long'.repeat(100)}/*`)).rejects.toMatchObject({
    info: { code: 'FileUploadMiscError' },
  })
})

test('conditions go by the exit code, in any case of letters', () => {
  expect(['tasksuccess', 'TaskFailure', 'TaskCompletion'].map((when) => isDue(when, 0))).toEqual([
    true,
    false,
    true,
  ])
  expect(['tasksuccess', 'TaskFailure', 'TaskCompletion'].map((when) => isDue(when, -9))).toEqual([
    false,
    true,
    true,
  ])
})

test('the path is the name of one file and the directory of many', () => {
  expect(blobName('x.txt', 'p/q', true)).toBe('p/q')
  expect(blobName('x.txt', undefined, true)).toBe('x.txt')
  expect(blobName('d/x.txt', 'p/', false)).toBe('p/d/x.txt')
  expect(blobName('d/x.txt', '', false)).toBe('d/x.txt')
})

test('the blobs get the headers of their output file', async () => {
  const { headers, upload } = await finishedTask()
  await upload('a.csv', 'plain')
  const uploadHeaders = [{ name: 'x-ms-blob-content-type', value: 'text/csv' }, { name: 'x-ms-meta-empty' }]
  await upload('**/*.csv', 'typed', { uploadHeaders })
  expect(headers.get('/account/box/plain')).not.toHaveProperty('x-ms-blob-content-type')
  for (const name of ['a.csv', 'sub/b.csv']) {
    expect(headers.get(`/account/box/typed/${name}`)).toMatchObject({
      'x-ms-blob-content-type': 'text/csv',
      'x-ms-meta-empty': '',
    })
  }
})

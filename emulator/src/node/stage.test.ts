// Resource files from a small web server in this process.

import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  existsSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock, type Clock, type ResourceFile } from '@malachite/model'
import { expect, onTestFinished, test } from 'vitest'
import { CommandFailure } from './failures.ts'
import { stageResourceFiles, withoutQuery } from './stage.ts'

/** Retries come at once. */
const impatient: Clock = { ...systemClock, after: (_, fn) => systemClock.after(0, fn) }

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function workingDirectory(): string {
  const parent = mkdtempSync(join(tmpdir(), 'stage-'))
  onTestFinished(() => rmSync(parent, { recursive: true }))
  mkdirSync(join(parent, 'wd'))
  return join(parent, 'wd')
}

function stage(
  directory: string,
  files: ResourceFile[],
  signal: AbortSignal = new AbortController().signal,
): Promise<void> {
  return stageResourceFiles(files, { workingDirectory: directory, clock: impatient, signal })
}

async function failureOf(work: Promise<void>): Promise<CommandFailure['info']> {
  const error = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (error instanceof CommandFailure) return error.info
  throw new Error(`no failure but ${String(error)}`)
}

test('files are downloaded to their paths with their modes', async () => {
  const url = await serve((request, response) => response.end(`content of ${request.url}`))
  const directory = workingDirectory()
  await stage(directory, [
    { httpUrl: `${url}/a?sig=x`, filePath: 'a.txt' },
    { httpUrl: `${url}/b`, filePath: 'in/deep/b.sh', fileMode: '0755' },
  ])
  expect(readFileSync(join(directory, 'a.txt'), 'utf8')).toBe('content of /a?sig=x')
  expect(readFileSync(join(directory, 'in/deep/b.sh'), 'utf8')).toBe('content of /b')
  expect(statSync(join(directory, 'a.txt')).mode & 0o777).toBe(0o770)
  expect(statSync(join(directory, 'in/deep/b.sh')).mode & 0o777).toBe(0o755)
})

test.for<[number, string, string]>([
  [404, 'BlobNotFound', 'UserError'],
  [403, 'BlobAccessDenied', 'UserError'],
  [401, 'BlobAccessDenied', 'UserError'],
  [400, 'BlobDownloadMiscError', 'ServerError'],
  [408, 'BlobDownloadTimedOut', 'ServerError'],
  [503, 'BlobDownloadMiscError', 'ServerError'],
])('the answer %i is %s, without the SAS', async ([status, code, category]) => {
  const url = await serve((_, response) => response.writeHead(status).end('no'))
  const info = await failureOf(
    stage(workingDirectory(), [{ httpUrl: `${url}/c/blob?sig=SECRET`, filePath: 'x' }]),
  )
  expect(info).toMatchObject({ code, category })
  expect(info.details).toContainEqual({ name: 'FilePath', value: 'x' })
  expect(info.details).toContainEqual({ name: 'BlobSource', value: `${url}/c/blob` })
  expect(JSON.stringify(info)).not.toContain('SECRET')
})

test('a server that is busy or hangs up is asked again', async () => {
  let requests = 0
  const url = await serve((request, response) => {
    requests += 1
    if (requests === 1) response.writeHead(503).end()
    else if (requests === 2) request.socket.destroy()
    else response.end('at last')
  })
  const directory = workingDirectory()
  await stage(directory, [{ httpUrl: url, filePath: 'x' }])
  expect(readFileSync(join(directory, 'x'), 'utf8')).toBe('at last')
  expect(requests).toBe(3)
})

test('of a file that came by half nothing is left', async () => {
  const url = await serve((_, response) => {
    response.writeHead(200, { 'content-length': 100_000 }).write('x'.repeat(50_000))
    setTimeout(() => response.destroy(), 20)
  })
  const directory = workingDirectory()
  const failed = await failureOf(stage(directory, [{ httpUrl: url, filePath: 'd/a' }]))
  expect(failed.code).toBe('BlobDownloadMiscError')
  expect(readdirSync(join(directory, 'd'))).toEqual([])
})

test('a server that is not there is a failure that tells why, without the SAS', async () => {
  const info = await failureOf(
    stage(workingDirectory(), [{ httpUrl: 'http://127.0.0.1:1/x?sig=SECRET', filePath: 'x' }]),
  )
  expect(info.code).toBe('BlobDownloadMiscError')
  expect(JSON.stringify(info)).not.toContain('SECRET')
})

test.for(['../x', '/tmp/x', 'a/../../x', '', '.', 'link/x'])('the path %j is refused', async (filePath) => {
  const url = await serve((_, response) => response.end('content'))
  const directory = workingDirectory()
  symlinkSync('..', join(directory, 'link'))
  const info = await failureOf(stage(directory, [{ httpUrl: url, filePath }]))
  expect(info.code).toBe('ResourceFileCreateFailed')
  expect(existsSync(join(directory, '../x'))).toBe(false)
})

test('a path that is a directory already cannot be written', async () => {
  const url = await serve((_, response) => response.end('content'))
  const directory = workingDirectory()
  mkdirSync(join(directory, 'x'))
  const info = await failureOf(stage(directory, [{ httpUrl: url, filePath: 'x' }]))
  expect(info).toMatchObject({ code: 'ResourceFileCreateFailed', category: 'ServerError' })
})

test('a directory that is a file already cannot be made', async () => {
  const url = await serve((_, response) => response.end('content'))
  const directory = workingDirectory()
  writeFileSync(join(directory, 'x'), '')
  const info = await failureOf(stage(directory, [{ httpUrl: url, filePath: 'x/y' }]))
  expect(info).toMatchObject({ code: 'ResourceDirectoryCreateFailed', category: 'ServerError' })
  expect(info.details).toContainEqual({ name: 'FilePath', value: 'x/y' })
})

// Files of the system that can be opened but not written stand for a broken and for a full disk.
test.for([
  ['/proc/self/oom_score_adj', 'ResourceFileWriteFailed'],
  ['/dev/full', 'DiskFull'],
] as const)('what cannot be written to %s is %s', async ([device, code]) => {
  const url = await serve((_, response) => response.end('content'))
  const directory = workingDirectory()
  symlinkSync(device, join(directory, 'x'))
  const info = await failureOf(stage(directory, [{ httpUrl: `${url}/x?sig=SECRET`, filePath: 'x' }]))
  expect(info).toMatchObject({ code, category: 'ServerError' })
  expect(info.details).toContainEqual({ name: 'FilePath', value: 'x' })
  expect(JSON.stringify(info)).not.toContain('SECRET')
})

test('an address that does not exist is not a blob that is not there', async () => {
  const info = await failureOf(
    stage(workingDirectory(), [{ httpUrl: 'http://no-such-host.invalid/x', filePath: 'x' }]),
  )
  expect(info.code).toBe('BlobDownloadMiscError')
})

test('ending the task ends the download', async () => {
  const controller = new AbortController()
  const url = await serve((_, response) => {
    response.write('begun')
    controller.abort(new Error('ended'))
  })
  const work = stage(workingDirectory(), [{ httpUrl: url, filePath: 'x' }], controller.signal)
  await expect(work).rejects.toThrow('ended')
})

test('the blobs of a container keep their names below the file path', async () => {
  const names = ['in/a.txt', 'in/sub/b ü.txt', 'in/empty/']
  const url = await serve((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://x')
    if (searchParams.get('comp') !== 'list') return response.end(decodeURIComponent(pathname))
    expect(searchParams.get('prefix')).toBe('in/')
    const blobs = names.map((name) => `<Blob><Name>${name}</Name><Properties/></Blob>`).join('')
    response.setHeader('content-type', 'application/xml')
    return response.end(
      `<?xml version="1.0"?><EnumerationResults><Blobs>${blobs}</Blobs><NextMarker/></EnumerationResults>`,
    )
  })
  const directory = workingDirectory()
  await stage(directory, [
    { storageContainerUrl: `${url}/account/box?sig=x`, blobPrefix: 'in/', filePath: 'to' },
  ])
  expect(readFileSync(join(directory, 'to/in/a.txt'), 'utf8')).toBe('/account/box/in/a.txt')
  expect(readFileSync(join(directory, 'to/in/sub/b ü.txt'), 'utf8')).toBe('/account/box/in/sub/b ü.txt')
})

test('a container that may not be listed is a failure without the SAS', async () => {
  const url = await serve((_, response) => response.writeHead(403).end())
  const info = await failureOf(
    stage(workingDirectory(), [{ storageContainerUrl: `${url}/account/box?sig=SECRET` }]),
  )
  expect(info.code).toBe('BlobAccessDenied')
  expect(JSON.stringify(info)).not.toContain('SECRET')
})

test('a container of the linked storage account cannot be read while none is linked', async () => {
  const info = await failureOf(stage(workingDirectory(), [{ autoStorageContainerName: 'box' }]))
  expect(info).toMatchObject({
    code: 'BlobDownloadMiscError',
    details: expect.arrayContaining([{ name: 'BlobSource', value: 'box' }]),
  })
})

test('a URL is shown without its query', () => {
  expect(withoutQuery('https://a/b/c?sig=1')).toBe('https://a/b/c')
  expect(withoutQuery('https://a/b/c#d')).toBe('https://a/b/c')
  expect(withoutQuery('https://a/b/c')).toBe('https://a/b/c')
})

import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { sampleDataPaths, taskScriptPath } from './index.ts'

const SAS = 'sv=2025-01-05&sr=c&sig=c2VjcmV0%2Fsig%3D'

interface Upload {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

let directory = ''
let server: Server
let status = 201
let uploads: Upload[] = []

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'malachite-task-'))
  status = 201
  uploads = []
  server = createServer((request, response) => void answer(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})

afterEach(async () => {
  server.closeAllConnections()
  server.close()
  await rm(directory, { recursive: true })
})

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method, url, headers } = request
  const body = Buffer.concat(await request.toArray()).toString()
  uploads.push({ method, url, headers, body })
  // A service that repeats the SAS in its answer must not bring it into the output.
  response.writeHead(status, { 'x-ms-error-code': 'AuthenticationFailed' }).end(`<Error>${url}</Error>`)
}

async function writeInput(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(directory, name)
  await writeFile(path, content)
  return path
}

/** Runs the bundled script on `path`; `extra` arguments come last. */
async function runTask(path: string, { words = '3', extra = [] as string[], env = {} } = {}) {
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}/devstoreaccount1`
  const target = ['--storageaccount', 'devstoreaccount1', '--storagecontainer', 'output', '--storageurl', url]
  const args = ['--filepath', path, '--numwords', words, ...target, '--sastoken', SAS, ...extra]
  return execScript(args, env)
}

async function execScript(args: readonly string[], env: Record<string, string>) {
  try {
    const done = await promisify(execFile)(process.execPath, [await taskScriptPath(), ...args], { env })
    return { exitCode: 0, stdout: done.stdout, stderr: done.stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { exitCode: code, stdout, stderr }
  }
}

test('writes the words beside the input and uploads that file', async () => {
  const input = await writeInput('data 1.txt', 'one two, two three three three')
  const env = {
    AZ_BATCH_NODE_ID: 'tvm-1',
    AZ_BATCH_TASK_ID: 'topNtask0',
    AZ_BATCH_JOB_ID: 'job-1',
    AZ_BATCH_POOL_ID: 'pool-1',
  }
  const output = join(directory, 'data 1_OUTPUT.txt')
  expect(await runTask(input, { words: '2', env })).toEqual({
    exitCode: 0,
    stdout: `Uploading file ${output} to container [output]...\n`,
    stderr: '',
  })
  const report =
    'Word\tCount\n------------------------------\nthree:\t3\ntwo:\t2\n------------------------------\n' +
    'Node: tvm-1\nTask: topNtask0\nJob:  job-1\nPool: pool-1\n'
  expect(await readFile(output, 'utf8')).toBe(report)
  expect(uploads).toMatchObject([
    {
      method: 'PUT',
      url: `/devstoreaccount1/output/data%201_OUTPUT.txt?${SAS}`,
      headers: { 'x-ms-blob-type': 'BlockBlob', 'content-length': String(report.length) },
      body: report,
    },
  ])
})

test.each([
  [0, ['the:\t32', 'and:\t14', 'it:\t10']],
  [1, ['the:\t13', 'is:\t8', 'a:\t6']],
  [2, ['a:\t18', 'the:\t15', 'is:\t13']],
])('counts sample text %i', async (index, expected) => {
  const text = await readFile(sampleDataPaths()[index] ?? '')
  await runTask(await writeInput('sample.txt', text))
  expect(uploads[0]?.body.split('\n').slice(2, 5)).toEqual(expected)
})

test('keeps the sample texts byte for byte: a byte-order mark, CRLF, and LF', async () => {
  const texts = await Promise.all(sampleDataPaths().map((path) => readFile(path, 'utf8')))
  expect(texts.map((text) => text.startsWith('\ufeff'))).toEqual([true, false, false])
  expect(texts.map((text) => /\r\n/.test(text))).toEqual([false, true, false])
  expect(texts.map((text) => /(^|[^\r])\n/.test(text))).toEqual([true, false, true])
})

test('counts a word behind a byte-order mark like any other', async () => {
  await runTask(await writeInput('bom', '\ufeffword\r\nword\r\n'))
  expect(uploads[0]?.url).toContain('/bom_OUTPUT?')
  expect(uploads[0]?.body).toContain('\nword:\t2\n-')
})

test('reports an empty file as one without words', async () => {
  expect(await runTask(await writeInput('empty.txt', ''))).toMatchObject({ exitCode: 0, stderr: '' })
  expect(uploads[0]?.body).toMatch(/^Word\tCount\n-{30}\n-{30}\nNode: \n/)
})

test('fails with one line and without the SAS when the upload is refused', async () => {
  status = 403
  const { exitCode, stdout, stderr } = await runTask(await writeInput('a.txt', 'word'))
  expect(exitCode).toBe(1)
  expect(stderr).toBe(
    'top-words: cannot upload a_OUTPUT.txt to container output: the storage service answered 403 AuthenticationFailed\n',
  )
  expect(stdout).not.toContain('sig=')
  expect(uploads).toHaveLength(1)
})

test('fails with one line when the file is missing', async () => {
  const path = join(directory, 'missing\n.txt')
  expect(await runTask(path)).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: `top-words: cannot read ${directory}/missing .txt: no such file or directory\n`,
  })
})

test('fails with one line when the file is a directory', async () => {
  const path = join(directory, 'folder')
  await mkdir(path)
  expect(await runTask(path)).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: `top-words: cannot read ${path}: it is a directory\n`,
  })
})

test('fails with one line when the output file cannot be written', async () => {
  const path = await writeInput('a.txt', 'word')
  await mkdir(join(directory, 'a_OUTPUT.txt'))
  expect(await runTask(path)).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: `top-words: cannot write ${directory}/a_OUTPUT.txt: it is a directory\n`,
  })
})

test('keeps a SAS out of a message about a path that contains it', async () => {
  const { exitCode, stderr } = await runTask(join(directory, SAS))
  expect(exitCode).toBe(1)
  expect(stderr).toContain('<sas>')
  expect(stderr).not.toContain('sig=')
})

test('fails with one line and exit code 2 when arguments are wrong', async () => {
  const path = await writeInput('a.txt', 'word')
  expect(await runTask(path, { words: '0', extra: [SAS] })).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: 'top-words: argument 13 is unexpected; --numwords must be a whole number of at least 1\n',
  })
  expect(await execScript([], {})).toMatchObject({ exitCode: 2, stdout: '' })
  expect(uploads).toEqual([])
})

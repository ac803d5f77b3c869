// What a command finds on its node, and what its output is to the File API meanwhile: real processes, seen by a client.

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, expect, test } from 'vitest'
import { expectError } from './expectations.ts'
import {
  addPoolWithNodes,
  items,
  type Json,
  jobOf,
  must,
  openProtocol,
  poolOf,
  runTask,
  taskOf,
  until,
} from './helpers.ts'

const { call, url } = await openProtocol()

const SCRIPTS: Record<string, string> = { '/tool': '#!/bin/sh\npwd\n', '/nameless': 'pwd\n' }
const scripts = createServer(({ url: path = '' }, response) => response.end(SCRIPTS[path])).listen(
  0,
  '127.0.0.1',
)
await once(scripts, 'listening')
afterAll(() => void scripts.close())

/** A program `bin/<name>` in the working directory of a command. */
function programFile(name: string) {
  const httpUrl = `http://127.0.0.1:${(scripts.address() as AddressInfo).port}/${name}`
  return { resourceFiles: [{ httpUrl, filePath: `bin/${name}`, fileMode: '0770' }] }
}

const startTask = { commandLine: "sh -c 'bin/tool; echo $AZ_BATCH_TASK_WORKING_DIR'", ...programFile('tool') }
const [nodeId = '', otherId = ''] = await addPoolWithNodes(call, 'Pool', 2, {
  startTask,
  taskSlotsPerNode: 4,
})
await must(call('POST /jobs', { json: jobOf('j', 'pool') }))

const { affinityId } = (await must(call(`GET /pools/Pool/nodes/${nodeId}`))).json()

let tasks = 0
/** Runs a command on the first node; its view, and where it is. */
async function run(commandLine: string, more: object = {}): Promise<{ path: string; info: Json }> {
  const id = `t${tasks++}`
  const task = taskOf(id, commandLine, { affinityInfo: { affinityId }, ...more })
  const { executionInfo } = await runTask(call, 'j', task)
  return { path: `/jobs/j/tasks/${id}`, info: executionInfo as Json }
}

async function read(path: string): Promise<string> {
  return (await must(call(`GET ${path}`))).text
}

async function outputOf(commandLine: string, more: object = {}): Promise<string> {
  return read(`${(await run(commandLine, more)).path}/files/stdout.txt`)
}

const sh = (script: string): string => `/bin/sh -c '${script}'`

test('the files of its output are there when a command has written nothing', async () => {
  const { path } = await run('true')
  for (const name of ['stdout.txt', 'stderr.txt'])
    expect((await call(`HEAD ${path}/files/${name}`)).headers['content-length']).toBe('0')
})

test('a command reads nothing from its input', async () => {
  expect(await outputOf('cat')).toBe('')
  expect(await outputOf(sh('wc -c'))).toMatch(/^\s*0\n$/)
})

test('programs of the system are found by their names, without a shell', async () => {
  expect(await outputOf('echo found')).toBe('found\n')
})

test('relative paths begin in the working directory, the program’s too', async () => {
  expect(await outputOf('bin/tool', programFile('tool'))).toMatch(/\/workitems\/j\/job-1\/t\d+\/wd\n$/)
})

test('a file that names no interpreter is no program', async () => {
  const { info } = await run('bin/nameless', programFile('nameless'))
  expect(info).toMatchObject({
    result: 'failure',
    failureInfo: {
      category: 'UserError',
      code: 'CommandLaunchFailed',
      details: [
        { name: 'CommandLine', value: 'bin/nameless' },
        { name: 'Message', value: 'Exec format error' },
      ],
    },
  })
  expect(info).not.toHaveProperty('exitCode')
})

test('a signal that ended a program which a shell ran is told as the shell tells it', async () => {
  const { info } = await run(`/bin/sh -c "sh -c 'kill -KILL \\$\\$'; exit \\$?"`)
  expect(info['exitCode']).toBe(137)
})

test('the start task works in startup/wd, where its files are', async () => {
  const output = await read(`/pools/Pool/nodes/${nodeId}/files/startup/stdout.txt`)
  const [tool = '', directory] = output.split('\n')
  expect(tool).toBe(directory)
  expect(tool).toMatch(/\/startup\/wd$/)
  expect((await call(`HEAD /pools/Pool/nodes/${nodeId}/files/startup/wd/bin/tool`)).status).toBe(200)
})

test('a command knows its account by a URL that ends with a slash, its pool as that was written, and its node', async () => {
  const names = ['ACCOUNT_URL', 'POOL_ID', 'NODE_ID'].map((name) => `$AZ_BATCH_${name}`)
  expect(await outputOf(sh(`echo ${names.join(' ')}`))).toBe(`${url}/ Pool ${nodeId}\n`)
})

test('settings are expanded for the command, but a circle of them fails it', async () => {
  const settings = (...pairs: [string, string][]) => ({
    environmentSettings: pairs.map(([name, value]) => ({ name, value })),
  })
  const more = settings(['GREETING', 'from $AZ_BATCH_TASK_ID${MARK}'], ['MARK', '!'])
  expect(await outputOf('printenv GREETING', more)).toMatch(/^from t\d+!\n$/)
  const { info } = await run('true', settings(['A', '$B'], ['B', '$A']))
  expect(info).toMatchObject({ failureInfo: { code: 'CommandLaunchFailed' } })
})

test('all tasks on a node write into its shared directory, which other nodes do not see', async () => {
  await run(sh('echo note > $AZ_BATCH_NODE_SHARED_DIR/note'))
  expect(
    await outputOf(sh('cat $AZ_BATCH_NODE_SHARED_DIR/note; echo more >> $AZ_BATCH_NODE_SHARED_DIR/note')),
  ).toBe('note\n')
  expect(await read(`/pools/Pool/nodes/${nodeId}/files/shared/note`)).toBe('note\nmore\n')
  expectError(await call(`GET /pools/Pool/nodes/${otherId}/files/shared/note`), 404, 'FileNotFound')
})

test('what a command writes can be read while it runs, from where the reader was', async () => {
  const script = 'echo one; sleep 0.5; echo two; sleep 60'
  await must(call('POST /jobs/j/tasks', { json: taskOf('live', sh(script)) }))
  const file = '/jobs/j/tasks/live/files/stdout.txt'
  await expect.poll(async () => (await call(`GET ${file}`)).text, { timeout: 5000 }).toBe('one\n')
  const rest = { headers: { 'ocp-range': 'bytes=4-' } }
  expectError(await call(`GET ${file}`, rest), 416, 'InvalidRange')
  await expect.poll(async () => (await call(`GET ${file}`, rest)).text, { timeout: 5000 }).toBe('two\n')
  expect((await call('GET /jobs/j/tasks/live')).json()['state']).toBe('running')
  await must(call('POST /jobs/j/tasks/live/terminate'))
})

test('a list of more than a thousand files has pages of a thousand', async () => {
  const { path } = await run(sh('i=0; while [ $i -lt 1001 ]; do : > f$i; i=$((i+1)); done'))
  const first = (await must(call(`GET ${path}/files?recursive=true`))).json()
  expect(items(first)).toHaveLength(1000)
  const next = String(first['odata.nextLink']).slice(url.length)
  const rest = (await must(call(`GET ${next}`, { version: false }))).json()
  // Four of the task's own: both outputs, wd and certs.
  expect(items(rest)).toHaveLength(5)
})

test('files whose retention time is over are told to have been cleaned up', async () => {
  const { path } = await run('true', { constraints: { retentionTime: 'PT0S' } })
  await until(call, path, ({ state }) => state === 'completed')
  for (const line of [`GET ${path}/files`, `GET ${path}/files/stdout.txt`, `DELETE ${path}/files/stdout.txt`])
    expectError(await call(line), 409, 'TaskFilesCleanedup')
})

test('with its node the files of a task are gone, and the task says so', async () => {
  const [gone = ''] = await addPoolWithNodes(call, 'small', 1)
  await must(call('POST /jobs', { json: jobOf('k', 'small') }))
  await runTask(call, 'k', taskOf('t'))
  await must(call('POST /pools/small/resize', { json: { targetDedicatedNodes: 0 } }))
  await until(call, '/pools/small/nodes', (body) => items(body).length === 0)
  expectError(await call('GET /jobs/k/tasks/t/files/stdout.txt'), 409, 'TaskFilesUnavailable')
  expectError(await call(`GET /pools/small/nodes/${gone}/files`), 404, 'NodeNotFound')
})

test('a task without a place yet has no files, whatever is asked of them', async () => {
  await must(call('POST /pools', { json: poolOf('empty') }))
  await must(call('POST /jobs', { json: jobOf('l', 'empty') }))
  await must(call('POST /jobs/l/tasks', { json: taskOf('t') }))
  for (const line of ['GET', 'DELETE'].map((verb) => `${verb} /jobs/l/tasks/t/files/stdout.txt`))
    expectError(await call(line), 409, 'OperationInvalidForCurrentState')
})

// Tasks in containers, from the request to what is left of them. The engine is a small program that stands for Docker;
// test/full has the same with Podman.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startEmulator } from '@malachite/emulator'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { openFakeEngine } from '../../emulator/src/testing/fake-engine.ts'
import { malachite, temporaryDirectory, waitForOutput } from '../cli/command.ts'
import {
  addPoolWithNodes,
  containerMachines,
  items,
  jobOf,
  must,
  openClient,
  openProtocol,
  poolOf,
  runTask,
  taskOf,
  until,
  type Call,
  type Json,
} from './helpers.ts'

const engine = openFakeEngine()
const path = process.env['PATH'] ?? ''
process.env['PATH'] = `${engine.directory}:${path}`
afterAll(() => {
  process.env['PATH'] = path
  engine.close()
})

const { call } = await openProtocol({ containerEngine: 'docker' })
engine.addImage('here')
await addPoolWithNodes(call, 'pool', 2, containerMachines())
await must(call('POST /jobs', { json: jobOf('job', 'pool') }))

function contained(id: string, commandLine: string, settings: object = {}, more: object = {}): object {
  return taskOf(id, commandLine, { containerSettings: { imageName: 'here', ...settings }, ...more })
}

async function run(id: string, commandLine: string, settings: object = {}, more: object = {}): Promise<Json> {
  return execution(await runTask(call, 'job', contained(id, commandLine, settings, more)))
}

function execution(task: Json): Json {
  return task['executionInfo'] as Json
}

async function read(id: string, file = 'stdout.txt'): Promise<string> {
  return (await must(call(`GET /jobs/job/tasks/${id}/files/${file}`))).text
}

/** The commands of the engine with this verb, since the log had so many lines. */
function commandsOf(verb: string, since = 0): string[] {
  return engine
    .log()
    .slice(since)
    .filter((line) => new RegExp(`(^| )${verb} `).test(line))
}

async function started(client: Call, jobId: string, id: string): Promise<void> {
  const read = async (): Promise<string> =>
    (await client(`GET /jobs/${jobId}/tasks/${id}/files/stdout.txt`)).text
  await expect.poll(read, { timeout: 10_000, interval: 20 }).toContain('started')
}

test('no engine is asked before a container is wanted', async () => {
  const task = await runTask(call, 'job', taskOf('process', 'true'))
  expect(execution(task)).toMatchObject({ result: 'success' })
  expect(execution(task)).not.toHaveProperty('containerInfo')
  expect(engine.log()).toEqual([])
})

test('a task on a container pool runs in its container, in its own directory', async () => {
  const environmentSettings = [{ name: 'GREETING', value: 'hello\nworld' }]
  const done = await run('t', `/bin/sh -c 'pwd; echo "$GREETING"; exit 3'`, {}, { environmentSettings })
  expect(await read('t')).toMatch(/\/workitems\/job\/job-1\/t\/wd\nhello\nworld\n$/)
  expect(done).toMatchObject({
    exitCode: 3,
    containerInfo: { containerId: expect.stringMatching(/^id\d+$/), state: 'exited', error: '' },
    failureInfo: { code: 'FailureExitCode' },
  })
  expect(Object.keys(done).join(' ')).toBe(
    'startTime endTime exitCode containerInfo failureInfo result retryCount requeueCount',
  )
})

test('a node that waits for an image goes as soon as it is asked to', async () => {
  const machines = containerMachines({ containerImageNames: ['slow'] })
  await must(call('POST /pools', { json: poolOf('slow', { targetDedicatedNodes: 1, ...machines }) }))
  await until(call, '/pools/slow/nodes', (body) => items(body)[0]?.['state'] === 'starting')
  await expect.poll(() => commandsOf('pull').at(-1)).toBe('pull --quiet slow')
  await must(call('DELETE /pools/slow'))
  await expect.poll(async () => (await call('GET /pools/slow')).status, { timeout: 5000 }).toBe(404)
})

test('an image is fetched once for all nodes, while they start', async () => {
  const since = engine.log().length
  const machines = containerMachines({ containerImageNames: ['fetched'] })
  await addPoolWithNodes(call, 'fetching', 3, machines)
  expect(commandsOf('pull', since)).toEqual(['pull --quiet fetched'])
  await run('fetched', 'true', { imageName: 'fetched' })
  await run('later', 'true', { imageName: 'later' })
  expect(commandsOf('pull', since)).toEqual(['pull --quiet fetched', 'pull --quiet later'])
})

test("the password of a pool's registry is used for its images, and is in no answer and no command line", async () => {
  const login = { username: 'user', password: 'SECRET-1', registryServer: 'r.example' }
  const machines = containerMachines({ containerImageNames: ['private'], containerRegistries: [login] })
  const since = engine.log().length
  await addPoolWithNodes(call, 'private', 1, machines)
  expect(engine.login()).toEqual({ auths: { 'r.example': { auth: btoa('user:SECRET-1') } } })
  await must(call('POST /jobs', { json: jobOf('private', 'private') }))
  await runTask(call, 'private', contained('t', 'true', { imageName: 'private-later' }))
  const pulls = commandsOf('pull', since)
  expect(pulls).toEqual([
    expect.stringMatching(/^--config \S+ pull --quiet private$/),
    expect.stringMatching(/^--config \S+ pull --quiet private-later$/),
  ])
  for (const pull of pulls) expect(existsSync(pull.split(' ')[1] ?? '')).toBe(false)
  const answer = await must(call('GET /pools/private'))
  expect(answer.text).toContain('"username":"user"')
  expect([answer.text, ...engine.log()].join()).not.toMatch(/SECRET|password/)
})

test("a task's own registry comes before that of its pool; without a server it is Docker's", async () => {
  const registry = { username: 'me', password: 'SECRET-2' }
  await run('own', 'true', { imageName: 'own', registry })
  const login = { auth: btoa('me:SECRET-2') }
  expect(engine.login()).toEqual({ auths: { 'docker.io': login, 'https://index.docker.io/v1/': login } })
  const task = await must(call('GET /jobs/job/tasks/own'))
  expect(task.json()['containerSettings']).toEqual({ imageName: 'own', registry: { username: 'me' } })
  expect(task.text).not.toContain('SECRET')
})

let denials = 0

test.each([
  ['ContainerInvalidImage', undefined, 'Error response from daemon: pull access denied for none'],
  ['ContainerInvalidImage', undefined, 'Error response from daemon: manifest for none not found'],
  [
    'ContainerInvalidRegistry',
    'SECRET-3',
    'Error response from daemon: unauthorized: authentication required',
  ],
  [
    'ContainerInvalidRegistry',
    undefined,
    'Error response from daemon: Get "https://r/": dial tcp: no such host',
  ],
])('%s with the password %s: %s', async (code, password, message) => {
  engine.failPulls(message)
  onTestFinished(() => engine.failPulls(undefined))
  const registry = { username: 'u', registryServer: 'r', ...(password !== undefined && { password }) }
  const id = `denied-${denials++}`
  const done = await run(id, 'true', { imageName: 'none', registry })
  expect(done).toMatchObject({
    failureInfo: {
      category: 'UserError',
      code,
      details: [
        { name: 'ContainerImage', value: 'none' },
        { name: 'Message', value: message.replace('Error response from daemon: ', '') },
      ],
    },
  })
  expect(done).not.toHaveProperty('exitCode')
  const machines = containerMachines({ containerImageNames: ['none'], containerRegistries: [registry] })
  await must(call('POST /pools', { json: poolOf(id, { targetDedicatedNodes: 1, ...machines }) }))
  const nodes = await until(call, `/pools/${id}/nodes`, (body) => items(body)[0]?.['state'] === 'unusable')
  expect(items(nodes)[0]?.['errors']).toMatchObject([{ code }])
})

test('a program that is not in the image is not found; the container that was made for it is told', async () => {
  const done = await run('missing', 'no-such-program')
  expect(done).toMatchObject({
    failureInfo: { category: 'UserError', code: 'CommandProgramNotFound' },
    containerInfo: { state: 'created', error: expect.stringContaining('no-such-program') },
  })
  expect(done).not.toHaveProperty('exitCode')
})

test.each([125, 126, 127])('a command that ends with %i has run', async (code) => {
  const done = await run(`ran-${code}`, `/bin/sh -c 'echo not found >&2; exit ${code}'`)
  expect(done).toMatchObject({ exitCode: code, failureInfo: { code: 'FailureExitCode' } })
})

test('options that the engine does not know fail the task', async () => {
  const done = await run('options', 'true', { containerRunOptions: '--no-such-option' })
  expect(done).toMatchObject({ failureInfo: { category: 'UserError', code: 'ContainerInvalidSettings' } })
})

test('a container ends with its task, not with the client of the engine', async () => {
  const commandLine = `/bin/sh -c 'trap "" TERM; echo started; while :; do sleep 1; done'`
  await must(call('POST /jobs/job/tasks', { json: contained('stubborn', commandLine) }))
  await started(call, 'job', 'stubborn')
  expect(engine.containers()).toHaveLength(1)
  await must(call('POST /jobs/job/tasks/stubborn/terminate', { json: {} }))
  await expect.poll(engine.containers, { timeout: 10_000 }).toEqual([])
})

test('a container that takes too long is ended, and its task fails as others do', async () => {
  const constraints = { maxWallClockTime: 'PT0.2S' }
  const done = await run('slow', 'sleep 60', {}, { constraints })
  expect(done).toMatchObject({ failureInfo: { code: 'TaskEnded' }, containerInfo: { state: 'exited' } })
  expect(engine.containers()).toEqual([])
})

test('each instance of a multi-instance task has its container', async () => {
  const multiInstanceSettings = { numberOfInstances: 2, coordinationCommandLine: 'true' }
  const machines = { enableInterNodeCommunication: true, ...containerMachines() }
  await addPoolWithNodes(call, 'wide', 2, machines)
  await must(call('POST /jobs', { json: jobOf('wide', 'wide') }))
  const task = await runTask(call, 'wide', contained('wide', 'true', {}, { multiInstanceSettings }))
  expect(execution(task)).toMatchObject({ exitCode: 0, containerInfo: { state: 'exited' } })
  const [subtask] = items((await must(call('GET /jobs/wide/tasks/wide/subtasksinfo'))).json())
  expect(subtask).toMatchObject({ exitCode: 0, containerInfo: { state: 'exited' } })
})

test('start, preparation and release tasks have containers, too', async () => {
  const command = { commandLine: 'true', containerSettings: { imageName: 'here' } }
  const [nodeId] = await addPoolWithNodes(call, 'around', 1, { startTask: command, ...containerMachines() })
  const node = (await must(call(`GET /pools/around/nodes/${nodeId}`))).json()
  const info = { exitCode: 0, containerInfo: { state: 'exited' } }
  expect(node['startTaskInfo']).toMatchObject(info)
  const parts = { jobPreparationTask: command, jobReleaseTask: command }
  await must(call('POST /jobs', { json: jobOf('around', 'around', parts) }))
  await runTask(call, 'around', taskOf('t'))
  await must(call('POST /jobs/around/terminate', { json: {} }))
  await until(call, '/jobs/around', ({ state }) => state === 'completed')
  const [status] = items((await must(call('GET /jobs/around/jobpreparationandreleasetaskstatus'))).json())
  expect(status).toMatchObject({ jobPreparationTaskExecutionInfo: info, jobReleaseTaskExecutionInfo: info })
})

/** Runs a task for ever on another emulator. */
async function runForever(batch: Parameters<typeof openClient>[0]): Promise<void> {
  const { call, close } = openClient(batch)
  onTestFinished(close)
  await addPoolWithNodes(call, 'p', 1, containerMachines())
  await must(call('POST /jobs', { json: jobOf('j', 'p') }))
  const commandLine = `/bin/sh -c 'echo started; while :; do sleep 1; done'`
  await must(call('POST /jobs/j/tasks', { json: contained('t', commandLine) }))
  await started(call, 'j', 't')
  expect(engine.containers()).toHaveLength(1)
}

test('an emulator that ends leaves no container', async () => {
  const location = await temporaryDirectory()
  const other = await startEmulator({ blobPort: 'none', containerEngine: 'docker', location })
  onTestFinished(() => other.close())
  await runForever(other.batch)
  await other.close()
  expect(engine.containers()).toEqual([])
  expect(existsSync(join(location, 'nodes/.containers'))).toBe(false)
})

test('nor does one that is killed', async () => {
  const directory = await temporaryDirectory()
  const file = join(directory, 'endpoints.json')
  const options = ['--batchPort', '0', '--blobPort', 'none', '--silent', '--containerEngine', 'docker']
  const emulator = malachite(['emulator', ...options, '--endpointsFile', file])
  await waitForOutput(emulator, 'successfully listening')
  const { batch } = JSON.parse(readFileSync(file, 'utf8')) as { batch: Parameters<typeof openClient>[0] }
  await runForever(batch)
  emulator.kill('SIGKILL')
  await emulator
  await expect.poll(engine.containers, { timeout: 10_000 }).toEqual([])
})

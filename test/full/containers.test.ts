// Tasks in real containers, run by Podman.

import { once } from 'node:events'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { type Emulator, startEmulator } from '@malachite/emulator'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { malachite, temporaryDirectory, waitForOutput } from '../cli/command.ts'
import {
  addPoolWithNodes,
  containerMachines,
  items,
  jobOf,
  must,
  openClient,
  poolOf,
  runTask,
  taskOf,
  until,
  type Call,
  type Json,
} from '../protocol/helpers.ts'
import { describeWith } from './install.ts'
import { openPodman } from './podman.ts'

const found = await openPodman()

/** A URL with this content, for as long as the test runs. */
async function serve(content: string): Promise<string> {
  const server = createServer((_, response) => response.end(content)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/in.txt`
}

function execution(task: Json): Json {
  return task['executionInfo'] as Json
}

describeWith('containers', found, (podman) => {
  const before = { ...process.env }
  let emulator: Emulator
  let client: ReturnType<typeof openClient>
  let call: Call
  let location: string

  beforeAll(async () => {
    Object.assign(process.env, podman.env)
    emulator = await startEmulator({ blobPort: 'none', containerEngine: 'podman' })
    client = openClient(emulator.batch)
    call = client.call
    await addPoolWithNodes(call, 'pool', 1, {
      taskSlotsPerNode: 4,
      ...containerMachines(),
    })
    await must(call('POST /jobs', { json: jobOf('job', 'pool') }))
    const probe = await runTask(call, 'job', taskOf('where', `sh -c 'echo $AZ_BATCH_NODE_ROOT_DIR'`))
    if (execution(probe)['exitCode'] !== 0) throw new Error(JSON.stringify(probe))
    location = (await read('where')).trim()
  })
  afterAll(async () => {
    client.close()
    await emulator.close()
    for (const name of Object.keys(podman.env)) {
      if (before[name] === undefined) delete process.env[name]
      else process.env[name] = before[name]
    }
    const left = await podman.call('ps', '--all', '--quiet')
    await podman.close()
    if (left !== '') throw new Error(`containers were left: ${left}`)
  })

  async function read(taskId: string, file = 'stdout.txt'): Promise<string> {
    return (await must(call(`GET /jobs/job/tasks/${taskId}/files/${file}`))).text
  }

  function contained(id: string, commandLine: string, more: object = {}, settings: object = {}): object {
    return taskOf(id, commandLine, { containerSettings: { imageName: podman.image, ...settings }, ...more })
  }

  const run = (id: string, commandLine: string, more: object = {}, settings: object = {}): Promise<Json> =>
    runTask(call, 'job', contained(id, commandLine, more, settings))

  /** Ids of containers of which the command line has this word. */
  async function containersWith(word: string): Promise<string[]> {
    const lines = await podman.call('ps', '--all', '--no-trunc', '--format', '{{.ID}} {{.Command}}')
    return lines.split('\n').filter((line) => line.includes(word))
  }

  /** Waits for a running task to have written something. */
  async function started(id: string): Promise<void> {
    const path = `GET /jobs/job/tasks/${id}/files/stdout.txt`
    await expect.poll(async () => (await call(path)).text, { timeout: 10_000 }).toContain('started')
  }

  test('a command finds its working directory, its resource files, its variables and those of the image', async () => {
    const resourceFiles = [{ httpUrl: await serve('input\n'), filePath: 'in.txt' }]
    const environmentSettings = [
      { name: 'TWO_LINES', value: 'a\nb' },
      { name: 'REF', value: 'of $AZ_BATCH_TASK_ID' },
    ]
    const script =
      'cat in.txt; pwd; echo "$TWO_LINES"; echo $REF $MADE_BY $PATH; echo made > file; echo wrong >&2'
    const done = await run('sees', `/bin/sh -c '${script}'`, { resourceFiles, environmentSettings })
    const root = join(location, 'workitems/job/job-1/sees')
    expect(await read('sees')).toBe(`input\n${root}/wd\na\nb\nof sees image /bin\n`)
    expect(await read('sees', 'stderr.txt')).toBe('wrong\n')
    expect(await read('sees', 'wd/file')).toBe('made\n')
    expect(statSync(join(root, 'wd/file')).uid).toBe(process.getuid?.())
    expect(execution(done)).toMatchObject({
      exitCode: 0,
      result: 'success',
      containerInfo: { containerId: expect.stringMatching(/^[0-9a-f]{64}$/), state: 'exited', error: '' },
    })
    expect(Object.keys(execution(done))).toEqual([
      'startTime',
      'endTime',
      'exitCode',
      'containerInfo',
      'result',
      'retryCount',
      'requeueCount',
    ])
  })

  test.each([3, 125, 126, 127])('exit code %i of the command is that of the task', async (code) => {
    const done = await run(`exits-${code}`, `/bin/sh -c 'exit ${code}'`)
    expect(execution(done)).toMatchObject({
      exitCode: code,
      containerInfo: { state: 'exited' },
      failureInfo: { code: 'FailureExitCode' },
    })
  })

  test('a program that the image does not have is not found', async () => {
    const done = await run('no-program', 'no-such-program')
    expect(execution(done)).toMatchObject({
      containerInfo: { state: 'created', error: expect.stringContaining('no-such-program') },
      failureInfo: { category: 'UserError', code: 'CommandProgramNotFound' },
    })
    expect(execution(done)).not.toHaveProperty('exitCode')
  })

  test('without a command line the image says what runs', async () => {
    const { imageWithEntrypoint: imageName } = podman
    await run('entrypoint', '', {}, { imageName })
    expect(await read('entrypoint')).toContain('from the entrypoint')
    await run('arguments', 'one two', {}, { imageName })
    expect(await read('arguments')).toBe('from the entrypoint one two\n')
    const containerRunOptions = '--entrypoint /bin/echo'
    await run('other', 'just this', {}, { imageName, containerRunOptions })
    expect(await read('other')).toBe('just this\n')
  })

  test('it starts in the directory of the image when it is asked to', async () => {
    await run('opt', 'pwd', {}, { workingDirectory: 'containerImageDefault' })
    expect(await read('opt')).toBe('/opt\n')
  })

  test('further options are those of the run command', async () => {
    const containerRunOptions = `--env 'GREETING=hello world' --workdir /bin --read-only`
    const script = 'echo $GREETING; pwd; touch /opt/x || echo read-only'
    await run('options', `/bin/sh -c '${script}'`, {}, { containerRunOptions })
    expect(await read('options')).toBe('hello world\n/bin\nread-only\n')
  })

  test.each(['--no-such-option', '--detach', `--env 'x`])(
    'the option %s fails the task',
    async (containerRunOptions) => {
      const id = `bad-${containerRunOptions.replaceAll(/\W/g, '')}`
      const done = await run(id, 'true', {}, { containerRunOptions })
      expect(execution(done)).toMatchObject({
        failureInfo: { category: 'UserError', code: 'ContainerInvalidSettings' },
      })
    },
  )

  test('an image that cannot be had fails the task, and says why', async () => {
    const done = await run('no-image', 'true', {}, { imageName: 'localhost:1/no-such-image:1' })
    expect(execution(done)).toMatchObject({
      failureInfo: { category: 'UserError', code: 'ContainerInvalidRegistry' },
    })
    expect(execution(done)).not.toHaveProperty('containerInfo')
    const malformed = await run('no-name', 'true', {}, { imageName: 'Not A Name' })
    expect(execution(malformed)).toMatchObject({ failureInfo: { code: 'ContainerInvalidImage' } })
  })

  test('it sees the directories that it names, and no others', async () => {
    const containerHostBatchBindMounts = [{ source: 'Task' }, { source: 'Shared', isReadOnly: true }]
    const script =
      'echo yes > wd-file; ls $AZ_BATCH_NODE_ROOT_DIR; touch $AZ_BATCH_NODE_SHARED_DIR/x || echo not here'
    const task = contained('mounts', `/bin/sh -c '${script}'`, {}, { containerHostBatchBindMounts })
    const version = '2024-07-01.20.0'
    await must(call('POST /jobs/job/tasks', { json: task, version }))
    await until(call, '/jobs/job/tasks/mounts', ({ state }) => state === 'completed')
    expect(await read('mounts')).toBe('shared\nworkitems\nnot here\n')
    expect(await read('mounts', 'wd/wd-file')).toBe('yes\n')
  })

  test('a task that is terminated takes its container along, even one that ignores SIGTERM', async () => {
    const sleeps = `/bin/sh -c 'trap "" TERM; echo started; sleep 4711'`
    await must(call('POST /jobs/job/tasks', { json: contained('ended', sleeps) }))
    await started('ended')
    expect(await containersWith('4711')).toHaveLength(1)
    await must(call('POST /jobs/job/tasks/ended/terminate', { json: {} }))
    await expect.poll(() => containersWith('4711'), { timeout: 10_000 }).toEqual([])
    await until(call, '/pools/pool/nodes', (nodes) => items(nodes).every(({ state }) => state === 'idle'))
  })

  test('SIGTERM reaches the command in the container', async () => {
    const script = 'trap "echo bye; exit" TERM; echo started; while :; do sleep 0.1; done'
    await must(call('POST /jobs/job/tasks', { json: contained('polite', `/bin/sh -c '${script}'`) }))
    await started('polite')
    await must(call('POST /jobs/job/tasks/polite/terminate', { json: {} }))
    await expect.poll(() => read('polite'), { timeout: 10_000 }).toBe('started\nbye\n')
  })

  test('maxWallClockTime ends the container', async () => {
    const constraints = { maxWallClockTime: 'PT1S' }
    const done = await run('overdue', '/bin/sleep 4712', { constraints })
    expect(execution(done)).toMatchObject({
      failureInfo: { code: 'TaskEnded' },
      containerInfo: { state: 'exited' },
    })
    expect(await containersWith('4712')).toEqual([])
  })

  test('values of variables are on no command line', async () => {
    const environmentSettings = [{ name: 'API_KEY', value: 'SECRET-4713' }]
    const slow = contained('secret', `/bin/sh -c 'echo started $API_KEY; sleep 60'`, { environmentSettings })
    await must(call('POST /jobs/job/tasks', { json: slow }))
    await started('secret')
    expect(await read('secret')).toBe('started SECRET-4713\n')
    const { stdout } = await execa('ps', ['-eo', 'args'])
    expect(stdout).toContain('API_KEY')
    expect(stdout).not.toContain('SECRET-4713')
    await must(call('POST /jobs/job/tasks/secret/terminate', { json: {} }))
  })

  test('start, preparation and release tasks run in containers as well', async () => {
    const containerSettings = { imageName: podman.image }
    const command = (name: string) => ({
      commandLine: `/bin/sh -c 'echo $MADE_BY > $AZ_BATCH_NODE_SHARED_DIR/${name}'`,
      containerSettings,
    })
    await addPoolWithNodes(call, 'others', 1, { startTask: command('start'), ...containerMachines() })
    const node = items((await must(call('GET /pools/others/nodes'))).json())[0] ?? {}
    expect(node['startTaskInfo']).toMatchObject({ exitCode: 0, containerInfo: { state: 'exited' } })
    const parts = { jobPreparationTask: command('prepare'), jobReleaseTask: command('release') }
    await must(call('POST /jobs', { json: jobOf('others', 'others', parts) }))
    await runTask(call, 'others', taskOf('t'))
    await must(call('POST /jobs/others/terminate', { json: {} }))
    await until(call, '/jobs/others', ({ state }) => state === 'completed')
    const [status] = items((await must(call('GET /jobs/others/jobpreparationandreleasetaskstatus'))).json())
    const info = { exitCode: 0, containerInfo: { state: 'exited' } }
    expect(status).toMatchObject({ jobPreparationTaskExecutionInfo: info, jobReleaseTaskExecutionInfo: info })
    for (const name of ['start', 'prepare', 'release']) {
      const file = await must(call(`GET /pools/others/nodes/${String(node['id'])}/files/shared/${name}`))
      expect(file.text).toBe('image\n')
    }
  })

  test('a node whose images cannot be had is unusable', async () => {
    const machines = containerMachines({ containerImageNames: [podman.image, 'localhost:1/none:1'] })
    await must(call('POST /pools', { json: poolOf('bad', { targetDedicatedNodes: 1, ...machines }) }))
    const nodes = await until(call, '/pools/bad/nodes', (body) =>
      items(body).some(({ state }) => state === 'unusable'),
    )
    expect(items(nodes)[0]?.['errors']).toMatchObject([{ code: 'ContainerInvalidRegistry' }])
  })

  test('containers that an emulator has left behind go at the next start, its own when it ends', async () => {
    const gone = (await execa('sh', ['-c', 'echo $$'])).stdout
    const labels = ['--label', `malachite.owner=${hostname()}:${gone}:x`, '--label', 'malachite.nodes=/none']
    await podman.call('run', '--detach', '--pull', 'never', ...labels, podman.image, '/bin/sleep', '4715')
    const other = await startEmulator({ blobPort: 'none', containerEngine: 'podman' })
    onTestFinished(() => other.close())
    const { call, close } = openClient(other.batch)
    onTestFinished(close)
    await addPoolWithNodes(call, 'p', 1, containerMachines())
    await must(call('POST /jobs', { json: jobOf('j', 'p') }))
    await must(call('POST /jobs/j/tasks', { json: contained('t', '/bin/sleep 4716') }))
    await expect.poll(() => containersWith('4716'), { timeout: 10_000 }).toHaveLength(1)
    expect(await containersWith('4715')).toEqual([])
    await other.close()
    expect(await containersWith('4716')).toEqual([])
  })

  test('containers of an emulator that is killed go with it', async () => {
    const directory = await temporaryDirectory()
    const endpointsFile = join(directory, 'endpoints.json')
    const args = [
      'emulator',
      '--batchPort',
      '0',
      '--blobPort',
      'none',
      '--containerEngine',
      'podman',
      '--silent',
    ]
    const emulator = malachite([...args, '--endpointsFile', endpointsFile, '-l', directory], {
      env: podman.env,
    })
    await waitForOutput(emulator, 'successfully listening')
    const { batch } = JSON.parse(readFileSync(endpointsFile, 'utf8')) as {
      batch: { url: string; account: string; key: string }
    }
    const { call, close } = openClient(batch)
    onTestFinished(close)
    await addPoolWithNodes(call, 'p', 1, containerMachines())
    await must(call('POST /jobs', { json: jobOf('j', 'p') }))
    await must(call('POST /jobs/j/tasks', { json: contained('t', '/bin/sleep 4714') }))
    await expect.poll(() => containersWith('4714'), { timeout: 10_000 }).toHaveLength(1)
    emulator.kill('SIGKILL')
    await emulator
    await expect.poll(() => containersWith('4714'), { timeout: 10_000 }).toEqual([])
    expect(existsSync(join(directory, 'nodes/.containers'))).toBe(true)
  })
})

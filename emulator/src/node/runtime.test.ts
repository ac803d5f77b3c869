// The runtime with real processes in a temporary directory.

import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock, type OutputFile } from '@malachite/model'
import { expect, onTestFinished, test } from 'vitest'
import type { CommandOutcome, Effect, NodeReports, TaskRun } from '../engine/core/effects.ts'
import { createNodeRuntime, type NodeRuntimeOptions } from './runtime.ts'

const node = { poolId: 'pool', nodeId: 'tvmps_1_d', isDedicated: true, ipAddress: '10.0.0.4' }

/** A runtime whose reports can be awaited: `next('taskEnded')` answers the arguments of the next such report. */
async function bootedNode(options: Partial<NodeRuntimeOptions> = {}) {
  const root = mkdtempSync(join(tmpdir(), 'node-runtime-'))
  const reports: [name: string, ...args: unknown[]][] = []
  let wake = (): void => {}
  const recorder = new Proxy({} as NodeReports, {
    get:
      (_, name: string) =>
      (...args: unknown[]) => {
        reports.push([name, ...args])
        wake()
      },
  })
  const runtime = createNodeRuntime({
    root,
    account: { name: 'local', url: 'http://127.0.0.1/' },
    clock: systemClock,
    reports: () => recorder,
    graceMs: 200,
    ...options,
  })
  onTestFinished(async () => {
    await runtime.close()
    rmSync(root, { recursive: true, force: true })
  })
  const next = async (name: string): Promise<unknown[]> => {
    for (;;) {
      const index = reports.findIndex(([reported]) => reported === name)
      if (index >= 0) return reports.splice(index, 1)[0]?.slice(1) ?? []
      await new Promise<void>((resolve) => (wake = resolve))
    }
  }
  const perform = (...effects: Effect[]): void => runtime.perform(effects)
  perform({ type: 'bootNode', node, boot: 1, wipe: false })
  await next('nodeBooting')
  await next('nodeBooted')
  return {
    runtime,
    perform,
    next,
    reports,
    home: runtime.nodeRoot(node.nodeId),
    taskRoot: join(runtime.nodeRoot(node.nodeId), 'workitems/job/job-1/task'),
    run: async (commandLine: string, more: Partial<TaskRun> = {}): Promise<CommandOutcome> => {
      perform(task(commandLine, more))
      return (await next('taskEnded'))[0] as CommandOutcome
    },
  }
}

function task(commandLine: string, more: Partial<TaskRun> = {}): Effect {
  return {
    type: 'runTask',
    run: 1,
    node,
    jobId: 'job',
    taskId: 'task',
    commandLine,
    resourceFiles: [],
    outputFiles: [],
    environment: [],
    userIdentity: {},
    ...more,
  }
}

function sh(script: string): string {
  return `/bin/sh -c '${script}'`
}

/** Waits until the task has written something. */
async function outputOf(taskRoot: string): Promise<string> {
  const read = (): string => {
    const file = join(taskRoot, 'stdout.txt')
    return existsSync(file) ? readFileSync(file, 'utf8') : ''
  }
  await expect.poll(read, { timeout: 5000, interval: 10 }).not.toBe('')
  return read()
}

/** A zombie is dead: who reaps orphans takes its time. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  const status = `/proc/${pid}/status`
  return !existsSync(status) || !/^State:\s*Z/m.test(readFileSync(status, 'utf8'))
}

test('a task runs in its working directory and leaves its output in files', async () => {
  const { run, taskRoot } = await bootedNode()
  expect(await run(sh('pwd; echo oops >&2; echo made > file'))).toEqual({ run: 1, exitCode: 0 })
  expect(readFileSync(join(taskRoot, 'stdout.txt'), 'utf8')).toBe(`${join(taskRoot, 'wd')}\n`)
  expect(readFileSync(join(taskRoot, 'stderr.txt'), 'utf8')).toBe('oops\n')
  expect(readFileSync(join(taskRoot, 'wd/file'), 'utf8')).toBe('made\n')
  expect(statSync(join(taskRoot, 'wd')).mode & 0o777).toBe(0o700)
  expect(statSync(join(taskRoot, 'certs')).isDirectory()).toBe(true)
})

test('the exit code is reported as it is', async () => {
  const { run } = await bootedNode()
  expect(await run(sh('exit 3'), { run: 7 })).toEqual({ run: 7, exitCode: 3 })
})

test('a process that a signal ended is reported with the negative number of the signal', async () => {
  const { run } = await bootedNode()
  expect(await run(sh('kill -KILL $$'))).toEqual({ run: 1, exitCode: -9 })
})

test('a program that does not exist is a failure without an exit code', async () => {
  const { run } = await bootedNode()
  const outcome = await run('no-such-program --flag')
  expect(outcome).not.toHaveProperty('exitCode')
  expect(outcome.failure).toEqual({
    category: 'UserError',
    code: 'CommandProgramNotFound',
    message: 'The specified command program is not found',
    details: [
      { name: 'CommandLine', value: 'no-such-program --flag' },
      { name: 'Message', value: 'No such file or directory' },
    ],
  })
})

test.for(['/etc/passwd', `echo 'unclosed`])('%s cannot be launched', async (commandLine) => {
  const { run } = await bootedNode()
  expect((await run(commandLine)).failure).toMatchObject({
    category: 'UserError',
    code: 'CommandLaunchFailed',
  })
})

test('the shell is not involved: variables and redirections are plain words', async () => {
  const { run, taskRoot } = await bootedNode()
  await run('echo $HOME > x')
  expect(readFileSync(join(taskRoot, 'stdout.txt'), 'utf8')).toBe('$HOME > x\n')
})

test('a task sees nothing of the environment of the emulator', async () => {
  process.env['LEAK_OF_THE_EMULATOR'] = 'secret'
  onTestFinished(() => void delete process.env['LEAK_OF_THE_EMULATOR'])
  const { run, taskRoot } = await bootedNode()
  await run('env', { environment: [{ name: 'MINE', value: '${AZ_BATCH_TASK_ID}!' }] })
  const lines = readFileSync(join(taskRoot, 'stdout.txt'), 'utf8').trim().split('\n')
  expect(lines).toContain('MINE=task!')
  const names = lines.map((line) => line.split('=')[0] ?? '')
  const others = names.filter((name) => !name.startsWith('AZ_BATCH_')).sort()
  expect(others).toEqual(['HOME', 'LANG', 'MINE', 'PATH'])
})

test('a command that takes longer than its limit is ended', async () => {
  const { run } = await bootedNode()
  expect(await run('sleep 30', { maxWallClockMs: 50 })).toMatchObject({
    exitCode: -15,
    failure: {
      code: 'TaskEnded',
      details: [{ name: 'Message', value: 'The maximum execution time configured on the task was exceeded' }],
    },
  })
})

test('the limit includes the download of resource files', async () => {
  const { run } = await bootedNode()
  // It never answers.
  const server = createServer(() => {}).listen(0, '127.0.0.1')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  await once(server, 'listening')
  const httpUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`
  const resourceFiles = [{ httpUrl, filePath: 'x' }]
  const outcome = await run('true', { maxWallClockMs: 100, resourceFiles })
  expect(outcome).toMatchObject({
    failure: {
      category: 'UserError',
      code: 'TaskEnded',
      details: [{ name: 'Message', value: 'The maximum execution time configured on the task was exceeded' }],
    },
  })
  expect(outcome).not.toHaveProperty('exitCode')
})

test('a task whose directory cannot be made fails before it starts', async () => {
  const { run, home } = await bootedNode()
  writeFileSync(join(home, 'workitems/job'), 'a file where the directory should be')
  const outcome = await run('true')
  expect(outcome.failure).toMatchObject({ category: 'ServerError', code: 'ResourceDirectoryCreateFailed' })
  expect(outcome).not.toHaveProperty('exitCode')
})

test('a command that does not heed SIGTERM is killed after the grace', async () => {
  const { perform, next, taskRoot } = await bootedNode({ graceMs: 30 })
  perform(task(sh('trap "" TERM; echo started; while :; do sleep 0.01; done')))
  await outputOf(taskRoot)
  perform({ type: 'endTask', run: 1 })
  expect(await next('taskEnded')).toEqual([{ run: 1, exitCode: -9 }])
})

test('a task that is ended reports its signal and no failure', async () => {
  const { perform, next, taskRoot } = await bootedNode()
  perform(task(sh('echo started; sleep 30')))
  await outputOf(taskRoot)
  perform({ type: 'endTask', run: 1 })
  expect(await next('taskEnded')).toEqual([{ run: 1, exitCode: -15 }])
})

test('a task that is ended before its process starts reports neither', async () => {
  const { perform, next } = await bootedNode({ maxProcesses: 1 })
  perform(task('sleep 30', { run: 1 }), task('true', { run: 2, taskId: 'waiting' }))
  perform({ type: 'endTask', run: 2 })
  expect(await next('taskEnded')).toEqual([{ run: 2 }])
})

test('what a command leaves running in the background ends with it', async () => {
  const { run, taskRoot } = await bootedNode()
  expect(await run(sh('sleep 30 & echo $!'))).toEqual({ run: 1, exitCode: 0 })
  const pid = Number(readFileSync(join(taskRoot, 'stdout.txt'), 'utf8'))
  expect(pid).toBeGreaterThan(1)
  await expect.poll(() => isAlive(pid)).toBe(false)
})

test('another try on the same node finds nothing of the one before', async () => {
  const { run, taskRoot } = await bootedNode()
  await run(sh('echo first; touch old'))
  await run(sh('ls'), { run: 2 })
  expect(readFileSync(join(taskRoot, 'stdout.txt'), 'utf8')).toBe('')
})

test('the start task runs in startup/wd, made anew each time', async () => {
  const { perform, next, home } = await bootedNode()
  const command = { node, resourceFiles: [], environment: [], userIdentity: {} }
  const commandLine = sh('ls; touch seen; echo $AZ_BATCH_TASK_WORKING_DIR; exit 4')
  for (const run of [1, 2]) {
    perform({ type: 'runStartTask', run, commandLine, ...command })
    expect(await next('startTaskEnded')).toEqual([node.nodeId, { run, exitCode: 4 }])
    expect(readFileSync(join(home, 'startup/stdout.txt'), 'utf8')).toBe(`${home}/startup/wd\n`)
  }
})

test('a node has its directories after boot and no files after a wipe', async () => {
  const { perform, next, run, home, taskRoot } = await bootedNode()
  for (const name of ['applications', 'fsmounts', 'shared', 'startup', 'volatile', 'workitems']) {
    expect(statSync(join(home, name)).isDirectory()).toBe(true)
  }
  await run('true')
  perform({ type: 'bootNode', node, boot: 2, wipe: false })
  expect(await next('nodeBooted')).toEqual([node.nodeId, 2])
  expect(existsSync(taskRoot)).toBe(true)
  perform({ type: 'bootNode', node, boot: 3, wipe: true })
  expect(await next('nodeBooted')).toEqual([node.nodeId, 3])
  expect(existsSync(taskRoot)).toBe(false)
})

test('a node that cannot be made is reported', async () => {
  const { runtime, perform, next } = await bootedNode()
  writeFileSync(runtime.nodeRoot('blocked'), 'a file where the directory should be')
  perform({ type: 'bootNode', node: { ...node, nodeId: 'blocked' }, boot: 1, wipe: false })
  const error = { code: 'NodeCreationFailed', message: expect.stringContaining('ENOTDIR') as string }
  expect(await next('nodeBootFailed')).toEqual(['blocked', 1, error])
})

test('removing a node ends its tasks and deletes its files', async () => {
  const { perform, next, home } = await bootedNode()
  perform(task('sleep 30'))
  perform({ type: 'removeNode', node })
  const [outcome] = await next('taskEnded')
  expect(outcome).toMatchObject({ run: 1 })
  expect(await next('nodeRemoved')).toEqual([node.nodeId])
  expect(existsSync(home)).toBe(false)
})

test('deleting the files of a task does not disturb a new task of that name', async () => {
  const { perform, run, next, taskRoot } = await bootedNode()
  await run(sh('touch old'))
  perform({ type: 'deleteTaskFiles', nodeId: node.nodeId, directory: 'workitems/job/job-1/task' })
  expect(existsSync(taskRoot)).toBe(false)
  perform(task(sh('ls; touch new'), { run: 2 }))
  await next('taskEnded')
  expect(readFileSync(join(taskRoot, 'stdout.txt'), 'utf8')).toBe('')
  expect(existsSync(join(taskRoot, 'wd/new'))).toBe(true)
})

test('a directory outside of the node is not deleted', async () => {
  const errors: Error[] = []
  const { perform, home } = await bootedNode({ onError: (error) => errors.push(error) })
  perform({ type: 'deleteTaskFiles', nodeId: node.nodeId, directory: '../..' })
  await expect.poll(() => errors.length).toBe(1)
  expect(errors).toMatchObject([{ code: 'PathNotFound' }])
  expect(existsSync(home)).toBe(true)
})

test('machines are allocated and timers fire, never from inside perform', async () => {
  const { perform, next, reports } = await bootedNode()
  perform(
    { type: 'allocateNodes', poolId: 'pool', resize: 5, machines: 1 },
    { type: 'wakeAt', time: Date.now() - 1 },
  )
  expect(reports).toEqual([])
  expect(await next('nodesAllocated')).toEqual(['pool', 5])
  await next('tick')
})

test('a timer looks at the clock each minute, so that a machine which slept is not late', async () => {
  let now = 0
  const delays: number[] = []
  const clock = {
    now: () => now,
    after(ms: number, fn: () => void) {
      delays.push(ms)
      setImmediate(fn)
      return () => {}
    },
  }
  const { perform, next } = await bootedNode({ clock })
  delays.length = 0
  perform({ type: 'wakeAt', time: 3_600_000.5 })
  await expect.poll(() => delays.length).toBeGreaterThan(2)
  expect(new Set(delays)).toEqual(new Set([60_000]))
  now = 3_600_000
  await expect.poll(() => delays.at(-1)).toBe(1)
  now = 3_600_001
  await next('tick')
})

test('a timer of a faster clock looks no more often', async () => {
  const delays: number[] = []
  const clock = {
    now: () => 0,
    after(ms: number, fn: () => void) {
      delays.push(ms)
      setImmediate(fn)
      return () => {}
    },
  }
  const { perform } = await bootedNode({ clock, timeScale: 10 })
  delays.length = 0
  perform({ type: 'wakeAt', time: 3_600_000 })
  await expect.poll(() => delays.length).toBeGreaterThan(2)
  expect(new Set(delays)).toEqual(new Set([600_000]))
})

test('the tasks of a job that a schedule made are below the schedule', async () => {
  const { run, home } = await bootedNode()
  expect(await run('true', { jobId: 'daily:job-7' })).toEqual({ run: 1, exitCode: 0 })
  expect(existsSync(join(home, 'workitems/daily/job-7/task/stdout.txt'))).toBe(true)
})

test('no more processes run at once than the host may have', async () => {
  const { perform, next, taskRoot } = await bootedNode({ maxProcesses: 1 })
  const log = join(taskRoot, '../log')
  const command = sh(`echo in >> ${log}; sleep 0.02; echo out >> ${log}`)
  for (const run of [1, 2, 3]) perform(task(command, { run, taskId: `t${run}` }))
  for (const run of [1, 2, 3]) expect(await next('taskEnded')).toEqual([{ run, exitCode: 0 }])
  expect(readFileSync(log, 'utf8')).toBe('in\nout\n'.repeat(3))
})

test('a failed upload keeps the exit code; a failed download leaves none', async () => {
  const { run } = await bootedNode()
  const containerUrl = 'http://127.0.0.1:1/account/box'
  const outputFiles: OutputFile[] = [
    {
      filePattern: '../stdout.txt',
      destination: { container: { containerUrl } },
      uploadOptions: { uploadCondition: 'taskfailure' },
    },
  ]
  expect(await run('false', { outputFiles })).toMatchObject({
    exitCode: 1,
    failure: { code: 'FileUploadMiscError' },
  })
  expect(await run('true', { run: 2, outputFiles })).toEqual({ run: 2, exitCode: 0 })
  const resourceFiles = [{ httpUrl: 'http://127.0.0.1:1/x', filePath: '../x' }]
  const outcome = await run('true', { run: 3, resourceFiles })
  expect(outcome).toMatchObject({ run: 3, failure: { code: 'ResourceFileCreateFailed' } })
  expect(outcome).not.toHaveProperty('exitCode')
})

test('closing kills what runs, reports nothing more and may be repeated', async () => {
  const { runtime, perform, reports, taskRoot } = await bootedNode()
  perform(task(sh('echo $$; trap "" TERM; while :; do sleep 0.01; done')))
  const pid = Number(await outputOf(taskRoot))
  await runtime.close()
  await runtime.close()
  await expect.poll(() => isAlive(pid)).toBe(false)
  expect(reports).toEqual([])
})

test('a machine that is switched off takes its processes with it and keeps its log', async () => {
  const { runtime, perform, next, taskRoot } = await bootedNode()
  perform(task(sh('trap "" TERM; echo $$; while :; do sleep 1; done')))
  const pid = Number(await outputOf(taskRoot))
  perform({ type: 'stopNode', node, boot: 2 })
  expect(await next('nodeStopped')).toEqual(['tvmps_1_d', 2])
  expect(isAlive(pid)).toBe(false)
  const upload = { containerUrl: 'http://127.0.0.1:9/box', directory: 'd', from: 0, to: 1 }
  expect(await runtime.uploadLogs('tvmps_1_d', upload)).toBe(0)
})

test('a reimage leaves nothing of the old disk, a reboot everything', async () => {
  const { perform, next, run, home, taskRoot } = await bootedNode()
  await run(sh('echo made > file'))
  const files = [join(home, 'shared/kept'), join(home, 'applications/kept'), join(taskRoot, 'wd/file')]
  for (const file of files.slice(0, 2)) writeFileSync(file, '')
  perform({ type: 'bootNode', node, boot: 2, wipe: false })
  await next('nodeBooted')
  expect(files.filter((file) => !existsSync(file))).toEqual([])
  perform({ type: 'bootNode', node, boot: 3, wipe: true })
  await next('nodeBooted')
  expect([...files, taskRoot].filter((file) => existsSync(file))).toEqual([])
  expect(existsSync(join(home, 'shared'))).toBe(true)
})

test('the agent notes boots and commands with their ends, but no command lines', async () => {
  const { runtime, perform, next, run, home } = await bootedNode()
  perform({ ...(task(sh('exit 3 # SECRET')) as TaskRun), type: 'runStartTask', run: 7 })
  await next('startTaskEnded')
  await run(sh('exit 0 # SECRET'))
  await run('/no/such/program SECRET')
  await runtime.close()
  const directory = join(home, '../.agent', node.nodeId)
  const [file = ''] = readdirSync(directory)
  const lines = readFileSync(join(directory, file), 'utf8').trim().split('\n')
  expect(lines.map((line) => line.replace(/^\S+ /, ''))).toEqual([
    'booted',
    'start task: started',
    'start task: ended with exit code 3',
    'task job/task: started',
    'task job/task: ended with exit code 0',
    'task job/task: started',
    'task job/task: ended without a process, CommandProgramNotFound',
  ])
})

test('a machine is there before its agent has started', async () => {
  const { perform, next, reports } = await bootedNode()
  reports.length = 0
  perform({ type: 'bootNode', node, boot: 2, wipe: false })
  expect(await next('nodeBooting')).toEqual([node.nodeId, 2])
  expect(await next('nodeBooted')).toEqual([node.nodeId, 2])
})

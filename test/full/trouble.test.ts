import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { expect, test } from 'vitest'
import {
  largeInput,
  malachite,
  startEmulatorCommand,
  temporaryDirectory,
  waitForOutput,
} from '../cli/command.ts'

/** What points `malachite run --backend emulator` at a running emulator. */
function client({ batch, blob }: Awaited<ReturnType<typeof startEmulatorCommand>>['endpoints']) {
  return {
    AZURE_BATCH_ACCOUNT: batch.account,
    AZURE_BATCH_ACCESS_KEY: batch.key,
    AZURE_BATCH_ENDPOINT: batch.url,
    AZURE_STORAGE_CONNECTION_STRING: blob.connectionString,
  }
}

/** Processes of tasks that work on the file of this name. */
function tasksOn(path: string): number[] {
  const isTask = (pid: string): boolean => {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      return command.includes('--filepath') && command.includes(basename(path))
    } catch {
      return false // it has ended meanwhile
    }
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && isTask(name))
    .map(Number)
}

async function until(done: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 10_000; !done();) {
    if (Date.now() > deadline) throw new Error('not reached within 10 s')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

// What runs is read from /proc.
const noProc = process.platform !== 'linux'

test.skipIf(noProc)(
  'an emulator that is killed in the middle of a run is named, and the run ends',
  async () => {
    const { endpoints } = await startEmulatorCommand()
    const cwd = await temporaryDirectory()
    const input = await largeInput(cwd)
    const run = malachite(['run', input, '--backend', 'emulator'], { cwd, env: client(endpoints) })
    await waitForOutput(run, 'Monitoring')
    await until(() => tasksOn(input).length > 0)
    process.kill(endpoints.pid, 'SIGKILL')
    const { stderr, exitCode } = await run
    expect(stderr).toContain(`${endpoints.batch.url} does not answer`)
    expect(stderr).toContain('`malachite emulator`')
    expect(stderr).toMatch(/Left behind:[^]*pool MalachiteTutorialPool/)
    expect(stderr).not.toMatch(/^ +at /m)
    expect(exitCode).toBe(1)
    await until(() => tasksOn(input).length === 0)
  },
)

test.skipIf(noProc)('a run that is killed takes its tasks with it, and the next run works', async () => {
  const cwd = await temporaryDirectory()
  const input = await largeInput(cwd)
  const run = malachite(['run', input], { cwd })
  await waitForOutput(run, 'Monitoring')
  await until(() => tasksOn(input).length > 0)
  run.kill('SIGKILL')
  await run
  await until(() => tasksOn(input).length === 0)
  expect((await malachite(['run'], { cwd })).exitCode).toBe(0)
})

test('ids that are taken are named with the flags that give others, and nothing of theirs is touched', async () => {
  const { endpoints } = await startEmulatorCommand()
  const cwd = await temporaryDirectory()
  const env = client(endpoints)
  const run = (...flags: string[]) => malachite(['run', '--backend', 'emulator', ...flags], { cwd, env })
  const keep = ['--delete-job', 'no', '--delete-pool', 'no']
  expect((await run(...keep)).exitCode).toBe(0)
  const samePool = await run()
  expect(samePool.stderr).toContain('A pool called MalachiteTutorialPool exists already')
  expect(samePool.stderr).toContain('--pool-id')
  expect(samePool.exitCode).toBe(1)
  const sameJob = await run('--pool-id', 'another')
  expect(sameJob.stderr).toContain('A job called MalachiteTutorialJob exists already')
  expect(sameJob.stderr).toContain('--job-id')
  expect((await run('--pool-id', 'another', '--job-id', 'another')).exitCode).toBe(0)
  expect((await run(...keep)).stderr).toContain('exists already')
})

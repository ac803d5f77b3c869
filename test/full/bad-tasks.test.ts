// What goes wrong on the nodes, as the user of `malachite run` reads it: the message and the exit code.

import { readdirSync, readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createAzureBlobBackend } from '@malachite/azure'
import { startAzurite } from '@malachite/azurite'
import { expect, onTestFinished, test } from 'vitest'
import { putEvilBlob } from '../helpers/evil-blob.ts'
import {
  largeInput,
  malachite,
  startEmulatorCommand,
  temporaryDirectory,
  waitForOutput,
} from '../cli/command.ts'

/** An emulator, and blobs that the test holds in its own hand. */
async function open() {
  const azurite = await startAzurite()
  const blob = createAzureBlobBackend({ connectionString: azurite.connectionString })
  onTestFinished(async () => {
    await blob.close()
    await azurite.close()
  })
  const { endpoints } = await startEmulatorCommand('--blobPort', 'none')
  const env = {
    AZURE_BATCH_ACCOUNT: endpoints.batch.account,
    AZURE_BATCH_ACCESS_KEY: endpoints.batch.key,
    AZURE_BATCH_ENDPOINT: endpoints.batch.url,
    AZURE_STORAGE_CONNECTION_STRING: azurite.connectionString,
  }
  const cwd = await temporaryDirectory()
  const run = (...args: string[]) => malachite(['run', ...args, '--backend', 'emulator'], { cwd, env })
  return { blob, run, cwd, pid: endpoints.pid }
}

/** The process of the only task, once it counts. */
async function taskProcess(ancestor: number): Promise<number> {
  for (const deadline = Date.now() + 15_000; Date.now() < deadline;) {
    const found = readdirSync('/proc').find((pid) => isTaskOf(pid, ancestor))
    if (found) return Number(found)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('no task within 15 s')
}

/** A task's own program, not the shell around it, below the emulator of this test. */
function isTaskOf(pid: string, ancestor: number): boolean {
  try {
    const [program = '', ...args] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    return program.endsWith('node') && args.includes('--filepath') && isBelow(pid, ancestor)
  } catch {
    return false // no process, or it has ended meanwhile
  }
}

function isBelow(pid: string, ancestor: number): boolean {
  for (let current = pid; current !== '0';) {
    if (Number(current) === ancestor) return true
    const stat = readFileSync(`/proc/${current}/stat`, 'utf8')
    current = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? '0'
  }
  return false
}

test.skipIf(process.platform !== 'linux')('a task that is killed is named with its exit code', async () => {
  const { run, cwd, pid } = await open()
  const running = run(await largeInput(cwd))
  process.kill(await taskProcess(pid), 'SIGKILL')
  const { stderr, exitCode } = await running
  // The shell around the program reports its signal 9 as 128 + 9.
  expect(stderr).toMatch(/topNtask0.*137/)
  expect(exitCode).toBe(1)
})

test.skipIf(process.platform !== 'linux')('an upload that is refused is named by the task', async () => {
  const { run, cwd, pid, blob } = await open()
  const running = run(await largeInput(cwd))
  await taskProcess(pid)
  await blob.deleteContainer('output')
  const { stdout, stderr, exitCode } = await running
  expect(stderr).toMatch(/topNtask0[^]*refused|topNtask0[^]*404/i)
  expect(stdout + stderr).not.toContain('sig=')
  expect(exitCode).toBe(1)
})

test('a start task that fails ends the run at once, with the reason', async () => {
  const { run, pid, blob } = await open()
  process.kill(pid, 'SIGSTOP')
  const running = run()
  await waitForOutput(running, 'Creating pool')
  // The nodes come when the emulator goes on, and find nothing to download.
  await blob.deleteContainer('application')
  process.kill(pid, 'SIGCONT')
  const { stderr, exitCode, durationMs } = await running
  expect(stderr).toMatch(/start task.*(failed|BlobNotFound)/i)
  expect(stderr).toContain('BlobNotFound')
  expect(exitCode).toBe(1)
  expect(durationMs).toBeLessThan(20_000)
})

test('a blob whose name would leave the output directory is refused, the others are there', async () => {
  const { run, cwd, blob } = await open()
  await blob.createContainer('output')
  await putEvilBlob(blob, 'output')
  const { stderr, exitCode } = await run()
  expect(stderr).toContain('../../x')
  expect(exitCode).toBe(1)
  expect((await readdir(join(cwd, 'output'))).sort()).toEqual([1, 2, 3].map((n) => `taskdata${n}_OUTPUT.txt`))
})

// What tasks write, live and afterwards.

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { jobBody, poolBody } from '../helpers/virtual-engine.ts'
import { malachite, READY, startEmulatorCommand, temporaryDirectory, waitForOutput } from './command.ts'
import { bashTask, useEmulator } from './shared-emulator.ts'

const emulator = useEmulator()
const { run, start } = emulator

/** A job on a pool of its own with one task. */
async function prepare(id: string, script: string, more: object = {}): Promise<void> {
  await emulator.pool(id)
  emulator.engine().jobs.add(jobBody(id, id))
  emulator.engine().tasks.add(id, bashTask('t', script, more))
}

/** A script that goes on when the file is there. */
const until = (file: string): string => `until [ -e ${file} ]; do sleep 0.05; done`

test('what a task has written is printed as it is', async () => {
  await prepare('ended', 'printf "out\\0\\377"; echo err >&2; echo more > own.log')
  await run('wait job ended --timeout 20s')
  const { stdout } = await emulator.start('logs ended t')
  expect(stdout).toBe('out\0\uFFFD')
  expect((await run('logs ended t --stderr')).stdout).toBe('err')
  expect((await run('logs ended t --file wd/own.log -f')).stdout).toBe('more')
  expect((await run('logs ended t --file wd/none')).stderr).toContain('(FileNotFound).')
  expect((await run('logs ended none -f')).exitCode).toBe(3)
})

test('a running task is followed line by line until it has ended', async () => {
  const flag = join(await temporaryDirectory(), 'go')
  await prepare('live', `echo first; ${until(flag)}; echo last`)
  const following = start('logs live t -f')
  await waitForOutput(following, 'first')
  expect(emulator.engine().tasks.get('live', 't').state).toBe('running')
  await writeFile(flag, '')
  expect(await following).toMatchObject({ stdout: 'first\nlast', stderr: '', exitCode: 0 })
})

test('a task that has not started is waited for with -f, and named without', async () => {
  const flag = join(await temporaryDirectory(), 'go')
  await prepare('late', until(flag))
  emulator.engine().tasks.add('late', bashTask('second', 'echo mine'))
  expect(await run('logs late second')).toEqual({
    stdout: '',
    stderr:
      'malachite: Task second of job late is active and has written nothing yet. With -f it is waited for (FileNotFound).',
    exitCode: 3,
  })
  const following = start('logs late second --follow')
  await expect.poll(() => emulator.engine().tasks.get('late', 'second').state).toBe('active')
  await writeFile(flag, '')
  const { stdout, exitCode } = await following
  expect({ stdout, exitCode }).toEqual({ stdout: 'mine', exitCode: 0 })
})

test('a retry is said, and its output follows that of the first try', async () => {
  const flag = join(await temporaryDirectory(), 'go')
  const script = `echo try; ${until(flag)}; sleep 0.5; exit 1`
  await prepare('retried', script, { constraints: { maxTaskRetryCount: 1 } })
  const following = start('logs retried t -f')
  await waitForOutput(following, 'try')
  await writeFile(flag, '')
  const { stdout, stderr, exitCode } = await following
  expect({ stdout, exitCode }).toEqual({ stdout: 'try\ntry', exitCode: 0 })
  expect(stderr).toMatch(/^malachite: Task t of job retried runs again on node \S+ \(retry 1\)\.$/)
})

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends the following, not the task', async (signal) => {
  const id = `interrupted-${signal}`
  const flag = join(await temporaryDirectory(), 'go')
  await prepare(id, `echo first; ${until(flag)}`)
  const following = start(`logs ${id} t -f`)
  await waitForOutput(following, 'first')
  following.kill(signal)
  const { stdout, stderr, exitCode } = await following
  expect({ stdout, stderr, exitCode }).toEqual({ stdout: 'first', stderr: '', exitCode: 130 })
  expect(emulator.engine().tasks.get(id, 't').state).toBe('running')
  await writeFile(flag, '')
})

test('an emulator that is started again is waited for', async () => {
  const directory = await temporaryDirectory()
  const flag = join(directory, 'go')
  const location = join(directory, 'state')
  const first = await startEmulatorCommand('--blobPort', 'none', '--location', location)
  const env = { MALACHITE_ENDPOINTS_FILE: first.file }
  const add = async (noun: string, body: object) => {
    await writeFile(join(directory, 'body.json'), JSON.stringify(body))
    return malachite([...noun.split(' '), '--json-file', 'body.json'], { cwd: directory, env })
  }
  await add('pool create', poolBody('p'))
  await add('job create', jobBody('j', 'p'))
  await add('task create j', bashTask('t', `echo first; ${until(flag)}; echo last`))
  const following = malachite(['logs', 'j', 't', '-f'], { env })
  let told = ''
  following.stderr.on('data', (part: Buffer) => (told += part.toString()))
  await waitForOutput(following, 'first')
  first.running.kill('SIGTERM')
  await first.running
  await expect.poll(() => told, { timeout: 20_000 }).toContain('does not answer; waiting for it.')
  const port = new URL(first.endpoints.batch.url).port
  const args = ['emulator', '--batchPort', port, '--blobPort', 'none', '--location', location]
  const second = malachite(args)
  onTestFinished(async () => {
    second.kill('SIGTERM')
    await second
  })
  await waitForOutput(second, READY)
  await writeFile(flag, '')
  const { stdout, stderr, exitCode } = await following
  expect(stderr).toContain('malachite: The service does not answer; waiting for it.')
  expect(stderr).toContain('malachite: The service answers again.')
  expect(stdout).toMatch(/^first\n(first\n)?last$/)
  expect(exitCode).toBe(0)
})

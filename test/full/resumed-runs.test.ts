// What else may be with runs whose processes were killed: ended, changed, lost, damaged. All nine steps, one by one, are in
// resume.test.ts.

import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startEmulatorCommand, waitForOutput } from '../cli/command.ts'
import {
  BEGIN,
  NAMES,
  prepare,
  RESULTS,
  results,
  runUntil,
  startServices,
  type Services,
} from '../cli/killed-run.ts'
import type { Exchange } from '../cli/proxy.ts'

let services: Services

beforeAll(async () => {
  services = await startServices()
})

afterAll(() => services.close())

beforeEach(() => services.reset())

const isPool = ({ what }: Exchange): boolean => what === 'POST /pools'

describe('a run that is killed', () => {
  test.each([
    ['looks at what there is', /^GET \/devstoreaccount1\/input$/],
    ['waits for the tasks', /^GET \/jobs\/\w+\/taskcounts$/],
  ])('is cleaned up by Ctrl-C in the process that resumes it, when that %s', async (_, moment) => {
    const { run } = await prepare(services)
    await runUntil(services, run, ({ what }) => what === 'POST /jobs')
    const running = run(['--resume'])
    const interrupt = ({ what }: Exchange): boolean => moment.test(what) && !running.kill('SIGINT')
    services.batch.onAnswer = interrupt
    services.blob.onAnswer = interrupt
    expect(await running).toMatchObject({ exitCode: 130 })
    expect(await services.storage.containerExists('input')).toBe(false)
    const pools = services.batch.exchanges.filter(({ what }) => what.startsWith('DELETE /pools/'))
    expect(pools).toMatchObject([{ status: 202 }])
    expect((await run(['--resume'])).stderr).toContain('There is no unfinished run')
  })

  test('uploads what Azurite has lost, and has tasks run again whose results are lost', async () => {
    const { cwd, run } = await prepare(services)
    await runUntil(services, run, ({ what }) => what.endsWith('/output/b_OUTPUT.txt'))
    await services.storage.deleteBlob('output', 'c_OUTPUT.txt')
    await services.storage.deleteBlob('input', 'a.txt')
    await services.storage.deleteBlob('input', 'c.txt')
    const { stdout, stderr, exitCode } = await run(['--resume'])
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
    expect(stdout).toContain('1 run again because their results are lost')
    expect(stdout).toMatch(/Uploading file .*c\.txt/)
    // Its task is over: it needs the input no more.
    expect(stdout).not.toMatch(/Uploading file .*a\.txt/)
    expect(await results(cwd)).toEqual(RESULTS)
  })
})

describe('an input that has changed since', () => {
  test('is uploaded anew as long as it has no task', async () => {
    const { cwd, run } = await prepare(services)
    await runUntil(services, run, isPool)
    await writeFile(join(cwd, 'b.txt'), 'new new words')
    expect((await run(['--resume'])).exitCode).toBe(0)
    expect(await results(cwd)).toEqual(['a:\t2', 'new:\t2', 'c:\t2'])
  })

  test('is refused once it has a task, and nothing is touched; the same content at another time is no change', async () => {
    const { cwd, run } = await prepare(services)
    await runUntil(services, run, ({ what }) => what.endsWith('/addtaskcollection'))
    await writeFile(join(cwd, 'b.txt'), 'new new words')
    const refused = await run(['--resume'])
    expect(refused.stderr).toMatch(/Files have changed since their tasks were added: \S+b\.txt/)
    expect(refused.exitCode).toBe(2)
    await writeFile(join(cwd, 'b.txt'), 'b b other')
    await utimes(join(cwd, 'b.txt'), 1, 1)
    expect((await run(['--resume'])).exitCode).toBe(0)
    expect(await results(cwd)).toEqual(RESULTS)
  })
})

describe('what cannot be resumed', () => {
  test('a run of another backend or account, or one whose record is damaged', async () => {
    const { cwd, run } = await prepare(services)
    await runUntil(services, run, isPool)
    const backend = await run(['--resume', '--backend', 'azure'])
    expect(backend.stderr).toMatch(/is on the backend emulator, not azure/)
    const endpoint = await run(['--resume'], { AZURE_BATCH_ENDPOINT: 'http://127.0.0.1:1' })
    expect(endpoint.stderr).toMatch(/is on Batch account devbatchaccount1 at \S+ and .*; the settings name /)
    const runs = join(cwd, 'state', 'malachite', 'runs')
    const [id = ''] = await readdir(runs)
    const record = await readFile(join(runs, id, 'run.json'), 'utf8')
    expect(record).not.toMatch(/sig=|AccountKey/)
    expect(record).not.toContain(services.environment['AZURE_BATCH_ACCESS_KEY'])
    await writeFile(join(runs, id, 'run.json'), record.slice(0, 100))
    const damaged = await run(['--resume', id])
    expect(damaged.stderr).toMatch(/run\.json of the run cannot be used: .*Delete \S+ to forget it/)
    expect([backend, endpoint, damaged].map(({ exitCode }) => exitCode)).toEqual([2, 2, 2])
    await writeFile(join(runs, id, 'run.json'), record)
    expect((await run(['--resume'])).exitCode).toBe(0)
  })

  test('a run that is still going on', async () => {
    const { run } = await prepare(services)
    const { promise: reached, resolve } = Promise.withResolvers<void>()
    const running = run(BEGIN)
    services.batch.onAnswer = ({ what }) => {
      if (what !== 'POST /pools') return false
      resolve()
      return true
    }
    await reached
    const { stderr, exitCode } = await run(['--resume'])
    expect(stderr).toMatch(/is going on in another process/)
    expect(exitCode).toBe(2)
    running.kill('SIGKILL')
    await running
    services.batch.onAnswer = () => false
    expect((await run(['--resume'])).exitCode).toBe(0)
  })
})

test('a run on the local backend goes on with the blobs that were saved', async () => {
  const { cwd, run } = await prepare(services)
  const running = run([...NAMES.map((name) => `${name}.txt`), '--num-words', '1'])
  await waitForOutput(running, 'Monitoring all tasks')
  running.kill('SIGKILL')
  await running
  const { stderr, exitCode } = await run(['--resume'])
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
  expect(await results(cwd)).toEqual(RESULTS)
})

test('a home that cannot be written to costs the resumption, not the run', async () => {
  const { cwd, run } = await prepare(services)
  await mkdir(join(cwd, 'state'))
  await writeFile(join(cwd, 'state', 'malachite'), 'a file')
  const { stderr, exitCode } = await run(['a.txt'])
  expect(stderr).toMatch(/warning: This run cannot be resumed if it is killed: .*(ENOTDIR|EEXIST)/)
  expect(exitCode).toBe(0)
})

test.each([
  ['uploads', 'Uploading file'],
  ['waits for its tasks', 'Monitoring all tasks'],
])(
  'a run that is killed together with the emulator while it %s goes on, though Azurite has lost what it was given last',
  async (_, moment) => {
    const { cwd, run } = await prepare(services)
    const location = join(cwd, 'location')
    const first = await startEmulatorCommand('--silent', '--location', location)
    const { batch, blob } = first.endpoints
    const env = {
      AZURE_BATCH_ENDPOINT: batch.url,
      AZURE_STORAGE_CONNECTION_STRING: blob.connectionString,
    }
    const running = run(BEGIN, env)
    await waitForOutput(running, moment)
    for (const pid of [running.pid ?? 0, first.endpoints.pid]) process.kill(pid, 'SIGKILL')
    await Promise.all([running, first.running])
    const ports = ['--batchPort', new URL(batch.url).port, '--blobPort', new URL(blob.url).port]
    await startEmulatorCommand('--silent', '--location', location, ...ports)
    const { stderr, exitCode } = await run(['--resume'], env)
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
    expect(await results(cwd)).toEqual(RESULTS)
  },
)

// A run whose process was killed goes on. What else may be with such runs is in test/full/resumed-runs.test.ts, all nine
// steps in test/full/resume.test.ts.

import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { malachite, temporaryDirectory } from './command.ts'
import { BEGIN, prepare, runUntil, startServices, type Services } from './killed-run.ts'

let services: Services

beforeAll(async () => {
  services = await startServices()
})

afterAll(() => services.close())

beforeEach(() => services.reset())

test('a run that is killed is told of when another begins in its directory, and is resumed by its id from anywhere', async () => {
  const { cwd, run } = await prepare(services)
  await runUntil(services, run, ({ what }) => what === 'POST /pools')
  const other = await run([...BEGIN, '--job-id', 'other', '--pool-id', 'other'])
  const id = /--resume ([0-9a-f-]{36})/.exec(other.stderr)?.[1] ?? ''
  const elsewhere = await temporaryDirectory()
  const env = { ...services.environment, XDG_STATE_HOME: join(cwd, 'state') }
  const { stdout, exitCode } = await malachite(['run', '--resume', id, '--json'], { cwd: elsewhere, env })
  expect(exitCode).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    outcome: 'succeeded',
    runId: id,
    taskCounts: { succeeded: 3 },
  })
  const ended = await run(['--resume', id])
  expect(ended.stderr).toContain(`Run ${id} has ended and was cleaned up: succeeded`)
  expect(ended.exitCode).toBe(2)
})

test('a run that nobody knows cannot be resumed, nor one whose id leads elsewhere', async () => {
  const { run } = await prepare(services)
  for (const id of ['nobody', '../../x']) {
    const { stderr, exitCode } = await run(['--resume', id])
    expect(stderr).toContain(`There is no run ${id} in `)
    expect(exitCode).toBe(2)
  }
})

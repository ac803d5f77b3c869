// An emulator in the background.

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { malachite, temporaryDirectory } from './command.ts'

async function prepare() {
  const state = await temporaryDirectory()
  const run = async (line: string) => {
    const { stdout, stderr, exitCode } = await malachite(line.split(' '), { env: { XDG_STATE_HOME: state } })
    return { stdout, stderr, exitCode }
  }
  onTestFinished(async () => void (await run('emulator stop')))
  return { state, run }
}

test('it outlives the command that started it, is found, and ends when it is told to', async () => {
  const { state, run } = await prepare()
  expect((await run('emulator status')).exitCode).toBe(3)
  const started = await run('emulator --detach --batchPort 0 --blobPort none')
  expect(started).toMatchObject({ stderr: '', exitCode: 0 })
  const url = /^Batch service is successfully listening at (\S+)\n/.exec(started.stdout)?.[1]
  const status = await run('emulator status -o json')
  const facts = JSON.parse(status.stdout) as { pid: number }
  expect(facts).toEqual({
    running: true,
    pid: expect.any(Number) as number,
    batch: url,
    account: 'devbatchaccount1',
  })
  expect((await run('emulator status')).stdout).toContain(`Batch:    ${url}`)
  const file = join(state, 'malachite', 'emulator.json')
  expect((await run(`job list -o json --endpointsFile ${file}`)).stdout).toBe('[]')

  const again = await run('emulator --detach --batchPort 0 --blobPort none')
  expect(again).toMatchObject({ stdout: '', exitCode: 2 })
  expect(again.stderr).toContain(`An emulator runs already at ${url} (process ${facts.pid}).`)

  expect((await run('emulator stop')).stdout).toBe(`The emulator at ${url} has ended.`)
  expect(() => process.kill(facts.pid, 0)).toThrow('ESRCH')
  expect(await run('emulator stop')).toEqual({ stdout: 'No emulator runs.', stderr: '', exitCode: 3 })
})

test('an emulator that cannot start says why', async () => {
  const { run } = await prepare()
  const { stdout, stderr, exitCode } = await run('emulator --detach --batchHost 0.0.0.0')
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 })
  expect(stderr).toContain('--unsafe')
})

test('what a killed emulator has left does not make another process end', async () => {
  const { run } = await prepare()
  const file = join(await temporaryDirectory(), 'endpoints.json')
  const batch = { url: 'http://127.0.0.1:9', account: 'a', key: 'a2V5' }
  await writeFile(file, JSON.stringify({ pid: process.pid, batch }))
  expect((await run(`emulator stop --endpointsFile ${file}`)).exitCode).toBe(3)
  expect((await run(`emulator status --endpointsFile ${file}`)).exitCode).toBe(3)
})

// What the doctor finds on this machine, and at services that are well or ill.

import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { malachite } from './command.ts'
import { useEmulator } from './shared-emulator.ts'

const emulator = useEmulator()

interface Findings {
  findings: { check: string; level: string; says: string; fix?: string }[]
}

/** The findings of a check. */
async function examine(args: readonly string[], env: Record<string, string>, check: string) {
  const { stdout, exitCode } = await malachite(['doctor', '-o', 'json', ...args], { env })
  const { findings } = JSON.parse(stdout) as Findings
  return { exitCode, found: findings.filter((finding) => finding.check === check) }
}

test('a healthy machine with an emulator has no problem', async () => {
  const { stdout, stderr, exitCode } = await emulator.run('doctor')
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
  for (const check of [
    'node',
    'disk',
    'port 10003',
    'port 10000',
    'Azurite',
    'containers',
    'variables',
    'clock',
  ])
    expect(stdout).toMatch(new RegExp(`^(ok|warning) +${check} `, 'm'))
  expect(stdout).toContain(`devbatchaccount1 at ${emulator.batch().url}`)
})

test('an emulator that does not run is a warning that says how to start it', async () => {
  const { exitCode, found } = await examine([], { AZURE_BATCH_ENDPOINT: 'http://127.0.0.1:9' }, 'service')
  expect({ exitCode, found }).toEqual({
    exitCode: 0,
    found: [
      {
        check: 'service',
        level: 'warning',
        says: 'no emulator answers at http://127.0.0.1:9',
        fix: 'Start one with: malachite emulator --detach',
      },
    ],
  })
})

test('a key that is refused, or cannot be one, is a problem', async () => {
  const env = { AZURE_BATCH_ENDPOINT: emulator.batch().url, AZURE_BATCH_ACCOUNT: 'devbatchaccount1' }
  const refused = await examine([], { ...env, AZURE_BATCH_ACCESS_KEY: 'a2V5' }, 'account')
  expect(refused).toMatchObject({ exitCode: 1, found: [{ level: 'problem' }] })
  expect(refused.found[0]?.fix).toContain('malachite env')
  const cut = await examine([], { ...env, AZURE_BATCH_ACCESS_KEY: 'secret!' }, 'account')
  expect(cut).toMatchObject({ exitCode: 1, found: [{ says: 'The key of devbatchaccount1 is not base64.' }] })
})

test('what Azure needs is told one by one', async () => {
  const { exitCode, found } = await examine(['--backend', 'azure'], {}, 'account')
  expect(exitCode).toBe(1)
  expect(found.map(({ says }) => says.split(' ')[0])).toEqual([
    'AZURE_BATCH_ACCOUNT',
    'AZURE_BATCH_ENDPOINT',
    'AZURE_BATCH_ACCESS_KEY',
  ])
})

test('variables that contradict each other are named', async () => {
  const env = { AZURE_BATCH_ACCOUNT: 'one', AZURE_BATCH_ACCOUNT_NAME: 'two' }
  const { found } = await examine([], env, 'variables')
  expect(found).toMatchObject([
    { level: 'warning', says: 'AZURE_BATCH_ACCOUNT and AZURE_BATCH_ACCOUNT_NAME differ' },
  ])
  const storage = await examine([], { AZURE_STORAGE_CONNECTION_STRING: 'nonsense' }, 'storage')
  expect(storage).toMatchObject({ exitCode: 1, found: [{ level: 'problem' }] })
})

/** A service at a free port. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('a clock that is off is a problem, with how to set it', async () => {
  const url = await serve((_request, answer) => {
    answer.setHeader('date', new Date(Date.now() + 20 * 60_000).toUTCString())
    answer.setHeader('content-type', 'application/json').end('{"value":[]}')
  })
  const { exitCode, found } = await examine([], { AZURE_BATCH_ENDPOINT: url }, 'clock')
  expect(exitCode).toBe(1)
  expect(found).toMatchObject([{ level: 'problem', fix: expect.stringContaining('timedatectl') as string }])
  expect(found[0]?.says).toMatch(/^this machine is (1199|1200) s behind the service$/)
})

import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { malachite, READY, startEmulatorCommand as start, temporaryDirectory } from './command.ts'

function isOpen(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.once('connect', () => resolve((socket.destroy(), true)))
    socket.once('error', () => resolve(false))
  })
}

test.each(['SIGTERM', 'SIGINT'] as const)('the emulator serves both services until %s', async (signal) => {
  const { running, file, endpoints } = await start()
  const { pid, batch, blob } = endpoints
  expect(pid).toBe(running.pid)
  expect(batch.account).toBe('devbatchaccount1')
  expect(blob.connectionString).toContain(`BlobEndpoint=${blob.url}`)
  const health = await fetch(`${batch.url}/_malachite/health/ready`)
  expect(health.status).toBe(200)
  expect(await isOpen(blob.url)).toBe(true)

  running.kill(signal)
  const { stdout, stderr, exitCode } = await running
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
  expect(stdout).toMatch(/Account: +devbatchaccount1\n/)
  expect(stdout).toContain(`${READY}${batch.url}\n`)
  expect(stdout).toMatch(/Batch service is closing\.\.\.\nBatch service is successfully closed$/)
  expect(existsSync(file)).toBe(false)
  expect([await isOpen(batch.url), await isOpen(blob.url)]).toEqual([false, false])
})

test('--silent leaves the ready line and the end', async () => {
  const { running, endpoints } = await start('--silent')
  await fetch(`${endpoints.batch.url}/pools`)
  running.kill('SIGTERM')
  expect((await running).stdout.split('\n')).toEqual([
    `${READY}${endpoints.batch.url}`,
    'Batch service is closing...',
    'Batch service is successfully closed',
  ])
})

test('--debug logs requests to a file, without keys', async () => {
  const log = join(await temporaryDirectory(), 'debug.log')
  const { running, endpoints } = await start('--silent', '--debug', log)
  const { batch, blob } = endpoints
  await fetch(`${batch.url}/pools`, { headers: { authorization: `SharedKey ${batch.account}:c2lnbmF0dXJl` } })
  running.kill('SIGTERM')
  await running
  const text = await readFile(log, 'utf8')
  expect(text).toContain('GET /pools')
  for (const secret of [batch.key, 'c2lnbmF0dXJl', /AccountKey=([^;]+)/.exec(blob.connectionString)?.[1]]) {
    expect(text).not.toContain(secret)
  }
})

test('`malachite env` points a shell at the running emulator', async () => {
  const { running, file, endpoints } = await start('--silent')
  const { stdout } = await malachite(['env', '--endpointsFile', file])
  const script = `${stdout}\nprintf '%s\\n' "$AZURE_BATCH_ENDPOINT" "$AZURE_BATCH_ACCESS_KEY" "$AZURE_STORAGE_CONNECTION_STRING"`
  const evaluated = await execa('bash', ['-c', script])
  expect(evaluated.stdout.split('\n')).toEqual([
    endpoints.batch.url,
    endpoints.batch.key,
    endpoints.blob.connectionString,
  ])
  running.kill('SIGTERM')
  await running
})

test('`malachite env` without an endpoints file names the usual ports, in JSON as well', async () => {
  const { stdout, exitCode } = await malachite(['env', '--shell', 'json'])
  expect(exitCode).toBe(0)
  const variables = JSON.parse(stdout) as Record<string, string>
  expect(Object.keys(variables)).toEqual([
    'AZURE_BATCH_ACCOUNT',
    'AZURE_BATCH_ACCESS_KEY',
    'AZURE_BATCH_ENDPOINT',
    'AZURE_BATCH_ACCOUNT_NAME',
    'AZURE_BATCH_ACCOUNT_KEY',
    'AZURE_STORAGE_CONNECTION_STRING',
  ])
  expect(variables['AZURE_BATCH_ENDPOINT']).toBe('http://127.0.0.1:10003')
})

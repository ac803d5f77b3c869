// Who may use a served emulator: keys from a file, tokens, https.

import { writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { makeCertificate } from '../protocol/certificate.ts'
import { malachite, startEmulatorCommand as start, temporaryDirectory } from './command.ts'

test('keys come from a file, the address is https, and clients are told both', async () => {
  const directory = await temporaryDirectory()
  const { cert, key } = makeCertificate()
  const [accounts = '', certFile = '', keyFile = ''] = await Promise.all(
    Object.entries({ accounts: 'mine:a2V5', 'cert.pem': cert, 'key.pem': key }).map(
      async ([name, content]) => {
        const path = join(directory, name)
        await writeFile(path, content)
        return path
      },
    ),
  )
  const { file, endpoints } = await start('--accountsFile', accounts, '--cert', certFile, '--key', keyFile)
  expect(endpoints.batch).toEqual({
    url: expect.stringMatching(/^https:\/\/127\.0\.0\.1:\d+$/),
    account: 'mine',
    key: 'a2V5',
  })
  const health = await new Promise<string>((resolve, reject) => {
    const url = `${endpoints.batch.url}/_malachite/health/ready`
    request(url, { ca: cert, agent: false }, (message) => {
      text(message).then(resolve, reject)
    })
      .on('error', reject)
      .end()
  })
  expect(JSON.parse(health)).toEqual({ status: 'ready' })
  const { stdout } = await malachite(['env', '--endpointsFile', file])
  expect(stdout).toContain(endpoints.batch.url)
})

test('a refusal is logged with its hint', async () => {
  const { running, endpoints } = await start()
  await fetch(`${endpoints.batch.url}/pools`)
  running.kill('SIGTERM')
  const { stdout } = await running
  expect(stdout).toMatch(/GET \/pools 400 .* MissingRequiredQueryParameter: .*\?api-version=/)
})

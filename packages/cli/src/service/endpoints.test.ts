import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { clientEnvironment, developmentEndpoints, readEndpoints, writeEndpoints } from './endpoints.ts'

const endpoints = {
  pid: 7,
  batch: { url: 'http://127.0.0.1:1', account: 'a', key: 'a2V5' },
  blob: { url: 'http://127.0.0.1:2/b', account: 'b', connectionString: 'AccountName=b' },
}

async function directory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'malachite-endpoints-'))
  onTestFinished(() => rm(path, { recursive: true }))
  return path
}

test('what is written is read again, only the owner can, and nothing else is left', async () => {
  const folder = await directory()
  const file = join(folder, 'endpoints.json')
  const remove = await writeEndpoints(file, endpoints)
  expect(await readEndpoints(file)).toEqual(endpoints)
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(await readdir(folder)).toEqual(['endpoints.json'])
  await remove()
  expect(await readdir(folder)).toEqual([])
})

test('a file that cannot be written is a wrong setting', async () => {
  const file = join(await directory(), 'no', 'endpoints.json')
  await expect(writeEndpoints(file, endpoints)).rejects.toMatchObject({
    code: 'ConfigurationError',
    message: `The endpoints file ${file} cannot be written (ENOENT).`,
  })
})

test('a missing file, and one that is something else, are wrong settings', async () => {
  const file = join(await directory(), 'endpoints.json')
  await expect(readEndpoints(file)).rejects.toThrow('is `malachite emulator` running')
  const group = JSON.stringify({ ...endpoints, pid: -1 })
  for (const text of ['{', '{}', 'null', '{"batch":{"url":1}}', group]) {
    await writeFile(file, text)
    await expect(readEndpoints(file)).rejects.toThrow('is not one that `malachite emulator` has written')
  }
})

test('clients get the variables of the az CLI and of the SDKs', () => {
  expect(clientEnvironment(endpoints)).toEqual({
    AZURE_BATCH_ACCOUNT: 'a',
    AZURE_BATCH_ACCESS_KEY: 'a2V5',
    AZURE_BATCH_ENDPOINT: 'http://127.0.0.1:1',
    AZURE_BATCH_ACCOUNT_NAME: 'a',
    AZURE_BATCH_ACCOUNT_KEY: 'a2V5',
    AZURE_STORAGE_CONNECTION_STRING: 'AccountName=b',
  })
  expect(clientEnvironment({ batch: endpoints.batch })).not.toHaveProperty('AZURE_STORAGE_CONNECTION_STRING')
})

test('an emulator on the usual ports has the development accounts', async () => {
  const { batch, blob } = await developmentEndpoints()
  expect(batch).toMatchObject({ url: 'http://127.0.0.1:10003', account: 'devbatchaccount1' })
  expect(blob?.connectionString).toContain('BlobEndpoint=http://127.0.0.1:10000/devstoreaccount1')
})

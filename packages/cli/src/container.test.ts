import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BatchError, type BatchBackend, type BlobBackend } from '@malachite/model'
import { expect, onTestFinished, test } from 'vitest'
import { BATCH, BLOB, closeContainer, createContainer, openServices } from './container.ts'
import { developmentEndpoints } from './service/endpoints.ts'
import type { Logger } from './text/logger.ts'

function recordingLogger() {
  const warnings: string[] = []
  const logger: Logger = { debug() {}, info() {}, warn: (line) => warnings.push(line), error() {} }
  return { logger, warnings }
}

const { logger } = recordingLogger()

test('an emulator without settings is the one on the usual ports', async () => {
  const container = createContainer('emulator', { environment: {}, logger })
  const { batch, blob } = await openServices(container)
  expect(batch.name).toBe('emulator at http://127.0.0.1:10003')
  expect(blob.name).toBe('Azurite at http://127.0.0.1:10000')
  await closeContainer(container)
})

test("the client's variables point to another emulator; real Azure gets a warning", async () => {
  const { logger, warnings } = recordingLogger()
  for (const endpoint of ['http://127.0.0.1:7', 'https://mine.westeurope.batch.azure.com']) {
    const container = createContainer('emulator', { environment: { AZURE_BATCH_ENDPOINT: endpoint }, logger })
    await openServices(container)
    await closeContainer(container)
  }
  expect(warnings).toEqual([
    'AZURE_BATCH_ENDPOINT is https://mine.westeurope.batch.azure.com, which is no emulator here.',
  ])
})

test('an endpoints file is the emulator that is meant, whatever the environment names', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'malachite-container-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const endpointsFile = join(directory, 'endpoints.json')
  const { batch } = await developmentEndpoints()
  await writeFile(endpointsFile, JSON.stringify({ pid: 1, batch: { ...batch, url: 'http://127.0.0.1:7' } }))
  const environment = {
    AZURE_BATCH_ENDPOINT: 'https://mine.westeurope.batch.azure.com',
    AZURE_STORAGE_CONNECTION_STRING: 'UseDevelopmentStorage=true',
  }
  const container = createContainer('emulator', { environment, endpointsFile, logger })
  expect((await openServices(container)).batch.name).toBe('emulator at http://127.0.0.1:7')
  await closeContainer(container)
  const missing = createContainer('emulator', { environment, endpointsFile: 'none.json', logger })
  await expect(openServices(missing)).rejects.toThrow(/none\.json cannot be read/)
})

test('Azure without settings is a wrong setting that lists what is missing', async () => {
  const container = createContainer('azure', { environment: {}, logger })
  const error = await openServices(container).catch((error: unknown) => error)
  expect(error).toBeInstanceOf(BatchError)
  expect(error).toMatchObject({ code: 'ConfigurationError' })
  expect(String(error)).toMatch(
    /AZURE_BATCH_ACCOUNT[^]*AZURE_BATCH_ENDPOINT[^]*AZURE_STORAGE_CONNECTION_STRING/,
  )
})

test('another binding is another backend, and what was opened is closed, Batch first', async () => {
  const closed: string[] = []
  const backend = (name: string) => ({ name, close: async () => void closed.push(name) })
  const container = createContainer('local', { environment: {}, logger })
  await container.unbindAsync(BATCH)
  await container.unbindAsync(BLOB)
  container
    .bind(BLOB)
    .toResolvedValue(() => backend('blob') as BlobBackend)
    .onDeactivation((blob) => blob.close())
  container
    .bind(BATCH)
    .toResolvedValue(async () => backend('batch') as BatchBackend)
    .onDeactivation((batch) => batch.close())
  const services = await openServices(container)
  expect([services.batch.name, services.blob.name]).toEqual(['batch', 'blob'])
  await closeContainer(container)
  expect(closed).toEqual(['batch', 'blob'])
})

test('when one service does not start, the other is closed all the same', async () => {
  const closed: string[] = []
  const container = createContainer('local', { environment: {}, logger })
  await container.unbindAsync(BATCH)
  await container.unbindAsync(BLOB)
  container
    .bind(BATCH)
    .toResolvedValue(() => ({ close: async () => void closed.push('batch') }) as unknown as BatchBackend)
    .onDeactivation((batch) => batch.close())
  container.bind(BLOB).toResolvedValue(() => Promise.reject(new Error('no Azurite')))
  await expect(openServices(container)).rejects.toThrow('no Azurite')
  expect(closed).toEqual(['batch'])
})

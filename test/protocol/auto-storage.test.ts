// Resource files from the storage account that is linked to the Batch account: the blobs of the emulator itself.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAzureBlobBackend } from '@malachite/azure'
import { expect, onTestFinished, test } from 'vitest'
import { addPoolWithNodes, jobOf, must, openProtocol, runTask, taskOf, type Json } from './helpers.ts'

const { call, emulator } = await openProtocol({ blobPort: 0 })
await addPoolWithNodes(call, 'p', 1)
await must(call('POST /jobs', { json: jobOf('j', 'p') }))

const execution = (task: Json): Json => task['executionInfo'] as Json

test('a task reads a container of it by name, without a SAS', async () => {
  const blob = createAzureBlobBackend({ connectionString: emulator.blob?.connectionString ?? '' })
  const directory = await mkdtemp(join(tmpdir(), 'auto-storage-'))
  onTestFinished(async () => {
    await blob.close()
    await rm(directory, { recursive: true })
  })
  const file = join(directory, 'file')
  await writeFile(file, 'linked\n')
  await blob.createContainer('box')
  await blob.uploadFile('box', 'in/a.txt', file)
  await blob.uploadFile('box', 'out/b.txt', file)
  const resourceFiles = [{ autoStorageContainerName: 'box', blobPrefix: 'in/', filePath: 'here' }]
  const done = await runTask(call, 'j', taskOf('t', 'cat here/in/a.txt', { resourceFiles }))
  expect(execution(done)).toMatchObject({ exitCode: 0 })
  expect(done['resourceFiles']).toEqual(resourceFiles)
  expect((await must(call('GET /jobs/j/tasks/t/files/stdout.txt'))).text).toBe('linked\n')
})

test('a container that is not there fails the task', async () => {
  const resourceFiles = [{ autoStorageContainerName: 'none' }]
  const done = await runTask(call, 'j', taskOf('none', 'true', { resourceFiles }))
  expect(execution(done)).toMatchObject({ failureInfo: { code: 'BlobNotFound' } })
  expect(JSON.stringify(done)).not.toContain('sig=')
})

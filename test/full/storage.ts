// What a task needs from storage, as the URLs that a user hands to a client.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAzureBlobBackend } from '@malachite/azure'
import type { Emulator } from '@malachite/emulator'
import { onTestFinished } from 'vitest'

/** An input and a place for outputs. */
export interface TestStorage {
  /** URL with a SAS of a blob that holds `from storage\n`. */
  inputUrl: string
  /** URL with a SAS of a container that tasks may write to. */
  outputUrl: string
  /** The contents of the output container by blob name. */
  readOutputs: () => Promise<Record<string, string>>
}

/** Prepares the blob service of an emulator. */
export async function prepareStorage(emulator: Emulator): Promise<TestStorage> {
  const blob = createAzureBlobBackend({ connectionString: emulator.blob?.connectionString ?? '' })
  const directory = await mkdtemp(join(tmpdir(), 'malachite-full-'))
  onTestFinished(async () => {
    await blob.close()
    await rm(directory, { recursive: true })
  })
  const file = join(directory, 'file')
  await Promise.all(['input', 'output'].map((name) => blob.createContainer(name)))
  await writeFile(file, 'from storage\n')
  await blob.uploadFile('input', 'input.txt', file)
  const expiresOn = new Date(Date.now() + 3_600_000)
  const sas = await blob.containerSas('output', { permissions: ['create', 'write'], expiresOn })
  return {
    inputUrl: await blob.blobSasUrl('input', 'input.txt', { permissions: ['read'], expiresOn }),
    outputUrl: `${blob.url}/output?${sas}`,
    readOutputs: async () => {
      const outputs: Record<string, string> = {}
      for await (const { name } of blob.listBlobs('output')) {
        await blob.downloadFile('output', name, file)
        outputs[name] = await readFile(file, 'utf8')
      }
      return outputs
    },
  }
}

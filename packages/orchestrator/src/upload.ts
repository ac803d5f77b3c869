// Uploads the workload's files and the inputs; each becomes a resource file that nodes download with a read SAS.

import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { ResourceFile } from '@malachite/model'
import { withSignal, type Run } from './run.ts'
import { transferAll } from './transfers.ts'
import type { InputFile } from './workload.ts'

interface Upload {
  path: string
  container: string
}

/** Uploads all files, the workload's first; those that an earlier process of this run has uploaded stay as they are. */
export async function uploadFiles(run: Run): Promise<void> {
  const plan = { concurrency: run.settings.concurrency, ...withSignal(run.signal) }
  await transferAll(uploads(run), plan, (upload, signal) => uploadFile(run, upload, signal))
}

function* uploads({ settings, journal, left }: Run): Generator<Upload> {
  const { workload, inputFiles, containers } = settings
  const files = { [containers.application]: workload.applicationFiles, [containers.input]: inputFiles }
  for (const [container, paths] of Object.entries(files)) {
    const { uploaded } = journal.containers.get(container) ?? {}
    for (const path of paths) {
      if (left?.uploaded.has(path)) uploaded?.add(basename(path))
      else yield { path, container }
    }
  }
}

async function uploadFile(run: Run, { path, container }: Upload, signal: AbortSignal): Promise<void> {
  const name = basename(path)
  const { size } = await stat(path)
  const about = { path, container, blob: name }
  run.report({ type: 'uploadStarted', ...about, totalBytes: size })
  run.journal.containers.get(container)?.uploaded.add(name)
  await run.blob.uploadFile(container, name, path, {
    signal,
    onProgress: (bytes) => run.report({ type: 'uploadProgress', ...about, bytes }),
  })
  run.journal.statistics.bytesUploaded += size
  run.report({ type: 'uploadFinished', ...about, bytes: size })
}

/** An uploaded file as a resource file. Signed when it is needed: slow uploads take nothing from the SAS's lifetime. */
export async function toInputFile(run: Run, path: string, container: string): Promise<InputFile> {
  const name = basename(path)
  const httpUrl = await run.blob.blobSasUrl(container, name, {
    permissions: ['read'],
    expiresOn: sasExpiry(run),
    ...withSignal(run.signal),
  })
  const resourceFile: ResourceFile = { filePath: name, httpUrl }
  return { path, name, resourceFile }
}

/** When a SAS that is signed now ends. */
export function sasExpiry({ clock, settings }: Run): Date {
  return new Date(clock.now() + settings.sasLifetimeMs)
}

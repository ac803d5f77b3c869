// Uploads the workload's files and the inputs; each becomes a resource file that nodes download with a read SAS.

import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { ResourceFile } from '@malachite/model'
import { withSignal, type Run } from './run.ts'
import { transferAll } from './transfers.ts'
import type { InputFile } from './workload.ts'

/** The uploaded files, in the order of the settings. */
export interface UploadedFiles {
  application: InputFile[]
  inputs: InputFile[]
}

interface Upload {
  path: string
  name: string
  container: string
  /** Bytes. */
  size: number
}

/** Uploads all files, the workload's first. */
export async function uploadFiles(run: Run): Promise<UploadedFiles> {
  const { workload, inputFiles, containers, concurrency } = run.settings
  const uploads = await Promise.all([
    ...workload.applicationFiles.map((path) => toUpload(path, containers.application)),
    ...inputFiles.map((path) => toUpload(path, containers.input)),
  ])
  const plan = { concurrency, ...withSignal(run.signal) }
  await transferAll(uploads, plan, (upload, signal) => uploadFile(run, upload, signal))
  // Signed when all are there: slow uploads take nothing from the lifetime of the first files' SAS.
  const files = await Promise.all(uploads.map((upload) => toInputFile(run, upload)))
  const count = workload.applicationFiles.length
  return { application: files.slice(0, count), inputs: files.slice(count) }
}

async function toUpload(path: string, container: string): Promise<Upload> {
  const { size } = await stat(path)
  return { path, name: basename(path), container, size }
}

async function uploadFile(run: Run, upload: Upload, signal: AbortSignal): Promise<void> {
  const { path, name, container, size } = upload
  const about = { path, container, blob: name }
  run.report({ type: 'uploadStarted', ...about, totalBytes: size })
  run.journal.containers.get(container)?.uploaded.add(name)
  await run.blob.uploadFile(container, name, path, {
    signal,
    onProgress: (bytes) => run.report({ type: 'uploadProgress', ...about, bytes }),
  })
  run.report({ type: 'uploadFinished', ...about, bytes: size })
}

async function toInputFile(run: Run, { path, name, container }: Upload): Promise<InputFile> {
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

// Downloads what the tasks wrote. One bad blob costs only itself: it is reported, the others come.

import { mkdir, readdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { BlobItem } from '@malachite/model'
import { messageOf, withSignal, type Run } from './run.ts'
import { safePath } from './safe-path.ts'
import { hasContentOf } from './same-content.ts'
import { transferAll } from './transfers.ts'

type Download = { blob: BlobItem } & (
  | { path: string; kept: boolean }
  | { refused: string }
  | { failed: string }
)

/** Downloads all blobs of the output container to the output directory. */
export async function downloadOutputs(run: Run): Promise<void> {
  const { containers, outputDirectory: directory, concurrency } = run.settings
  const container = containers.output
  run.report({ type: 'downloadStarted', container, directory })
  const plan = {
    concurrency,
    onResult: (result: Download) => record(run, container, result),
    ...withSignal(run.signal),
  }
  const prepareDirectory = createDirectories(run.left !== undefined)
  await transferAll(run.blob.listBlobs(container, withSignal(run.signal)), plan, (blob, signal) =>
    downloadBlob(run, prepareDirectory, blob, signal),
  )
  run.report({ type: 'downloadFinished', count: run.journal.outputs.length })
}

async function downloadBlob(
  run: Run,
  prepareDirectory: (path: string) => Promise<void>,
  blob: BlobItem,
  signal: AbortSignal,
): Promise<Download> {
  const target = safePath(run.settings.outputDirectory, blob.name)
  if ('refused' in target) return { blob, refused: target.refused }
  try {
    // An earlier process of this run has fetched it.
    if (run.left && (await hasContentOf(target.path, blob))) return { blob, path: target.path, kept: true }
    await prepareDirectory(dirname(target.path))
    await run.blob.downloadFile(run.settings.containers.output, blob.name, target.path, { signal })
    return { blob, path: target.path, kept: false }
  } catch (error) {
    if (signal.aborted) throw error
    return { blob, failed: messageOf(error) }
  }
}

/** What a download that was killed leaves beside its file. */
const PARTIAL = /^\..+\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.partial$/

/** Makes directories, each once, and frees them from what an earlier process of the run had begun to download. */
function createDirectories(isResumed: boolean): (path: string) => Promise<void> {
  const made = new Map<string, Promise<void>>()
  async function make(path: string): Promise<void> {
    await mkdir(path, { recursive: true })
    if (!isResumed) return
    const partial = (await readdir(path)).filter((name) => PARTIAL.test(name))
    await Promise.all(partial.map((name) => rm(join(path, name), { force: true })))
  }
  return (path) => {
    const making = made.get(path) ?? make(path)
    made.set(path, making)
    return making
  }
}

function record({ report, journal }: Run, container: string, result: Download): void {
  const about = { container, blob: result.blob.name }
  if ('path' in result) {
    journal.outputs.push(result.path)
    journal.containers.get(container)?.downloaded.add(result.blob.name)
    const { path, kept, blob } = result
    if (!kept) journal.statistics.bytesDownloaded += blob.contentLength
    report({ type: 'blobDownloaded', ...about, path, bytes: blob.contentLength, kept })
  } else if ('refused' in result) {
    journal.refusedBlobs.push(result.blob.name)
    report({ type: 'downloadRefused', ...about, reason: result.refused })
  } else {
    journal.lostBlobs.push(result.blob.name)
    report({ type: 'downloadFailed', ...about, reason: result.failed })
  }
}

// Resource files: what a command needs is downloaded into its working directory before it starts.

import { createWriteStream } from 'node:fs'
import { chmod, mkdir, realpath, rm } from 'node:fs/promises'
import { dirname, join, posix, sep } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { sleep, type Clock, type ResourceFile } from '@malachite/model'
import PQueue from 'p-queue'
import { CommandFailure, failure, type FailureCode } from './failures.ts'

/** Where the files go, and what may end the download. */
export interface StageOptions {
  workingDirectory: string
  clock: Clock
  signal: AbortSignal
  /** Connection string of the storage account that is linked to the Batch account, if one is. */
  autoStorage?: string | undefined
}

/** Downloads of one command at the same time. */
const CONCURRENCY = 8
/** Waits between the tries of one download, milliseconds. */
const RETRY_DELAYS = [200, 1000]
const DEFAULT_MODE = '0770'
/** Milliseconds for which a node may read a container of the linked account. */
const SAS_LIFETIME = 24 * 3_600_000

/** One file to download. */
interface Download {
  url: string
  /** Relative to the working directory. */
  path: string
  mode: number
}

/**
 * Downloads all resource files of a command.
 * @throws CommandFailure `BlobNotFound`, `BlobAccessDenied` … with the file and its URL without the SAS
 */
export async function stageResourceFiles(
  files: readonly ResourceFile[],
  options: StageOptions,
): Promise<void> {
  const stop = new AbortController()
  const signal = AbortSignal.any([options.signal, stop.signal])
  const queue = new PQueue({ concurrency: CONCURRENCY })
  const downloads: Promise<void>[] = []
  try {
    for (const file of files) {
      for await (const download of downloadsOf(file, { ...options, signal })) {
        downloads.push(queue.add(() => fetchFile(download, { ...options, signal })))
        // The first failure ends the wait for a long list as well.
        await queue.onSizeLessThan(CONCURRENCY)
        signal.throwIfAborted()
      }
    }
    await Promise.all(downloads)
  } finally {
    stop.abort()
    await Promise.allSettled(downloads)
  }
}

async function* downloadsOf(file: ResourceFile, options: StageOptions): AsyncIterable<Download> {
  const { signal } = options
  const mode = Number.parseInt(file.fileMode ?? DEFAULT_MODE, 8)
  const path = file.filePath ?? ''
  const { httpUrl, autoStorageContainerName: name } = file
  if (httpUrl !== undefined) yield { url: httpUrl, path, mode }
  else if (name === undefined) yield* containerDownloads(file, mode, signal)
  else {
    const storageContainerUrl = await autoStorageUrl(name, path, options)
    yield* containerDownloads({ ...file, storageContainerUrl }, mode, signal)
  }
}

/** URL of a container of the linked account with a SAS as the service makes one for its nodes. */
async function autoStorageUrl(
  container: string,
  path: string,
  { autoStorage, clock }: StageOptions,
): Promise<string> {
  if (autoStorage === undefined) {
    const Message = 'No storage account is linked to the Batch account: the emulator runs without blobs'
    throw failure('BlobDownloadMiscError', { FilePath: path, BlobSource: container, Message })
  }
  const { BlobServiceClient, ContainerSASPermissions } = await import('@azure/storage-blob')
  const client = BlobServiceClient.fromConnectionString(autoStorage).getContainerClient(container)
  const expiresOn = new Date(clock.now() + SAS_LIFETIME)
  return client.generateSasUrl({ permissions: ContainerSASPermissions.parse('rl'), expiresOn })
}

async function* containerDownloads(
  { storageContainerUrl = '', blobPrefix, filePath = '' }: ResourceFile,
  mode: number,
  signal: AbortSignal,
): AsyncIterable<Download> {
  // Most tasks need no listing, and the SDK takes 100 ms to load.
  const { ContainerClient } = await import('@azure/storage-blob')
  const container = new ContainerClient(storageContainerUrl, undefined, {
    retryOptions: { maxTries: RETRY_DELAYS.length + 1, retryDelayInMs: 200 },
  })
  try {
    const blobs = container.listBlobsFlat({
      abortSignal: signal,
      ...(blobPrefix !== undefined && { prefix: blobPrefix }),
    })
    for await (const { name } of blobs) {
      // Tools mark empty directories so.
      if (name.endsWith('/')) continue
      yield { url: container.getBlobClient(name).url, path: posix.join(filePath, name), mode }
    }
  } catch (error) {
    throw error instanceof CommandFailure || signal.aborted
      ? error
      : downloadFailure(statusOf(error), { url: storageContainerUrl, path: filePath }, error)
  }
}

async function fetchFile(download: Download, options: StageOptions): Promise<void> {
  const target = await prepareTarget(download.path, options.workingDirectory)
  for (const delay of [...RETRY_DELAYS, undefined]) {
    try {
      await fetchOnce(download, target, options.signal)
      await chmod(target, download.mode)
      return
    } catch (error) {
      options.signal.throwIfAborted()
      if (delay === undefined || !isWorthRetrying(error)) throw toFailure(error, download)
      await sleep(options.clock, delay, options.signal)
    }
  }
}

/** Makes the file's directory. The file must lie in the working directory, also when links are followed. */
async function prepareTarget(path: string, workingDirectory: string): Promise<string> {
  const target = join(workingDirectory, path)
  const outside = failure('ResourceFileCreateFailed', {
    FilePath: path,
    Message: 'The file path must be relative to the working directory and stay in it',
  })
  if (!target.startsWith(workingDirectory + sep) || posix.isAbsolute(path)) throw outside
  try {
    await mkdir(dirname(target), { recursive: true, mode: 0o700 })
    const [directory, root] = await Promise.all([realpath(dirname(target)), realpath(workingDirectory)])
    if (directory === root || directory.startsWith(root + sep)) return target
  } catch (cause) {
    throw failure('ResourceDirectoryCreateFailed', { FilePath: path, Message: String(cause) }, cause)
  }
  throw outside
}

/** An answer that is not a file. */
class HttpStatusError extends Error {
  override readonly name = 'HttpStatusError'
  readonly statusCode: number

  constructor(statusCode: number) {
    super(`The server answered ${statusCode}`)
    this.statusCode = statusCode
  }
}

async function fetchOnce({ url }: Download, target: string, signal: AbortSignal): Promise<void> {
  // A blob is stored as it is, so nothing may be packed on the way.
  const response = await fetch(url, { signal, headers: { 'accept-encoding': 'identity' } })
  if (!response.ok) {
    await response.body?.cancel()
    throw new HttpStatusError(response.status)
  }
  const body = response.body ? Readable.fromWeb(response.body) : Readable.from([])
  try {
    await pipeline(body, createWriteStream(target), { signal })
  } catch (error) {
    // Half a file is of no use, and on a full disk it is in the way of all others.
    if ((error as NodeJS.ErrnoException).syscall !== 'open') await rm(target, { force: true })
    throw error
  }
}

/** No answer, an answer cut short, or one that asks for patience; not an error of the disk. */
function isWorthRetrying(error: unknown): boolean {
  if (error instanceof HttpStatusError) {
    return error.statusCode === 408 || error.statusCode === 429 || error.statusCode >= 500
  }
  return fileErrorOf(error) === undefined
}

function toFailure(error: unknown, download: Download): CommandFailure {
  const code = fileErrorOf(error)
  return code
    ? failure(code, { FilePath: download.path, Message: String(error) }, error)
    : downloadFailure(statusOf(error), download, error)
}

function downloadFailure(
  status: number | undefined,
  { url, path }: Pick<Download, 'url' | 'path'>,
  cause: unknown,
): CommandFailure {
  const message = status === undefined ? reasonOf(cause) : `The server answered ${status}`
  return failure(
    downloadCode(status, cause),
    { FilePath: path, BlobSource: withoutQuery(url), Message: message },
    cause,
  )
}

function downloadCode(status: number | undefined, cause: unknown): FailureCode {
  if (status === 404) return 'BlobNotFound'
  if (status === 401 || status === 403) return 'BlobAccessDenied'
  return /TIMEOUT|TIMEDOUT/i.test(reasonOf(cause)) || status === 408
    ? 'BlobDownloadTimedOut'
    : 'BlobDownloadMiscError'
}

function fileErrorOf(error: unknown): FailureCode | undefined {
  const syscall = (error as NodeJS.ErrnoException).syscall
  if (syscall === 'open') return 'ResourceFileCreateFailed'
  return syscall === 'write' || syscall === 'chmod' ? 'ResourceFileWriteFailed' : undefined
}

function statusOf(error: unknown): number | undefined {
  return (error as { statusCode?: number }).statusCode
}

/** The system's word for what went wrong; messages could carry the URL with its SAS. */
function reasonOf(error: unknown): string {
  const { code, cause } = error as { code?: string; cause?: { code?: string } }
  return cause?.code ?? code ?? (error as Error).name
}

/** A URL as it may be shown: the query is where a SAS is. */
export function withoutQuery(url: string): string {
  const end = url.search(/[?#]/)
  return end === -1 ? url : url.slice(0, end)
}

// Output files: after the command has ended, what it left is uploaded before the task is reported as completed.

import { appendFile, readdir, stat } from 'node:fs/promises'
import { basename, join, posix, resolve } from 'node:path'
import type { ContainerClient, RequestPolicyFactory } from '@azure/storage-blob'
import type { OutputFile } from '@malachite/model'
import { expandVariables, type Environment } from './environment.ts'
import { CommandFailure, failure } from './failures.ts'
import { matchFiles, parseGlob } from './glob.ts'
import type { CommandPlace } from './layout.ts'
import { withoutQuery } from './stage.ts'

/** What was run, and how it ended. */
export interface UploadOptions {
  place: CommandPlace
  environment: Environment
  exitCode: number
  signal: AbortSignal
}

/** A file and the name of the blob it becomes. */
interface Upload {
  file: string
  blob: string
}

/**
 * Uploads the output files whose condition the exit code meets; says so in fileuploadout.txt and fileuploaderr.txt.
 * @throws CommandFailure `FileUploadContainerNotFound`, `FileUploadAccessDenied`, `FileUploadMiscError`
 */
export async function uploadOutputFiles(files: readonly OutputFile[], options: UploadOptions): Promise<void> {
  const due = files.filter(({ uploadOptions }) => isDue(uploadOptions.uploadCondition, options.exitCode))
  if (due.length === 0) return
  const log = join(options.place.root, 'fileuploadout.txt')
  const errors = join(options.place.root, 'fileuploaderr.txt')
  // Both are there before the patterns are matched: `../*.txt` finds them.
  await appendFile(errors, '')
  await appendFile(log, '')
  try {
    for (const file of due) await uploadPattern(file, options, (line) => appendFile(log, `${line}\n`))
  } catch (error) {
    options.signal.throwIfAborted()
    const failed = error instanceof CommandFailure ? error : uploadFailure(error, {})
    await appendFile(errors, `${failed.message}: ${JSON.stringify(failed.info.details)}\n`)
    throw failed
  }
}

/** Whether files are uploaded after this exit code. Exported for its tests. */
export function isDue(condition: string, exitCode: number): boolean {
  const word = condition.toLowerCase()
  return word === 'taskcompletion' || (word === 'tasksuccess') === (exitCode === 0)
}

async function uploadPattern(
  { filePattern, destination: { container } }: OutputFile,
  { place, environment, signal }: UploadOptions,
  say: (line: string) => Promise<void>,
): Promise<void> {
  const pattern = expandVariables(filePattern, (name) => environment[name])
  const uploads = await findUploads(pattern, container.path, place.workingDirectory)
  const destination = withoutQuery(container.containerUrl)
  await say(`${filePattern}: ${uploads.length} file(s) to ${destination}`)
  if (uploads.length === 0) return

  const client = await openContainer(container.containerUrl, container.uploadHeaders)
  for (const { file, blob } of uploads) {
    try {
      await client.getBlockBlobClient(blob).uploadFile(file, { abortSignal: signal })
    } catch (error) {
      throw uploadFailure(error, { FilePath: file, BlobDestination: `${destination}/${blob}` })
    }
    await say(`${file} -> ${destination}/${blob}`)
  }
}

/** The files that a pattern matches; that there is none is no error. */
async function findUploads(
  pattern: string,
  path: string | undefined,
  workingDirectory: string,
): Promise<Upload[]> {
  const { base, segments, isLiteral } = parseGlob(pattern)
  const directory = resolve(workingDirectory, base)
  const names = await matchFiles(segments, (below) => listDirectory(join(directory, below)))
  return names.map((name) => ({ file: join(directory, name), blob: blobName(name, path, isLiteral) }))
}

/**
 * The blob of a file that was found at `name` below the fixed part of the pattern: `path` itself when the pattern is
 * one file, else `path` as a virtual directory before it. Exported for its tests.
 */
export function blobName(name: string, path: string | undefined, isLiteral: boolean): string {
  if (isLiteral) return path || basename(name)
  return path ? posix.join(path, name) : name
}

/** Links to files count as files; links to directories are not followed, for they may lead in a circle. */
async function listDirectory(path: string): Promise<{ name: string; isDirectory: boolean }[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    // A directory that the pattern names need not be there.
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return []
    throw error
  })
  const listed: { name: string; isDirectory: boolean }[] = []
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const isFile = entry.isFile() || (entry.isSymbolicLink() && (await leadsToFile(join(path, entry.name))))
    if (isFile || entry.isDirectory()) listed.push({ name: entry.name, isDirectory: !isFile })
  }
  return listed
}

async function leadsToFile(link: string): Promise<boolean> {
  return stat(link).then(
    (target) => target.isFile(),
    // It leads nowhere: nothing to upload.
    () => false,
  )
}

/**
 * The client of a container, which gives its blobs these headers. Few things are uploaded through the node, and the SDK
 * takes 100 ms to load.
 */
export async function openContainer(containerUrl: string, headers: Headers = []): Promise<ContainerClient> {
  const { ContainerClient: Client, newPipeline } = await import('@azure/storage-blob')
  const pipeline = newPipeline(undefined, { retryOptions: { maxTries: 3, retryDelayInMs: 200 } })
  if (headers.length > 0) pipeline.factories.push(addHeaders(headers))
  return new Client(containerUrl, pipeline)
}

type Headers = NonNullable<OutputFile['destination']['container']['uploadHeaders']>

/** The headers belong to the blob: of a large file the single blocks do not take them, but their list does. */
function addHeaders(headers: Headers): RequestPolicyFactory {
  return {
    create: (next) => ({
      sendRequest(request) {
        const isBlock = new URL(request.url).searchParams.get('comp') === 'block'
        for (const { name, value = '' } of isBlock ? [] : headers) request.headers.set(name, value)
        return next.sendRequest(request)
      },
    }),
  }
}

/** What the blob service answered, as the failure of an upload. */
export function uploadFailure(error: unknown, details: Record<string, string>): CommandFailure {
  const { statusCode, code, name } = error as { statusCode?: number; code?: string; name: string }
  const more = { ...details, Message: code ?? (statusCode ? `The server answered ${statusCode}` : name) }
  if (code === 'ContainerNotFound' || statusCode === 404) {
    return failure('FileUploadContainerNotFound', more, error)
  }
  const isDenied = statusCode === 401 || statusCode === 403
  return failure(isDenied ? 'FileUploadAccessDenied' : 'FileUploadMiscError', more, error)
}

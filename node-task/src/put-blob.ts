// Uploads one file as a block blob, with nothing but a container SAS. No message names the URL: it contains the SAS.

import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

import { Failure, reasonOf } from './failure.ts'

/** What to upload, and where to. */
export interface PutBlobOptions {
  readonly filePath: string
  readonly blobName: string
  readonly storageUrl: string
  readonly storageContainer: string
  readonly sasToken: string
  /** Pauses before the second and later attempts, milliseconds. @default [500, 2000, 8000] */
  readonly pauses?: readonly number[]
}

const PAUSES = [500, 2_000, 8_000]

/** The result of an attempt: done, or why not and whether another attempt makes sense. */
type Outcome = { done: true } | { done: false; reason: string; retry: boolean }

/**
 * Uploads the file, replacing a blob of that name. Network errors, 429 and 5xx are tried again after a pause; any other
 * refusal, or the last failed attempt, throws a `Failure`.
 */
export async function putBlob(options: PutBlobOptions): Promise<void> {
  const pauses = [...(options.pauses ?? PAUSES)]
  for (;;) {
    const outcome = await tryPut(options)
    if (outcome.done) return
    const pause = outcome.retry ? pauses.shift() : undefined
    if (pause === undefined) throw uploadFailure(options, outcome.reason)
    // Tasks that were refused together come back at different times.
    await sleep(pause * (0.75 + Math.random() / 2))
  }
}

function uploadFailure({ blobName, storageContainer }: PutBlobOptions, reason: string): Failure {
  return new Failure(`cannot upload ${blobName} to container ${storageContainer}: ${reason}`)
}

async function tryPut(options: PutBlobOptions): Promise<Outcome> {
  const { size } = await stat(options.filePath)
  // Opened for each attempt, because a stream can be sent only once.
  const body = createReadStream(options.filePath)
  try {
    const response = await fetch(blobUrl(options), {
      method: 'PUT',
      // The SAS is for this service only.
      redirect: 'manual',
      headers: {
        'content-length': String(size),
        'content-type': 'text/plain; charset=utf-8',
        'x-ms-blob-type': 'BlockBlob',
      },
      // An empty file is sent as no body: fetch refuses a stream that promises no bytes.
      ...(size > 0 && { body, duplex: 'half' }),
    })
    await response.arrayBuffer()
    return outcomeOf(response)
  } catch (error) {
    return { done: false, reason: reasonOf(error), retry: true }
  } finally {
    body.destroy()
  }
}

function outcomeOf(response: Response): Outcome {
  if (response.ok) return { done: true }
  const { status } = response
  const code = response.headers.get('x-ms-error-code')
  const reason = `the storage service answered ${status}${code === null ? '' : ` ${code}`}`
  return { done: false, reason, retry: status === 429 || status >= 500 }
}

/** The URL of the blob with its SAS. */
export function blobUrl(options: Omit<PutBlobOptions, 'filePath' | 'pauses'>): string {
  const { storageUrl, storageContainer, blobName, sasToken } = options
  const path = [storageContainer, ...blobName.split('/')].map(encodeURIComponent).join('/')
  return `${storageUrl}/${path}?${sasToken}`
}

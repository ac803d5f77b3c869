// The upload of a node's agent log to a container, as `uploadbatchservicelogs` asks for it.

import { basename } from 'node:path'
import { BatchError } from '@malachite/model'
import type { AgentLogs } from './agent-log.ts'
import { openContainer, uploadFailure } from './upload.ts'

/** Which logs go where. */
export interface LogUpload {
  /** With its SAS. */
  containerUrl: string
  /** Virtual directory in the container. */
  directory: string
  /** Milliseconds since 1970, inclusive. */
  from: number
  to: number
}

/** Milliseconds the upload may take: a client waits for it. */
const TIMEOUT = 30_000

/** Uploads the files that have lines of the time; how many. `InvalidPropertyValue` when the container cannot be written. */
export async function uploadServiceLogs(logs: AgentLogs, nodeId: string, upload: LogUpload): Promise<number> {
  const files = await logs.select(nodeId, upload.from, upload.to)
  if (files.length === 0) return 0
  const client = await openContainer(upload.containerUrl)
  const abortSignal = AbortSignal.timeout(TIMEOUT)
  for (const file of files) {
    const blob = client.getBlockBlobClient(`${upload.directory}/${basename(file)}`)
    await blob.uploadFile(file, { abortSignal }).catch((error: unknown) => {
      throw refused(error)
    })
  }
  return files.length
}

/** The SAS in the URL is a secret: the error has neither. */
function refused(cause: unknown): BatchError {
  const { info } = uploadFailure(cause, {})
  const detail = info.details?.find(({ name }) => name === 'Message')?.value
  const Reason = `The logs could not be uploaded to the container: ${detail ?? info.message}.`
  return new BatchError('InvalidPropertyValue', { PropertyName: 'containerUrl', Reason }, { cause })
}

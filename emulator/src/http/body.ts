// Request bodies: read to their end whatever they are, because a client that is cut off while it sends sees a broken
// connection instead of the answer, and retries for half a minute.

import { isUtf8 } from 'node:buffer'
import { BatchError } from '@malachite/model'

/** Bytes of the largest body the service takes. */
export const MAX_BODY_BYTES = 1_048_576

// What is sent beyond this is not worth reading: such a client is cut off.
const MAX_DISCARDED_BYTES = 64 * MAX_BODY_BYTES

/** The bytes of a body, or why there are none; `isEndless` when more of it may come, which nobody will read. */
export type Body = { bytes: Buffer } | { refused: BatchError; isEndless?: boolean }

/** Of a request that has none. */
export const NO_BODY: Body = { bytes: Buffer.alloc(0) }

/** Reads a body; one above `MAX_BODY_BYTES` is refused. Rejects only when the connection ends before the body does. */
export async function readBody(stream: AsyncIterable<Buffer>): Promise<Body> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream) {
    size += chunk.length
    if (size <= MAX_BODY_BYTES) chunks.push(chunk)
    if (size > MAX_DISCARDED_BYTES) break
  }
  if (size <= MAX_BODY_BYTES) return { bytes: Buffer.concat(chunks, size) }
  const refused = new BatchError('RequestBodyTooLarge', { MaxLimit: String(MAX_BODY_BYTES) })
  return { refused, isEndless: size > MAX_DISCARDED_BYTES }
}

/** The body's JSON, `undefined` when it is empty. Throws why it was refused, or `InvalidRequestBody`. */
export function parseBody(body: Body): unknown {
  if ('refused' in body) throw body.refused
  if (body.bytes.length === 0) return undefined
  if (!isUtf8(body.bytes))
    throw new BatchError('InvalidRequestBody', { Reason: 'The body is not valid UTF-8' })
  try {
    return JSON.parse(body.bytes.toString('utf8'))
  } catch {
    // The parser's message quotes the body, where secrets can be: it is neither answered nor kept as the cause.
    throw new BatchError('InvalidRequestBody', { Reason: 'The body is not valid JSON' })
  }
}

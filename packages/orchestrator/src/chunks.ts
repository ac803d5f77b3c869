// Collections of tasks are cut to what the service takes in one request, by count and by size.

import { MAX_COLLECTION_BYTES, MAX_TASKS_PER_COLLECTION } from '@malachite/model'

/** What one request may carry. */
export interface ChunkLimits {
  /** @default MAX_TASKS_PER_COLLECTION */
  maxItems?: number
  /** Bytes of the JSON body in UTF-8, envelope included. @default MAX_COLLECTION_BYTES */
  maxBytes?: number
}

const ENVELOPE_BYTES = Buffer.byteLength('{"value":[]}')
const COMMA_BYTES = 1

/**
 * The items in order, cut so that each chunk fits one request. An item that is too large by itself gets a chunk of its
 * own: the service decides.
 */
export function toChunks<Item>(items: readonly Item[], limits: ChunkLimits = {}): Item[][] {
  const { maxItems = MAX_TASKS_PER_COLLECTION, maxBytes = MAX_COLLECTION_BYTES } = limits
  const chunks: Item[][] = []
  let chunk: Item[] = []
  let bytes = ENVELOPE_BYTES
  for (const item of items) {
    const size = Buffer.byteLength(JSON.stringify(item)) + COMMA_BYTES
    // The last item of a body has no comma after it.
    if (chunk.length > 0 && (chunk.length === maxItems || bytes + size - COMMA_BYTES > maxBytes)) {
      chunks.push(chunk)
      chunk = []
      bytes = ENVELOPE_BYTES
    }
    chunk.push(item)
    bytes += size
  }
  return chunk.length > 0 ? [...chunks, chunk] : chunks
}

/** The two halves of a chunk that the service found too large. */
export function halve<Item>(chunk: readonly Item[]): [Item[], Item[]] {
  const middle = Math.ceil(chunk.length / 2)
  return [chunk.slice(0, middle), chunk.slice(middle)]
}

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
 * The items in order, cut so that each chunk fits one request, as they come. An item that is too large by itself gets a
 * chunk of its own: the service decides.
 */
export async function* toChunks<Item>(
  items: Iterable<Item> | AsyncIterable<Item>,
  limits: ChunkLimits = {},
): AsyncGenerator<Item[]> {
  const { maxItems = MAX_TASKS_PER_COLLECTION, maxBytes = MAX_COLLECTION_BYTES } = limits
  let chunk: Item[] = []
  let bytes = ENVELOPE_BYTES
  for await (const item of items) {
    const size = Buffer.byteLength(JSON.stringify(item)) + COMMA_BYTES
    // The last item of a body has no comma after it.
    if (chunk.length > 0 && (chunk.length === maxItems || bytes + size - COMMA_BYTES > maxBytes)) {
      yield chunk
      chunk = []
      bytes = ENVELOPE_BYTES
    }
    chunk.push(item)
    bytes += size
  }
  if (chunk.length > 0) yield chunk
}

/** The two halves of a chunk that the service found too large. */
export function halve<Item>(chunk: readonly Item[]): [Item[], Item[]] {
  const middle = Math.ceil(chunk.length / 2)
  return [chunk.slice(0, middle), chunk.slice(middle)]
}

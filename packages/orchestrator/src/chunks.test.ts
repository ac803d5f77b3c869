import { expect, test } from 'vitest'
import { halve, toChunks } from './chunks.ts'

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}

const bodyBytes = (items: unknown[]): number => Buffer.byteLength(JSON.stringify({ value: items }))

test('cuts at 100 items and keeps the order', async () => {
  const items = Array.from({ length: 250 }, (_, i) => ({ id: `t${i}` }))
  const chunks = await collect(toChunks(items))
  expect(chunks.map((chunk) => chunk.length)).toEqual([100, 100, 50])
  expect(chunks.flat()).toEqual(items)
})

test('fills a body to exactly the limit, counted in UTF-8', async () => {
  const items = ['日本', '日本', '日本']
  const maxBytes = bodyBytes(items.slice(0, 2))
  expect(await collect(toChunks(items, { maxBytes }))).toEqual([['日本', '日本'], ['日本']])
  expect(await collect(toChunks(items, { maxBytes: maxBytes - 1 }))).toEqual([['日本'], ['日本'], ['日本']])
})

test('keeps every body within 1 MiB', async () => {
  const items = Array.from({ length: 90 }, (_, i) => ({ id: `t${i}`, commandLine: 'é'.repeat(9000 + i) }))
  const chunks = await collect(toChunks(items))
  expect(chunks.length).toBeGreaterThan(1)
  for (const chunk of chunks) expect(bodyBytes(chunk)).toBeLessThanOrEqual(1_048_576)
})

test('an item that is too large alone gets its own chunk', async () => {
  const chunks = toChunks(['a', 'x'.repeat(50), 'b'], { maxBytes: 30 })
  expect(await collect(chunks)).toEqual([['a'], ['x'.repeat(50)], ['b']])
})

test('no items make no chunks', async () => {
  expect(await collect(toChunks([]))).toEqual([])
})

test('halves give every item once', () => {
  expect(halve([1, 2, 3])).toEqual([[1, 2], [3]])
})

import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { transferAll } from './transfers.ts'

test('results come in the order of the items, whichever ends first', async () => {
  const seen: number[] = []
  await transferAll(
    [3, 1, 2],
    { concurrency: 3, onResult: (result: number) => seen.push(result) },
    async (item) => {
      for (let i = 0; i < item; i++) await turn()
      return item
    },
  )
  expect(seen).toEqual([3, 1, 2])
})

test('no more run at once than allowed', async () => {
  let running = 0
  let most = 0
  await transferAll([1, 2, 3, 4, 5, 6, 7, 8, 9], { concurrency: 3 }, async () => {
    most = Math.max(most, ++running)
    await turn()
    running--
  })
  expect(most).toBe(3)
})

test('a failure stops the others before it is told', async () => {
  let stopped = false
  const transfer = async (item: string, signal: AbortSignal): Promise<void> => {
    if (item === 'bad') throw new Error('disk full')
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
    await turn()
    stopped = true
  }
  await expect(transferAll(['bad', 'slow', 'waiting'], { concurrency: 2 }, transfer)).rejects.toThrow(
    'disk full',
  )
  expect(stopped).toBe(true)
})

test('items are taken as they are needed, and a window of them waits for a slow one', async () => {
  let taken = 0
  const { promise: slow, resolve: end } = Promise.withResolvers<void>()
  function* items(): Generator<number> {
    while (taken < 1000) yield taken++
  }
  const all = transferAll(items(), { concurrency: 2 }, (item) => (item === 0 ? slow : turn()))
  for (let i = 0; i < 200; i++) await turn()
  expect(taken).toBe(16)
  end()
  await all
  expect(taken).toBe(1000)
})

test('a failure behind a slow transfer ends that at once', async () => {
  const transfer = (item: string, signal: AbortSignal): Promise<void> =>
    item === 'bad'
      ? Promise.reject(new Error('disk full'))
      : new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
  await expect(transferAll(['slow', 'bad'], { concurrency: 2 }, transfer)).rejects.toThrow('disk full')
})

test('an abort rejects with its reason and starts nothing more', async () => {
  const stop = new AbortController()
  const started: number[] = []
  const all = transferAll([1, 2, 3], { concurrency: 1, signal: stop.signal }, async (item) => {
    started.push(item)
    stop.abort(new Error('Ctrl-C'))
    await turn()
  })
  await expect(all).rejects.toThrow('Ctrl-C')
  expect(started).toEqual([1])
})

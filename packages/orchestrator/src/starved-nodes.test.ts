import type { ComputeNode } from '@malachite/model'
import { expect, test } from 'vitest'
import { isStarved, rebootStarvedNodes } from './starved-nodes.ts'

test('only what failed for want of a blob is starved', () => {
  expect(isStarved({ failureInfo: { code: 'BlobNotFound' } })).toBe(true)
  expect(isStarved({ failureInfo: { code: 'BlobAccessDenied' } })).toBe(false)
  expect(isStarved({})).toBe(false)
})

test('nodes whose start task did not get its files are rebooted, those where it failed by itself are not', async () => {
  const node = (id: string, code?: string) => ({ id, startTaskInfo: code ? { failureInfo: { code } } : {} })
  const nodes = [node('a', 'BlobNotFound'), node('b', 'FailureExitCode'), node('c')] as ComputeNode[]
  const rebooted: string[] = []
  const batch = {
    async *listNodes(poolId: string, options?: { filter?: string }) {
      expect([poolId, options?.filter]).toEqual(['p', "state eq 'starttaskfailed'"])
      yield* nodes
    },
    rebootNode: async (poolId: string, id: string) => void rebooted.push(`${poolId}/${id}`),
  }
  await rebootStarvedNodes(batch, 'p', undefined)
  expect(rebooted).toEqual(['p/a'])
})

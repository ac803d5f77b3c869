import { expect, test } from 'vitest'
import { expectedCount, readTaskFilter, toODataFilter, writeTaskFilter } from './task-filter.ts'

test('a filter becomes what the service reads, whatever people type', () => {
  expect(toODataFilter({ state: '', id: '', exitCode: '', node: '' })).toBe('')
  expect(toODataFilter({ state: 'failed', id: "o'x", exitCode: '-9', node: 'tvm' })).toBe(
    "executionInfo/result eq 'failure' and startswith(id,'o''x') and executionInfo/exitCode eq -9 and startswith(nodeInfo/nodeId,'tvm')",
  )
  expect(toODataFilter({ state: '', id: '', exitCode: '1 or 1 eq 1', node: '' })).toBe('')
})

test('a filter stands in the address and is read from there', () => {
  const filter = { state: 'running', id: 'a&b', exitCode: '3', node: '' } as const
  expect(readTaskFilter(writeTaskFilter(filter))).toEqual(filter)
  expect(readTaskFilter('?state=constructor')).toEqual({ state: '', id: '', exitCode: '', node: '' })
  expect(writeTaskFilter({ state: '', id: '', exitCode: '', node: '' })).toBe('')
})

test('the counts of the job tell how many tasks a state has, and nothing about ids', () => {
  const counts = { active: 5, running: 4, completed: 3, succeeded: 2, failed: 1 }
  const count = (search: string): number | undefined => expectedCount(readTaskFilter(search), counts)
  expect(['', '?state=failed', '?state=active', '?id=a'].map(count)).toEqual([12, 1, 5, undefined])
})

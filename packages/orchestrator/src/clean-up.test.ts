import type { NodeCount } from '@malachite/model'
import { expect, test } from 'vitest'
import { isStarting } from './clean-up.ts'
import { isOurBlob } from './run.ts'

const NONE: NodeCount = {
  creating: 0,
  idle: 0,
  leavingPool: 0,
  offline: 0,
  preempted: 0,
  rebooting: 0,
  reimaging: 0,
  running: 0,
  starting: 0,
  startTaskFailed: 0,
  unusable: 0,
  unknown: 0,
  waitingForStartTask: 0,
  total: 0,
}

test.each(['creating', 'starting', 'waitingForStartTask', 'rebooting', 'reimaging'] as const)(
  'a node that is %s still needs the containers',
  (state) => {
    expect(isStarting({ poolId: 'p', dedicated: NONE, lowPriority: { ...NONE, [state]: 1 } })).toBe(true)
  },
)

test.each(['idle', 'running', 'startTaskFailed', 'unusable', 'offline'] as const)(
  'a node that is %s needs them no more',
  (state) => {
    expect(isStarting({ poolId: 'p', dedicated: { ...NONE, [state]: 2 }, lowPriority: NONE })).toBe(false)
  },
)

test('of a container that was there before, only blobs of this run are ours', () => {
  const record = {
    existence: 'existing' as const,
    uploaded: new Set(['input.txt']),
    downloaded: new Set(['old.txt', 'replaced.txt', 'new.txt']),
    before: new Map([
      ['old.txt', 1000],
      ['replaced.txt', 1000],
    ]),
  }
  const ours = (name: string, time: number): boolean =>
    isOurBlob(record, { name, contentLength: 1, lastModified: new Date(time) })
  expect(ours('input.txt', 2000)).toBe(true)
  expect(ours('new.txt', 2000)).toBe(true)
  expect(ours('replaced.txt', 2000)).toBe(true)
  expect(ours('old.txt', 1000)).toBe(false)
  expect(ours('of-somebody-else.txt', 2000)).toBe(false)
})

import { expect, test } from 'vitest'
import { createVirtualClock } from '../../test/helpers/virtual-clock.ts'
import type { NodeReports } from './engine/core/effects.ts'
import { createPatience } from './patience.ts'

/** Reports that fail with `failure` while there is one, and are noted otherwise. */
function open() {
  const clock = createVirtualClock()
  const seen: string[] = []
  const told: string[] = []
  const state: { failure?: Error | undefined } = {}
  const note = (name: string): void => {
    if (state.failure) throw state.failure
    seen.push(name)
  }
  const engine = {
    nodeBooted: (id: string) => note(`booted ${id}`),
    nodeRemoved: (id: string) => note(`removed ${id}`),
    tick: () => note('tick'),
  } satisfies Partial<NodeReports> as unknown as NodeReports
  const patience = createPatience(
    () => engine,
    clock,
    ({ message }) => told.push(message),
  )
  return { clock, seen, told, state, ...patience }
}

const FULL = Object.assign(new Error('full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 })

test('reports are passed on at once', () => {
  const { reports, seen } = open()
  reports.nodeBooted('a', 1)
  reports.tick()
  expect(seen).toEqual(['booted a', 'tick'])
})

test('while the disk is full reports wait, in their order, and somebody is told once', () => {
  const { reports, seen, told, state, clock } = open()
  state.failure = FULL
  reports.nodeBooted('a', 1)
  reports.nodeRemoved('b')
  clock.advance(5000)
  reports.tick()
  expect([seen, told]).toEqual([[], ['full']])
  state.failure = undefined
  reports.nodeRemoved('c')
  expect(seen).toEqual([])
  clock.advance(500)
  expect(seen).toEqual(['booted a', 'removed b', 'tick', 'removed c'])
  reports.tick()
  expect(seen).toHaveLength(5)
})

test('another error is thrown, and the reports after it are passed on', () => {
  const { reports, seen, state } = open()
  state.failure = new Error('a bug')
  expect(() => reports.tick()).toThrow('a bug')
  state.failure = undefined
  reports.nodeBooted('a', 1)
  expect(seen).toEqual(['booted a'])
})

test('nothing is tried again after the end', () => {
  const patience = open()
  const { reports, seen, state, clock } = patience
  state.failure = FULL
  reports.tick()
  state.failure = undefined
  patience.close()
  clock.advance(5000)
  expect(seen).toEqual([])
})

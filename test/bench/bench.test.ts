import { expect, test } from 'vitest'
import { combine, keeps, type Measurement, type Peer, ratiosOf, type Row, spreadOfRow } from './bench.ts'

const FASTER: Row = {
  what: 'tasks',
  unit: 'tasks/s',
  better: 'more',
  ours: [80, 70, 300],
  peer: { name: 'xargs', values: [100, 100, 100], kind: 'measured' },
}
const SHORTER: Row = {
  what: 'start',
  unit: 'ms',
  better: 'less',
  ours: [200, 250],
  peer: { name: 'Azurite', values: [400, 500], kind: 'measured' },
}

test('a ratio of more than 1 is better, whatever the unit', () => {
  expect(ratiosOf(FASTER)).toEqual([0.8, 0.7, 3])
  expect(ratiosOf(SHORTER)).toEqual([2, 2])
})

test('a single value of the peer stands beside all rounds', () => {
  const peer: Peer = { name: 'the text', values: [100], kind: 'quoted' }
  expect(ratiosOf({ ...SHORTER, peer })).toEqual([0.5, 0.4])
})

test('the spread is that of the ratios, and of the values where there is no peer', () => {
  expect(spreadOfRow(FASTER)).toEqual({ median: 0.8, least: 0.7, most: 3 })
  expect(spreadOfRow({ what: 'a', unit: 's', better: 'less', ours: [2, 1] })).toMatchObject({ most: 2 })
})

test('a multiple of the peer is kept by the median of the ratios', () => {
  expect(keeps(FASTER, { timesPeer: 0.8 })).toBe(true)
  expect(keeps(FASTER, { timesPeer: 0.81 })).toBe(false)
  expect(keeps(SHORTER, { timesPeer: 0.5 })).toBe(true)
  expect(keeps(SHORTER, { timesPeer: 0.4 })).toBe(false)
})

test('a limit is the most where less is better and the least where more is', () => {
  expect(keeps(SHORTER, { limit: 250 })).toBe(true)
  expect(keeps(SHORTER, { limit: 249 })).toBe(false)
  expect(keeps(FASTER, { limit: 80 })).toBe(true)
  expect(keeps(FASTER, { limit: 81 })).toBe(false)
})

test('rounds become one measurement: all values of a row, the median of each point', () => {
  const round = (value: number): Measurement => ({
    title: 'a',
    rows: [
      { ...SHORTER, ours: [value], peer: { name: 'Azurite', values: [2 * value], kind: 'measured' } },
      { what: 'b', unit: '', better: 'more', ours: [-value] },
    ],
    series: [{ chart: 'memory', name: 'c', points: [[1000, value]] }],
  })
  const all = combine([round(1), round(5), round(3)])
  expect(all.rows.map(({ ours }) => ours)).toEqual([
    [1, 5, 3],
    [-1, -5, -3],
  ])
  expect(all.rows[0]?.peer?.values).toEqual([2, 10, 6])
  expect(all.series?.[0]?.points).toEqual([[1000, 3]])
})

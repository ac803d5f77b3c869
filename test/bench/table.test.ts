import { expect, test } from 'vitest'
import type { Peer, Row } from './bench.ts'
import { RESULT, SCALE } from './sample.ts'
import { cellsOf, formatNumber, markdownTable, textTable } from './table.ts'

test('a row shows medians, the ratio, its spread and whether the bound is kept', () => {
  expect(RESULT.rows.map(cellsOf)).toEqual([
    ['ready', '200 ms', '400 ms', 'Azurite', '2', '2 to 2.17', '≤ 300 ms: kept'],
    ['memory', '96 MB', '109 MB', 'Azurite', '1.14', '1.12 to 1.14', '≤ 90 MB: MISSED'],
  ])
})

test('a row without a peer has no ratio, and one of a single round no spread', () => {
  const row: Row = { what: 'pages', unit: '', better: 'more', ours: [12_345] }
  expect(cellsOf(row)).toEqual(['pages', '12,300', '', '', '', '', ''])
  expect(cellsOf({ ...row, ours: [1, 3, 2] })[5]).toBe('1 to 3')
})

test('a goal stands behind its bound', () => {
  const peer: Peer = { name: 'xargs', values: [100], kind: 'measured' }
  const row: Row = { what: 'tasks', unit: '/s', better: 'more', ours: [80], peer }
  const cells = cellsOf({ ...row, bound: { timesPeer: 0.7 }, goal: { timesPeer: 1 } })
  expect(cells.at(-1)).toBe('≥ 0.7 × the peer: kept; goal ≥ 1 × the peer: MISSED')
})

test('numbers have three digits and their thousands apart', () => {
  expect([1_234_567, 0.000_123_4, 0].map(formatNumber)).toEqual(['1,230,000', '0.000123', '0'])
})

test('the columns of the terminal’s table are in line', () => {
  expect(textTable([RESULT, SCALE])).toBe(
    [
      '  what                                 ours    peer  peer’s name  ratio        spread  bound',
      'start',
      '  ready                              200 ms  400 ms  Azurite          2     2 to 2.17  ≤ 300 ms: kept',
      '  memory                              96 MB  109 MB  Azurite       1.14  1.12 to 1.14  ≤ 90 MB: MISSED',
      'scale',
      '  in memory: memory above the start   40 MB                                            ≤ 300 MB: kept',
    ].join('\n'),
  )
})

test('the page’s table tells what is of a quick run, and keeps its columns', () => {
  const rows = [{ what: 'a|b <c>', unit: 's', better: 'less' as const, ours: [1] }]
  expect(
    markdownTable([{ ...RESULT, form: 'quick', rows }])
      .split('\n')
      .slice(2),
  ).toEqual(['| **start** (quick) | | | | | | |', '| a\\|b &lt;c> | 1 s |  |  |  |  |  |'])
})

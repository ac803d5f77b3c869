import { expect, test } from 'vitest'
import { fitWidths, tableLine, toCell } from './table.ts'

test('columns are as wide as what is in them', () => {
  const rows = [
    ['ID', 'STATE'],
    ['job-1', 'active'],
  ]
  const widths = fitWidths(rows)
  expect(widths).toEqual([5, 6])
  expect(rows.map((row) => tableLine(row, widths, false))).toEqual(['ID     STATE', 'job-1  active'])
})

test('the widest columns give way until a line fits the terminal', () => {
  const row = ['a'.repeat(40), 'b'.repeat(10), 'c']
  const widths = fitWidths([row], 30)
  expect(widths).toEqual([15, 10, 1])
  expect(tableLine(row, widths, true)).toBe(`${'a'.repeat(14)}…  ${'b'.repeat(10)}  c`)
  expect(tableLine(row, widths, true)).toHaveLength(30)
})

test('no column vanishes, however narrow the terminal is', () => {
  expect(fitWidths([['a'.repeat(40), 'b'.repeat(40)]], 3)).toEqual([6, 6])
})

test('without a terminal nothing is cut', () => {
  expect(tableLine(['long enough', 'x'], [4, 1], false)).toBe('long enough  x')
})

test('a cell is one line without anything that steers a terminal', () => {
  expect(toCell(undefined)).toBe('')
  expect(toCell(0)).toBe('0')
  expect(toCell(false)).toBe('false')
  expect(toCell({ a: 1 })).toBe('{"a":1}')
  expect(toCell('a\tb\nc\u001B[31mred')).toBe('a b\uFFFDcred')
})

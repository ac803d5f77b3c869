import { expect, test } from 'vitest'
import { FormulaError } from './formula-error.ts'
import { parseFormula } from './parser.ts'

function mistake(text: string): string {
  try {
    parseFormula(text)
  } catch (error) {
    if (error instanceof FormulaError) return `${error.kind}: ${error.message}`
    throw error
  }
  return 'none'
}

test('a formula is statements between semicolons; the last one may be missing', () => {
  expect(parseFormula('$a = 1; b = 2').statements.map(({ name }) => name)).toEqual(['$a', 'b'])
  expect(parseFormula('$a = 1; b = 2;').statements).toHaveLength(2)
  expect(parseFormula('').statements).toEqual([])
})

test('line breaks, blanks and comments separate', () => {
  const { statements } = parseFormula('// nodes\r\n$a =\n\t1; // one\nb = $a // two')
  expect(statements.map(({ name, at }) => [name, at])).toEqual([
    ['$a', { line: 2, column: 1 }],
    ['b', { line: 4, column: 1 }],
  ])
})

test.each([
  ['1 + ', 'Line 1, Col 5: Expected a value, found the end of the formula'],
  ['$a = 1 $b = 2', 'Line 1, Col 8: Expected ;, found $b'],
  ['$a = (1', 'Line 1, Col 8: Expected ), found the end of the formula'],
  ['$a = 1;\n$b = 5 % 2', 'Line 2, Col 8: Unexpected character: %'],
  ['$a = "text', 'Line 1, Col 6: A string has no end'],
  ['$a = x ? 1', 'Line 1, Col 11: Expected :, found the end of the formula'],
  ['$a = time().5', 'Line 1, Col 12: Expected ;, found .5'],
  ['$a = time().$x', 'Line 1, Col 13: Expected a name, found $x'],
  ['1 = 2', 'Line 1, Col 3: Expected ;, found ='],
  ['$ = 2', 'Line 1, Col 1: Unexpected character: $'],
  ['$a = 💥', 'Line 1, Col 6: Unexpected character: 💥'],
])('%s is a syntax error with its place', (text, message) => {
  expect(mistake(text)).toBe(`syntax: ${message}`)
})

test('a formula has at most 8192 characters', () => {
  expect(mistake(`x=1;${' '.repeat(8188)}`)).toBe('none')
  expect(mistake(`x=1;${' '.repeat(8189)}`)).toBe(
    'tooLong: Line 1, Col 1: The formula has 8193 characters; 8192 are allowed',
  )
})

test('a formula has at most 100 statements', () => {
  expect(mistake('x=1;'.repeat(100))).toBe('none')
  expect(mistake('x=1;'.repeat(101))).toContain('A formula has at most 100 statements')
})

test.each(['(', '-', '!', 'avg(', '[', '1?', '1?1:', 'x.y('])(
  'deep nesting of %s is refused, not a crash',
  (part) => {
    expect(mistake(`x=${part.repeat(8000 / part.length)}`)).toMatch(
      /^syntax: Line 1, Col \d+: The formula is nested too/,
    )
  },
)

test('operators of equal strength are taken from left to right, however many there are', () => {
  expect(parseFormula('1 - 2 - 3').statements[0]?.value).toMatchObject({
    operator: '-',
    left: { operator: '-', left: { value: 1 }, right: { value: 2 } },
    right: { value: 3 },
  })
  expect(mistake('1'.padEnd(8191, '+1'))).toBe('none')
})

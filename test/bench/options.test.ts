import { expect, test } from 'vitest'
import { parseOptions } from './options.ts'

const CHOICE = { all: ['start', 'scale', 'million'], usual: ['start', 'scale'] }
const parse = (...args: string[]) => parseOptions(args, CHOICE)

test('without arguments everything usual is measured in full', () => {
  expect(parse()).toEqual({ do: 'measure', form: 'full', names: ['start', 'scale'] })
})

test('--only chooses, also what is not usual', () => {
  expect(parse('--only', 'million', '--only', 'start', '--quick', '--json', 'a.json')).toEqual({
    do: 'measure',
    form: 'quick',
    names: ['million', 'start'],
    json: 'a.json',
  })
})

test('--docs and --help measure nothing', () => {
  expect(parse('--docs')).toEqual({ do: 'draw' })
  expect(parse('-h')).toEqual({ do: 'help' })
})

test.each([
  [['--only', 'strat'], 'no benchmark "strat"; there are start, scale, million'],
  [['--fast'], "Unknown option '--fast'"],
  [['fast'], "Unexpected argument 'fast'"],
  [['--docs', '--quick'], '--docs measures nothing'],
  [['--json', ''], '--json needs the name of a file'],
])('%j is refused in a sentence', (args, sentence) => {
  expect(() => parse(...args)).toThrow(sentence)
})

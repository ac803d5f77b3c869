import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { createScreen, fit, printable } from './screen.ts'

function record(columns: number, isLive: boolean) {
  let text = ''
  const stream = { write: (part: string) => (text += part), columns }
  return { screen: createScreen(stream, stream, isLive), text: () => stripVTControlCharacters(text) }
}

test('the status is redrawn below every line, and leaves with an empty one', () => {
  const { screen, text } = record(80, true)
  screen.status('working')
  screen.line('one')
  screen.status('')
  screen.line('two')
  expect(text()).toBe('\rworking\rone\n\rworking\rtwo\n')
})

test('without a terminal there is no status', () => {
  const { screen, text } = record(80, false)
  screen.status('working')
  screen.line('one')
  expect(text()).toBe('one\n')
})

test('a line in the making is ended by the next one', () => {
  const { screen, text } = record(80, false)
  screen.begin('Waiting')
  screen.more('.')
  screen.note('trouble')
  screen.line('done')
  expect(text()).toBe('Waiting.\ntrouble\ndone\n')
})

test('a status that is too long for the terminal is cut, so that it never wraps', () => {
  expect(fit('12345', 6)).toBe('12345')
  expect(fit('12345', 5)).toBe('123…')
  expect(fit('12345', 1)).toBe('…')
  const { screen, text } = record(5, true)
  screen.status('123456789')
  expect(text()).toBe('\r123…')
})

test('what would steer the terminal is not printed', () => {
  expect(printable('a\u001B[31mb\u0007\tc\r')).toBe('ab\uFFFD\tc\uFFFD')
})

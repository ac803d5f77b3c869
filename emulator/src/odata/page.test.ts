import { expect, test } from 'vitest'
import { pageOf } from './page.ts'

const LETTERS = 'abcdefg'
const page = (letters: string, maxResults: number, skipToken?: string) =>
  pageOf(letters.split(''), { maxResults, ...(skipToken && { skipToken }) }, (item) => item)

test('pages follow each other to the end of the list', () => {
  const first = page(LETTERS, 3)
  const second = page(LETTERS, 3, first.next)
  const third = page(LETTERS, 3, second.next)
  expect([first, second, third].map(({ items }) => items.join(''))).toEqual(['abc', 'def', 'g'])
  expect(third).not.toHaveProperty('next')
})

test('a page that is exactly full is the last', () => {
  expect(page(LETTERS, 7)).not.toHaveProperty('next')
  expect(page('', 7)).toEqual({ items: [] })
})

test('what stays is listed once although items before it come and go', () => {
  const { next } = page(LETTERS, 3)
  expect(page('zabcdefg', 9, next).items.join('')).toBe('defg')
  expect(page('bcdefg', 9, next).items.join('')).toBe('defg')
})

test('goes on where the item that ended a page would be when it is gone', () => {
  const { next } = page(LETTERS, 3)
  expect(page('defg', 9, next).items.join('')).toBe('defg')
  expect(page('Zabdefg', 9, next).items.join('')).toBe('defg')
  expect(page('ab', 9, next)).toEqual({ items: [] })
})

test('goes on with what followed when the item is gone from a list in no order', () => {
  const { next } = page('gfedcba', 3)
  expect(page('gfdcba', 9, next).items.join('')).toBe('dcba')
  expect(page('zf', 9, next)).toEqual({ items: [] })
})

test.each(['x', '3', ':', '-1:YQ', '3:?'])('refuses the token %s', (token) => {
  expect(() => page(LETTERS, 3, token)).toThrow(
    expect.objectContaining({
      code: 'InvalidQueryParameterValue',
      details: expect.objectContaining({ QueryParameterName: '$skiptoken' }),
    }),
  )
})

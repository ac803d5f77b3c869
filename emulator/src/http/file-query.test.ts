import type { NodeFile } from '@malachite/model'
import { expect, test } from 'vitest'
import { pageOfFiles, readRange } from './file-query.ts'

const FILES: NodeFile[] = ['stdout.txt', 'stderr.txt', 'wd', "o'x"].map((name) => ({
  name,
  isDirectory: name === 'wd',
}))

function page(options: Record<string, string>) {
  const { items, next } = pageOfFiles(FILES, new Map(Object.entries(options)))
  return [items.map(({ name }) => name), next]
}

test('cuts a listing into pages', () => {
  expect(page({ maxresults: '3' })).toEqual([['stdout.txt', 'stderr.txt', 'wd'], '3:d2Q'])
  expect(page({ maxresults: '3', $skiptoken: '3:d2Q' })).toEqual([["o'x"], undefined])
  expect(page({ maxresults: '4' })[1]).toBeUndefined()
})

test('filters by the start of the name', () => {
  expect(page({ $filter: "startswith(name, 'std')" })).toEqual([['stdout.txt', 'stderr.txt'], undefined])
  expect(page({ $filter: "startswith(name,'o''')" })).toEqual([["o'x"], undefined])
})

test('refuses other filters and foreign tokens', () => {
  for (const options of [{ $filter: "name eq 'wd'" }, { $skiptoken: 'x' }])
    expect(() => page(options)).toThrow(expect.objectContaining({ code: 'InvalidQueryParameterValue' }))
})

test.each([
  [undefined, {}],
  ['bytes=1-2', { offset: 1, length: 2 }],
  ['bytes=3-', { offset: 3, length: 7 }],
  ['bytes=-4', { offset: 6, length: 4 }],
  ['bytes=-40', { offset: 0, length: 10 }],
  ['bytes=8-99', { offset: 8, length: 2 }],
])('of ten bytes %s is %j', (header, range) => {
  expect(readRange(header, 10)).toEqual(range)
})

test.each([
  ['bytes=10-11', 'InvalidRange'],
  ['bytes=5-4', 'InvalidRange'],
  ['bytes=-', 'InvalidHeaderValue'],
  ['lines=1-2', 'InvalidHeaderValue'],
])('%s is refused with %s', (header, code) => {
  expect(() => readRange(header, 10)).toThrow(expect.objectContaining({ code }))
})

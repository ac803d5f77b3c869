import { expect, test } from 'vitest'
import { isOwnHost, isSameOrigin, isSameSecret } from './security.ts'

test.each(['localhost', 'localhost:11003', '127.0.0.1:1', '[::1]:11003', 'LOCALHOST:80', 'a.localhost:80'])(
  'takes %s for this machine',
  (host) => expect(isOwnHost(host)).toBe(true),
)

test.each([
  undefined,
  '',
  'evil.example',
  'evil.example:11003',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  'localhost:80, evil.example',
  'localhost@evil.example',
  '192.168.0.1:11003',
  'localhost:999999',
])('does not take %s for this machine', (host) => expect(isOwnHost(host)).toBe(false))

test.each([
  {},
  { origin: 'http://localhost:1' },
  { origin: 'http://localhost:1', 'sec-fetch-site': 'same-origin' },
] as const)('lets a page of the server in: %o', (headers) => {
  expect(isSameOrigin({ host: 'localhost:1', ...headers })).toBe(true)
})

test.each([
  { origin: 'http://evil.example' },
  { origin: 'null' },
  { origin: 'https://localhost:1' },
  { origin: 'http://localhost:2' },
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
] as const)('keeps a page of somebody else out: %o', (headers) => {
  expect(isSameOrigin({ host: 'localhost:1', ...headers })).toBe(false)
})

test('compares secrets as a whole', () => {
  expect(isSameSecret('abc', 'abc')).toBe(true)
  expect(isSameSecret('ab', 'abc')).toBe(false)
  expect(isSameSecret('abd', 'abc')).toBe(false)
  expect(isSameSecret(undefined, 'abc')).toBe(false)
  expect(isSameSecret(['abc'], 'abc')).toBe(false)
})

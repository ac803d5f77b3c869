import { expect, test } from 'vitest'
import { createHostCheck } from './hosts.ts'

test('on loopback: the loopback names on every port, and nothing else', () => {
  const isAllowed = createHostCheck('127.0.0.1')
  const own = ['localhost', 'LOCALHOST:10003', '127.0.0.1:1', '[::1]:10003', 'acct.localhost:80']
  expect(own.filter((host) => !isAllowed(host))).toEqual([])
  const foreign = [undefined, '', 'evil.example', '10.0.0.7:10003', 'localhost.evil.example', 'a b', '[']
  expect(foreign.filter(isAllowed)).toEqual([])
})

test('names that the options give are allowed, a star allows all', () => {
  expect(createHostCheck('127.0.0.1', ['Batch'])('batch:10003')).toBe(true)
  expect(createHostCheck('127.0.0.1', ['*'])('anything.example')).toBe(true)
})

test('on all addresses: every IP address, still no unknown names', () => {
  const isAllowed = createHostCheck('0.0.0.0')
  expect(isAllowed('172.18.0.2:10003')).toBe(true)
  expect(isAllowed('[fe80::1]:10003')).toBe(true)
  expect(isAllowed('evil.example')).toBe(false)
})

test('the listen address is allowed', () => {
  expect(createHostCheck('192.168.1.5')('192.168.1.5:10003')).toBe(true)
})

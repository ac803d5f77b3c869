import { expect, test } from 'vitest'

import {
  DEVELOPMENT_ACCOUNT,
  DEVELOPMENT_ACCOUNT_KEY,
  developmentConnectionString,
  parseAccounts,
} from './account.ts'

test('reads accounts with one or two keys in their order', () => {
  expect(parseAccounts('first:a2V5:a2V5Mg==; second:a2V5;')).toEqual([
    { name: 'first', key: 'a2V5' },
    { name: 'second', key: 'a2V5' },
  ])
})

test.each([
  ['', 'list of storage accounts is empty'],
  [' ; ', 'list of storage accounts is empty'],
  ['first', 'account 1: expected one or two base64 keys'],
  ['first:a2V5;second:not base64', 'account 2: expected one or two base64 keys'],
  ['first:a2V5:a2V5:a2V5', 'account 1: expected one or two base64 keys'],
  ['NoCapitals:a2V5', 'account 1: a name has 3 to 24'],
])('refuses the list "%s"', (accounts, message) => {
  expect(() => parseAccounts(accounts)).toThrow(message)
})

test('keeps keys out of the message about a faulty entry', () => {
  expect(() => parseAccounts('Faulty:c2VjcmV0')).toThrow(/^(?!.*c2VjcmV0)/)
  expect(() => parseAccounts('faulty:c2VjcmV0:x')).toThrow(/^(?!.*c2VjcmV0)/)
})

test('writes the connection string of the development account', () => {
  expect(developmentConnectionString('http://127.0.0.1:10000/devstoreaccount1')).toBe(
    `DefaultEndpointsProtocol=http;AccountName=${DEVELOPMENT_ACCOUNT};AccountKey=${DEVELOPMENT_ACCOUNT_KEY};` +
      'BlobEndpoint=http://127.0.0.1:10000/devstoreaccount1;',
  )
})

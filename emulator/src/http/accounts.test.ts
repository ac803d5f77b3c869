import { DEVELOPMENT_KEY } from '@malachite/model'
import { expect, test } from 'vitest'
import { parseAccounts } from './accounts.ts'

test('reads several accounts with one or two keys each', () => {
  const accounts = parseAccounts(' first:a2V5MQ== ; second:a2V5Mg==:a2V5Mw== ; ')
  expect([...accounts]).toEqual([
    ['first', ['a2V5MQ==']],
    ['second', ['a2V5Mg==', 'a2V5Mw==']],
  ])
})

test('the development key is 64 bytes of base64', () => {
  expect(Buffer.from(DEVELOPMENT_KEY, 'base64')).toHaveLength(64)
  expect([...parseAccounts(`devbatchaccount1:${DEVELOPMENT_KEY}`).values()]).toEqual([[DEVELOPMENT_KEY]])
})

test.each([
  ['', 'no account is named'],
  ['one:a2V5MQ==;c2VjcmV0', 'entry 2 has no key'],
  ['One:a2V5MQ==', 'the name of entry 1 must be'],
  ['one:a2V5MQ==:a2V5MQ==:a2V5MQ==', 'account one has 3 keys'],
  ['one:c2VjcmV0!', 'a key of account one is not base64'],
  ['one:a2V5MQ==;one:a2V5MQ==', 'account one is named twice'],
])('says what is wrong with %j and repeats no key', (text, reason) => {
  expect(() => parseAccounts(text)).toThrow(expect.objectContaining({ code: 'ConfigurationError' }))
  expect(() => parseAccounts(text)).toThrow(reason)
  expect(() => parseAccounts(text)).not.toThrow(/c2VjcmV0/)
})

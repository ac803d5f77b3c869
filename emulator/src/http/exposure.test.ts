import { DEVELOPMENT_KEY } from '@malachite/model'
import { expect, test } from 'vitest'
import { DEVELOPMENT_ACCOUNTS } from './accounts.ts'
import { requirePrivateKeys, resolveOAuth } from './exposure.ts'

const OWN = new Map([['mine', ['a2V5']]])
const MIXED = new Map([['mine', ['a2V5', DEVELOPMENT_KEY]]])

test.each(['127.0.0.1', '127.1.2.3', 'localhost', '::1'])('on %s everything is allowed', (host) => {
  expect(() => requirePrivateKeys(DEVELOPMENT_ACCOUNTS, { host, unsafe: false })).not.toThrow()
  expect(resolveOAuth({ host, unsafe: false })).toBe('basic')
  expect(resolveOAuth({ host, unsafe: false, oauth: 'none' })).toBe('none')
})

test.each(['0.0.0.0', '::', '192.168.1.5', 'machine.example', '127.0.0.1.example', ''])(
  'on %j other machines need keys that are not published, and tokens are not taken',
  (host) => {
    for (const accounts of [DEVELOPMENT_ACCOUNTS, MIXED])
      expect(() => requirePrivateKeys(accounts, { host, unsafe: false })).toThrow(
        /MALACHITE_ACCOUNTS.*--unsafe/,
      )
    expect(() => requirePrivateKeys(OWN, { host, unsafe: false })).not.toThrow()
    expect(resolveOAuth({ host, unsafe: false })).toBe('none')
    expect(() => resolveOAuth({ host, unsafe: false, oauth: 'basic' })).toThrow(/not verified.*--unsafe/)
  },
)

test('--unsafe allows both on every address', () => {
  const exposure = { host: '0.0.0.0', unsafe: true }
  expect(() => requirePrivateKeys(DEVELOPMENT_ACCOUNTS, exposure)).not.toThrow()
  expect(resolveOAuth(exposure)).toBe('basic')
})

import { expect, test } from 'vitest'

import { accountUrl, azuriteArguments, azuriteEnvironment, resolveOptions } from './options.ts'

test('keeps blobs in memory unless a directory is named', () => {
  expect(azuriteArguments(resolveOptions({}))).toContain('--inMemoryPersistence')
  const onDisk = azuriteArguments(resolveOptions({ location: '/data' }))
  expect(onDisk).not.toContain('--inMemoryPersistence')
  expect(onDisk.slice(-2)).toEqual(['--location', '/data'])
})

test('hides the settings of another Azurite from its thread', () => {
  const environment = { PATH: '/bin', AZURITE_ACCOUNTS: 'other:a2V5', AZURITE_DB: 'mysql://other' }
  expect(azuriteEnvironment(resolveOptions({}), environment)).toEqual({ PATH: '/bin' })
  expect(azuriteEnvironment(resolveOptions({ accounts: 'mine:a2V5' }), environment)).toEqual({
    PATH: '/bin',
    AZURITE_ACCOUNTS: 'mine:a2V5',
  })
})

test.each([
  ['127.0.0.1', 'http://127.0.0.1:1/devstoreaccount1'],
  ['0.0.0.0', 'http://127.0.0.1:1/devstoreaccount1'],
  ['::', 'http://[::1]:1/devstoreaccount1'],
  ['localhost', 'http://localhost:1/devstoreaccount1'],
])('reaches Azurite listening at %s through %s', (host, url) => {
  expect(accountUrl(host, 1, 'devstoreaccount1')).toBe(url)
})

import { BatchError } from '@malachite/model'
import { expect, test } from 'vitest'
import { azureSettingsFromEnvironment, type Environment } from './settings.ts'

const CONNECTION_STRING =
  'DefaultEndpointsProtocol=https;AccountName=st;AccountKey=a2V5;EndpointSuffix=core.windows.net'

function problem(env: Environment): BatchError {
  try {
    azureSettingsFromEnvironment(env)
  } catch (error) {
    if (error instanceof BatchError) return error
  }
  throw new Error('no BatchError')
}

test('reads the names of the az command line', () => {
  const env = {
    AZURE_BATCH_ACCOUNT: 'acc',
    AZURE_BATCH_ACCESS_KEY: 'k',
    AZURE_BATCH_ENDPOINT: 'acc.westeurope.batch.azure.com',
    AZURE_STORAGE_CONNECTION_STRING: CONNECTION_STRING,
  }
  expect(azureSettingsFromEnvironment(env)).toEqual({
    batch: { account: 'acc', key: 'k', endpoint: 'https://acc.westeurope.batch.azure.com' },
    storage: { connectionString: CONNECTION_STRING },
  })
})

test('reads the names of the SDKs', () => {
  const env = {
    AZURE_BATCH_ACCOUNT_NAME: 'acc',
    AZURE_BATCH_ACCOUNT_KEY: 'k',
    AZURE_BATCH_ENDPOINT: 'http://127.0.0.1:10003/',
    AZURE_STORAGE_ACCOUNT_NAME: 'st',
    AZURE_STORAGE_ACCOUNT_KEY: 'sk',
  }
  expect(azureSettingsFromEnvironment(env)).toEqual({
    batch: { account: 'acc', key: 'k', endpoint: 'http://127.0.0.1:10003' },
    storage: { account: 'st', key: 'sk' },
  })
})

test('needs no keys: a signed-in user will do', () => {
  const env = {
    AZURE_BATCH_ACCOUNT: 'acc',
    AZURE_BATCH_ENDPOINT: 'https://acc.westeurope.batch.azure.com',
    AZURE_STORAGE_ACCOUNT: 'st',
  }
  expect(azureSettingsFromEnvironment(env)).toEqual({
    batch: { account: 'acc', endpoint: 'https://acc.westeurope.batch.azure.com' },
    storage: { account: 'st' },
  })
})

test('lists everything that is missing, with the way to get it', () => {
  const error = problem({ AZURE_BATCH_ACCOUNT: '  ' })
  expect(error).toMatchObject({ code: 'ConfigurationError', status: 0 })
  expect(error.message).toContain('AZURE_BATCH_ACCOUNT or AZURE_BATCH_ACCOUNT_NAME')
  expect(error.message).toContain('az batch account show')
  expect(error.message).toContain('az batch account keys list')
  expect(error.message).toContain('az storage account show-connection-string')
})

test('lists only what is missing', () => {
  const env = { AZURE_BATCH_ACCOUNT: 'acc', AZURE_BATCH_ACCESS_KEY: 'k', AZURE_STORAGE_ACCOUNT: 'st' }
  expect(problem(env).message.split('\n')).toEqual([
    'Azure is not set up. Set these environment variables:',
    expect.stringContaining('AZURE_BATCH_ENDPOINT'),
  ])
})

test('refuses values that cannot work', () => {
  const env = { AZURE_BATCH_ACCOUNT: 'acc', AZURE_BATCH_ACCESS_KEY: 'k', AZURE_STORAGE_ACCOUNT: 'st' }
  expect(problem({ ...env, AZURE_BATCH_ENDPOINT: 'ftp://x' }).message).toContain(
    '`ftp://x` is not a web address',
  )
  const broken = problem({
    ...env,
    AZURE_STORAGE_CONNECTION_STRING: 'AccountKey=s3cr3t',
    AZURE_BATCH_ENDPOINT: 'x',
  })
  expect(broken.code).toBe('ConfigurationError')
  expect(broken.message).not.toContain('s3cr3t')
})

// Azure's settings out of environment variables: the names of the az command line and those of Microsoft's SDKs.

import { BatchError } from '@malachite/model'
import { parseConnectionString } from './connection-string.ts'
import { parseEndpoint } from './endpoint.ts'

/** What is needed to run a workload on Azure, or on an emulator by its address. */
export interface AzureSettings {
  batch: BatchSettings
  storage: StorageSettings
}

/** A Batch account and where it answers. */
export interface BatchSettings {
  account: string
  /** With its scheme, without a path. */
  endpoint: string
  /** Without it Microsoft Entra ID is used. */
  key?: string
}

/** A connection string, or an account in Azure with its key; without the key Microsoft Entra ID is used. */
export type StorageSettings = { connectionString: string } | { account: string; key?: string }

/** Variables of a process: `process.env`, or what stands for it. */
export type Environment = Readonly<Record<string, string | undefined>>

const BATCH_ACCOUNT = ['AZURE_BATCH_ACCOUNT', 'AZURE_BATCH_ACCOUNT_NAME']
const BATCH_KEY = ['AZURE_BATCH_ACCESS_KEY', 'AZURE_BATCH_ACCOUNT_KEY']
const BATCH_ENDPOINT = ['AZURE_BATCH_ENDPOINT']
const CONNECTION_STRING = ['AZURE_STORAGE_CONNECTION_STRING']
const STORAGE_ACCOUNT = ['AZURE_STORAGE_ACCOUNT', 'AZURE_STORAGE_ACCOUNT_NAME']
const STORAGE_KEY = ['AZURE_STORAGE_KEY', 'AZURE_STORAGE_ACCOUNT_KEY']

const HELP = {
  account: 'the name of the Batch account: `az batch account list --query "[].name"`',
  endpoint: 'its address: `az batch account show -n ACCOUNT -g GROUP --query accountEndpoint`',
  key:
    'its key: `az batch account keys list -n ACCOUNT -g GROUP --query primary` ' +
    '(or leave it out and sign in with `az login`)',
  storage:
    'the storage account: `az storage account show-connection-string -n ACCOUNT --query connectionString` ' +
    '(or set AZURE_STORAGE_ACCOUNT, with AZURE_STORAGE_KEY or after `az login`)',
}

/** The settings that the variables give; one `ConfigurationError` that lists everything missing or wrong. */
export function azureSettingsFromEnvironment(env: Environment): AzureSettings {
  const batch = batchSettings(env)
  const storage = storageSettingsFromEnvironment(env)
  if (batch && storage) return { batch, storage }
  throw notSetUp([...batchProblems(env), ...(storage ? [] : [missing(CONNECTION_STRING, HELP.storage)])])
}

/** The settings of the Batch account alone; a `ConfigurationError` as of `azureSettingsFromEnvironment`. */
export function batchSettingsFromEnvironment(env: Environment): BatchSettings {
  const batch = batchSettings(env)
  if (batch) return batch
  throw notSetUp(batchProblems(env))
}

function batchSettings(env: Environment): BatchSettings | undefined {
  const account = first(env, BATCH_ACCOUNT)
  const endpoint = parseEndpoint(first(env, BATCH_ENDPOINT) ?? '')
  const key = first(env, BATCH_KEY)
  return account && endpoint ? { account, endpoint, ...(key && { key }) } : undefined
}

function batchProblems(env: Environment): string[] {
  const given = first(env, BATCH_ENDPOINT)
  return [
    ...(first(env, BATCH_ACCOUNT) ? [] : [missing(BATCH_ACCOUNT, HELP.account)]),
    ...(given ? [] : [missing(BATCH_ENDPOINT, HELP.endpoint)]),
    ...(given && !parseEndpoint(given) ? [`  AZURE_BATCH_ENDPOINT: \`${given}\` is not a web address`] : []),
    ...(first(env, BATCH_KEY) ? [] : [missing(BATCH_KEY, HELP.key)]),
  ]
}

function notSetUp(problems: readonly string[]): BatchError {
  const message = `Azure is not set up. Set these environment variables:\n${problems.join('\n')}`
  return new BatchError('ConfigurationError', {}, { message })
}

/** The settings of the storage account alone; undefined when none is set, a `ConfigurationError` when it is malformed. */
export function storageSettingsFromEnvironment(env: Environment): StorageSettings | undefined {
  const connectionString = first(env, CONNECTION_STRING)
  if (connectionString) {
    parseConnectionString(connectionString) // a wrong one is reported here, not in the middle of a run
    return { connectionString }
  }
  const account = first(env, STORAGE_ACCOUNT)
  const key = first(env, STORAGE_KEY)
  return account ? { account, ...(key && { key }) } : undefined
}

function first(env: Environment, names: readonly string[]): string | undefined {
  return names.map((name) => env[name]?.trim()).find((value) => value)
}

function missing(names: readonly string[], help: string): string {
  return `  ${names.join(' or ')}: ${help}`
}

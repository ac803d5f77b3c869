// The connection strings of Azure Storage, as its tools print them and as Azurite documents them.

import { BatchError } from '@malachite/model'

/** A storage account that a SAS can be signed for. */
export interface StorageAccount {
  account: string
  /** Access key, base64. */
  key: string
  /** Address of the account's blob service. */
  url: string
}

// Azurite's published development account: the same on every machine.
const DEVELOPMENT: StorageAccount = {
  account: 'devstoreaccount1',
  key: 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==',
  url: 'http://127.0.0.1:10000/devstoreaccount1',
}

/** Address of the blob service of an account in Azure. */
export function blobServiceUrl(account: string): string {
  return `https://${account}.blob.core.windows.net`
}

/** The account that a connection string names. `ConfigurationError` when it has no account name and key. */
export function parseConnectionString(text: string): StorageAccount {
  const settings = parseSettings(text)
  if (settings.get('usedevelopmentstorage') === 'true') return DEVELOPMENT
  const account = settings.get('accountname')
  const key = settings.get('accountkey')
  if (account === undefined || key === undefined) throw malformed()
  const protocol = settings.get('defaultendpointsprotocol') ?? 'https'
  const suffix = settings.get('endpointsuffix') ?? 'core.windows.net'
  const url = settings.get('blobendpoint') ?? `${protocol}://${account}.blob.${suffix}`
  if (!URL.canParse(url)) throw malformed()
  return { account, key, url: url.replace(/\/+$/, '') }
}

function parseSettings(text: string): Map<string, string> {
  const parts = text.split(';').map((part) => part.trim())
  return new Map(
    parts.flatMap((part) => {
      const at = part.indexOf('=')
      return at > 0 ? [[part.slice(0, at).toLowerCase(), part.slice(at + 1)] as const] : []
    }),
  )
}

function malformed(): BatchError {
  const message =
    'The storage connection string must name the account and its key: ' +
    '`DefaultEndpointsProtocol=https;AccountName=…;AccountKey=…;EndpointSuffix=core.windows.net`. ' +
    'Get it with `az storage account show-connection-string --name ACCOUNT`.'
  return new BatchError('ConfigurationError', {}, { message })
}

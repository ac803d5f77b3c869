// Which Batch account the commands of resources talk to: an emulator's unless Azure is asked for by name.

import type { BatchSettings, RestClient } from '@malachite/azure'
import { BatchError } from '@malachite/model'
import { withClientDefaults, type Environment } from './environment.ts'
import { clientEnvironment, developmentEndpoints, readEndpoints } from './endpoints.ts'

export const BACKENDS = ['emulator', 'azure'] as const

/** Flags that say which account. */
export interface ConnectionFlags {
  /** @default 'emulator' */
  backend?: (typeof BACKENDS)[number]
  endpointsFile?: string
}

/** A client of the account. `ConfigurationError` when it is not clear which that is. */
export async function connect(
  flags: ConnectionFlags,
  environment: Environment = process.env,
): Promise<RestClient> {
  const { createRestClient } = await import('@malachite/azure')
  return createRestClient(await findAccount(flags, environment))
}

/** The account: by the endpoints file, else by the client's variables, else the emulator on the usual port. */
export async function findAccount(
  { backend = 'emulator', endpointsFile }: ConnectionFlags,
  environment: Environment = process.env,
): Promise<BatchSettings> {
  const { batchSettingsFromEnvironment } = await import('@malachite/azure')
  if (backend === 'azure') return batchSettingsFromEnvironment(environment)
  if (endpointsFile !== undefined) {
    const { batch } = await readEndpoints(endpointsFile)
    return { account: batch.account, endpoint: batch.url, key: batch.key }
  }
  const usual = clientEnvironment(await developmentEndpoints())
  const settings = batchSettingsFromEnvironment(withClientDefaults(environment, usual))
  if (isInAzure(settings.endpoint)) throw unexpectedAzure(settings.endpoint)
  return settings
}

/** Variables that were set for Azure must not let a command that was meant for an emulator delete things there. */
function unexpectedAzure(endpoint: string): BatchError {
  const message = `AZURE_BATCH_ENDPOINT is ${endpoint}, which is in Azure. Add --backend azure if that is meant.`
  return new BatchError('ConfigurationError', {}, { message })
}

function isInAzure(endpoint: string): boolean {
  return /\.batch\.(azure\.(com|cn|us)|chinacloudapi\.cn|usgovcloudapi\.net|core\.windows\.net)$/.test(
    new URL(endpoint).hostname,
  )
}

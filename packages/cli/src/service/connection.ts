// Which Batch account the commands of resources talk to: an emulator's unless Azure is asked for by name.

import type { BatchSettings, RestClient, StorageSettings } from '@malachite/azure'
import type { ConnectionFlags } from '../program/connection-flags.ts'
import { withClientDefaults, type Environment } from '../settings/environment.ts'
import { mistake } from '../settings/mistake.ts'
import { clientEnvironment, developmentEndpoints, readEndpoints } from './endpoints.ts'

/** A client of the account. `ConfigurationError` when it is not clear which that is. */
export async function connect(flags: ConnectionFlags, environment: Environment): Promise<RestClient> {
  const { createRestClient } = await import('@malachite/azure')
  return createRestClient(await findAccount(flags, environment))
}

/** The account: by the endpoints file, else by the client's variables, else the emulator on the usual port. */
export async function findAccount(
  { backend = 'emulator', endpointsFile }: ConnectionFlags,
  environment: Environment,
): Promise<BatchSettings> {
  const { batchSettingsFromEnvironment } = await import('@malachite/azure')
  if (backend === 'azure') return batchSettingsFromEnvironment(environment)
  if (endpointsFile !== undefined) {
    const { batch } = await readEndpoints(endpointsFile)
    return { account: batch.account, endpoint: batch.url, key: batch.key }
  }
  const settings = batchSettingsFromEnvironment(await withEmulator(environment))
  requireLocal('AZURE_BATCH_ENDPOINT', settings.endpoint)
  return settings
}

/** The storage account that belongs to it; undefined when none is set, or the emulator has none. */
export async function findStorage(
  { backend = 'emulator', endpointsFile }: ConnectionFlags,
  environment: Environment,
): Promise<StorageSettings | undefined> {
  const { parseConnectionString, storageSettingsFromEnvironment } = await import('@malachite/azure')
  if (backend === 'azure') return storageSettingsFromEnvironment(environment)
  if (endpointsFile !== undefined) return (await readEndpoints(endpointsFile)).blob
  const settings = storageSettingsFromEnvironment(await withEmulator(environment))
  if (settings && 'connectionString' in settings)
    requireLocal('AZURE_STORAGE_CONNECTION_STRING', parseConnectionString(settings.connectionString).url)
  return settings
}

/** The client's variables, where they are not set those of the emulator on the usual ports. */
async function withEmulator(environment: Environment): Promise<Environment> {
  return withClientDefaults(environment, clientEnvironment(await developmentEndpoints()))
}

const CLOUDS =
  /\.(batch|blob)\.(azure\.(com|cn|us)|chinacloudapi\.cn|usgovcloudapi\.net|core\.(windows\.net|chinacloudapi\.cn|usgovcloudapi\.net))$/

/** Variables that were set for Azure must not let a command that was meant for an emulator delete things there. */
function requireLocal(variable: string, url: string): void {
  const { hostname, origin } = new URL(url)
  if (!CLOUDS.test(hostname)) return
  const message = `${variable} names ${origin}, which is in Azure. Add --backend azure if that is meant.`
  throw mistake(message)
}

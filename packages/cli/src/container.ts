// The composition: which backends a profile works with. The only file that knows inversify.

import type { AzureSettings } from '@malachite/azure'
import { systemClock, type BatchBackend, type BlobBackend, type Clock } from '@malachite/model'
import { Container, type ServiceIdentifier } from 'inversify'
import { withClientDefaults, type Environment } from './settings/environment.ts'
import { clientEnvironment, developmentEndpoints, readEndpoints } from './service/endpoints.ts'
import type { Logger } from './text/logger.ts'
import type { Profile } from './program/program-run.ts'

export type { Container } from 'inversify'

/** The clock of a run. */
export const CLOCK = Symbol('Clock') as ServiceIdentifier<Clock>
/** Where its log goes. */
export const LOGGER = Symbol('Logger') as ServiceIdentifier<Logger>
/** Its Batch service, started or connected to when it is first asked for. */
export const BATCH = Symbol('BatchBackend') as ServiceIdentifier<BatchBackend>
/** Its blob service, the same. */
export const BLOB = Symbol('BlobBackend') as ServiceIdentifier<BlobBackend>
const SETTINGS = Symbol('AzureSettings') as ServiceIdentifier<AzureSettings>

/** What a composition depends on besides its profile. */
export interface ContainerConfig {
  /** Where the settings of Azure, or of an emulator at an unusual address, are. */
  environment: Environment
  /** Of the emulator that is meant. @default what the environment names, or the one on the usual ports */
  endpointsFile?: string
  logger: Logger
  /** Directory in which the local backend keeps its blobs. @default in memory */
  blobLocation?: string
}

/** Binds `CLOCK`, `LOGGER`, `BATCH` and `BLOB`. Nothing is loaded or started before it is asked for. */
export function createContainer(profile: Profile, config: ContainerConfig): Container {
  const container = new Container({ defaultScope: 'Singleton' })
  container.bind(CLOCK).toConstantValue(systemClock)
  container.bind(LOGGER).toConstantValue(config.logger)
  if (profile === 'local') bindLocal(container, config)
  else bindAzure(container, profile, config)
  return container
}

/** What a run works with. */
export interface Services {
  clock: Clock
  logger: Logger
  batch: BatchBackend
  blob: BlobBackend
  /** Which services these are, for people; none of a run in this process. */
  places: readonly string[]
}

/** Starts the services, both at once. When one does not start the other is closed and this rejects. */
export async function openServices(container: Container): Promise<Services> {
  const [batch, blob] = await Promise.allSettled([container.getAsync(BATCH), container.getAsync(BLOB)])
  if (batch.status === 'fulfilled' && blob.status === 'fulfilled') {
    const [clock, logger] = [container.get(CLOCK), container.get(LOGGER)]
    const places = container.isBound(SETTINGS) ? placesOf(await container.getAsync(SETTINGS), blob.value) : []
    return { clock, logger, batch: batch.value, blob: blob.value, places }
  }
  if (batch.status === 'fulfilled') await batch.value.close()
  if (blob.status === 'fulfilled') await blob.value.close()
  throw batch.status === 'rejected' ? batch.reason : (blob as PromiseRejectedResult).reason
}

/** The services without a connection to them, and without a start of any. */
export interface ServiceNames {
  /** As of `Services`. */
  places: readonly string[]
  blob: Pick<BlobBackend, 'account' | 'url'>
}

/** Which services a run would work with. `ConfigurationError` when the settings do not tell. */
export async function nameServices(container: Container): Promise<ServiceNames> {
  if (container.isBound(SETTINGS)) {
    const blob = await container.getAsync(BLOB) // connects to nothing before its first call
    return { places: placesOf(await container.getAsync(SETTINGS), blob), blob }
  }
  const { DEVELOPMENT_ACCOUNT: account } = await import('@malachite/azurite')
  return { places: [], blob: { account, url: `http://127.0.0.1:PORT/${account}` } }
}

function placesOf({ batch: { account, endpoint } }: AzureSettings, blob: BlobBackend): string[] {
  return [`Batch account ${account} at ${endpoint}`, `storage account ${blob.account} at ${blob.url}`]
}

/** Closes the services that `openServices` has started: Batch first, because its tasks use the blobs. */
export async function closeContainer(container: Container): Promise<void> {
  try {
    await container.unbindAsync(BATCH)
  } finally {
    await container.unbindAllAsync()
  }
}

function bindLocal(container: Container, { blobLocation: location }: ContainerConfig): void {
  container
    .bind(BATCH)
    .toResolvedValue(
      async (clock) => (await import('@malachite/local')).createLocalBatchBackend({ clock }),
      [CLOCK],
    )
    .onDeactivation((batch) => batch.close())
  container
    .bind(BLOB)
    .toResolvedValue(async () =>
      (await import('@malachite/local')).createLocalBlobBackend(location === undefined ? {} : { location }),
    )

    .onDeactivation((blob) => blob.close())
}

/** An emulator is the Azure backend at another address. */
function bindAzure(container: Container, profile: 'emulator' | 'azure', config: ContainerConfig): void {
  const read = profile === 'azure' ? azureSettings : emulatorSettings
  container.bind(SETTINGS).toResolvedValue(() => read(config))
  container
    .bind(BATCH)
    .toResolvedValue(
      async ({ batch }, clock) =>
        (await import('@malachite/azure')).createAzureBatchBackend({ ...batch, clock }),
      [SETTINGS, CLOCK],
    )
    .onDeactivation((batch) => batch.close())
  container
    .bind(BLOB)
    .toResolvedValue(
      async ({ storage }, clock) =>
        (await import('@malachite/azure')).createAzureBlobBackend({ ...storage, clock }),
      [SETTINGS, CLOCK],
    )
    .onDeactivation((blob) => blob.close())
}

async function azureSettings({ environment }: Pick<ContainerConfig, 'environment'>): Promise<AzureSettings> {
  const { azureSettingsFromEnvironment } = await import('@malachite/azure')
  return azureSettingsFromEnvironment(environment)
}

async function emulatorSettings({
  environment,
  endpointsFile,
  logger,
}: ContainerConfig): Promise<AzureSettings> {
  if (endpointsFile !== undefined) {
    const meant = clientEnvironment(await readEndpoints(endpointsFile))
    return azureSettings({ environment: { ...environment, ...meant } })
  }
  const development = clientEnvironment(await developmentEndpoints())
  const settings = await azureSettings({ environment: withClientDefaults(environment, development) })
  const { endpoint } = settings.batch
  // The emulator speaks plain http; variables that were set for Azure would have pools made there, which cost money.
  if (endpoint.startsWith('https:'))
    logger.warn(`AZURE_BATCH_ENDPOINT is ${endpoint}, which is no emulator here.`)
  return settings
}

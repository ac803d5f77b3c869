// The service's api-versions, and what each brought and took away, as data: operations, query options, and members of
// requests and answers. The engine knows the union of all of them; `shape.ts` cuts it to the version of a request.

/** The versions that are known, oldest first; their names order them. */
export const VERSIONS = [
  '2018-12-01.8.0',
  '2019-06-01.9.0',
  '2019-08-01.10.0',
  '2020-03-01.11.0',
  '2020-09-01.12.0',
  '2021-06-01.14.0',
  '2022-01-01.15.0',
  '2022-10-01.16.0',
  '2023-05-01.17.0',
  '2023-11-01.18.0',
  '2024-02-01.19.0',
  '2024-07-01.20.0',
  '2025-06-01',
] as const

/** A known version. */
export type ApiVersion = (typeof VERSIONS)[number]

/** What clients that do not know a later one are served in, the last of `VERSIONS`. */
export const NEWEST: ApiVersion = '2025-06-01'

/** The part of the versions that has something: from `since`, up to but without `until`. */
export interface VersionRange {
  since?: ApiVersion
  until?: ApiVersion
}

/** Resources and parts of them whose members differ between versions. */
export type Model =
  | 'pool'
  | 'poolPatch'
  | 'poolUpdate'
  | 'startTask'
  | 'machine'
  | 'network'
  | 'job'
  | 'jobPatch'
  | 'jobSchedule'
  | 'task'
  | 'node'
  | 'nodeCounts'
  | 'remoteLogin'
  | 'logUpload'

/** Paths of members, separated by blanks; `[]` stands for the items of a list. */
type Members = Partial<Record<Model, string>>

interface Change {
  version: ApiVersion
  operations?: { added?: readonly string[]; removed?: readonly string[] }
  added?: Members
  removed?: Members
}

const CERTIFICATES = ['add', 'list', 'cancelDeletion', 'delete', 'get'].map((verb) => `certificate.${verb}`)

// From the declared models of the service's own clients, one release for each version.
const CHANGES: readonly Change[] = [
  {
    version: '2019-06-01.9.0',
    operations: { added: ['account.listSupportedImages'], removed: ['account.listNodeAgentSkus'] },
    added: {
      network: 'endpointConfiguration.inboundNATPools[].networkSecurityGroupRules[].sourcePortRanges',
      startTask: 'containerSettings.workingDirectory',
      task: 'containerSettings.workingDirectory',
    },
  },
  { version: '2019-08-01.10.0', added: { pool: 'mountConfiguration' } },
  {
    version: '2020-03-01.11.0',
    added: { network: 'publicIPAddressConfiguration', machine: 'diskEncryptionConfiguration' },
  },
  { version: '2020-09-01.12.0', added: { task: 'requiredSlots', node: 'runningTaskSlotsCount' } },
  {
    version: '2021-06-01.14.0',
    operations: { added: ['computeNodeExtension.get', 'computeNodeExtension.list'] },
    added: {
      pool: 'identity mountConfiguration[].azureBlobFileSystemConfiguration.identityReference',
      machine:
        'imageReference.exactVersion nodePlacementConfiguration extensions osDisk containerConfiguration.containerRegistries[].identityReference',
      startTask: 'resourceFiles[].identityReference containerSettings.registry.identityReference',
      job: 'maxParallelTasks',
      task: 'resourceFiles[].identityReference containerSettings.registry.identityReference outputFiles[].destination.container.identityReference',
      node: 'virtualMachineInfo',
      logUpload: 'identityReference',
    },
  },
  {
    version: '2022-01-01.15.0',
    added: { job: 'allowTaskPreemption', task: 'outputFiles[].destination.container.uploadHeaders' },
  },
  {
    version: '2022-10-01.16.0',
    added: { pool: 'targetNodeCommunicationMode currentNodeCommunicationMode' },
  },
  {
    version: '2023-05-01.17.0',
    operations: { removed: ['job.getAllLifetimeStatistics', 'pool.getAllLifetimeStatistics'] },
    added: { network: 'enableAcceleratedNetworking', machine: 'extensions[].enableAutomaticUpgrade' },
  },
  {
    version: '2023-11-01.18.0',
    added: {
      pool: 'resourceTags',
      machine:
        'securityProfile serviceArtifactReference osDisk.caching osDisk.managedDisk osDisk.diskSizeGB osDisk.writeAcceleratorEnabled',
      node: 'virtualMachineInfo.scaleSetVmResourceId',
    },
  },
  {
    version: '2024-02-01.19.0',
    added: { pool: 'upgradePolicy', nodeCounts: 'dedicated.upgradingOS lowPriority.upgradingOS' },
  },
  {
    version: '2024-07-01.20.0',
    operations: {
      added: ['computeNode.deallocate', 'computeNode.start'],
      removed: ['computeNode.getRemoteDesktop'],
    },
    added: {
      poolPatch:
        'displayName vmSize enableInterNodeCommunication virtualMachineConfiguration taskSlotsPerNode taskSchedulingPolicy networkConfiguration resourceTags userAccounts mountConfiguration upgradePolicy',
      machine:
        'imageReference.sharedGalleryImageId imageReference.communityGalleryImageId osDisk.managedDisk.securityProfile',
      startTask: 'containerSettings.containerHostBatchBindMounts',
      jobPatch: 'networkConfiguration',
      task: 'containerSettings.containerHostBatchBindMounts',
      nodeCounts:
        'dedicated.deallocated dedicated.deallocating lowPriority.deallocated lowPriority.deallocating',
    },
    removed: { pool: 'cloudServiceConfiguration applicationLicenses' },
  },
  {
    version: '2025-06-01',
    operations: { removed: CERTIFICATES },
    added: {
      pool: 'taskSchedulingPolicy.jobDefaultOrder',
      machine: 'diskEncryptionConfiguration.customerManagedKey securityProfile.proxyAgentSettings',
      network: 'publicIPAddressConfiguration.ipFamilies publicIPAddressConfiguration.ipTags',
      node: 'ipv6Address',
      remoteLogin: 'ipv6RemoteLoginIPAddress ipv6RemoteLoginPort',
    },
    removed: {
      pool: 'resourceTags certificateReferences targetNodeCommunicationMode currentNodeCommunicationMode',
      task: 'authenticationTokenSettings',
      node: 'certificateReferences',
    },
  },
]

/** Where a part of a model is a model itself; the path '' is the model as a whole. */
export const PARTS: Partial<Record<Model, Readonly<Record<string, Model>>>> = {
  pool: { startTask: 'startTask', virtualMachineConfiguration: 'machine', networkConfiguration: 'network' },
  poolPatch: { '': 'pool' },
  poolUpdate: { '': 'pool' },
  job: {
    jobManagerTask: 'task',
    jobPreparationTask: 'startTask',
    jobReleaseTask: 'startTask',
    'poolInfo.autoPoolSpecification.pool': 'pool',
  },
  jobPatch: { '': 'job' },
  jobSchedule: { jobSpecification: 'job' },
}

/** A member that some versions have under another name, or in another place. */
export interface Renamed extends VersionRange {
  model: Model
  /** As the engine has it. */
  path: string
  /** As these versions have it. */
  as: string
}

/** Members that moved. */
export const RENAMED: readonly Renamed[] = [
  { model: 'pool', path: 'taskSlotsPerNode', as: 'maxTasksPerNode', until: '2020-09-01.12.0' },
  {
    model: 'machine',
    path: 'dataDisks[].storageAccountType',
    as: 'dataDisks[].managedDisk.storageAccountType',
    since: '2025-06-01',
  },
]

/** Members that the engine asks for, with what requests of versions that do not have them get. */
export const REQUIRED: Partial<Record<Model, Readonly<Record<string, unknown>>>> = {
  poolUpdate: { certificateReferences: [] },
}

/** True for a version of the range. */
export function isIn(version: ApiVersion, { since, until }: VersionRange): boolean {
  return (since === undefined || since <= version) && (until === undefined || version < until)
}

/** The versions that have an operation, given by its name in the route table. */
export function rangeOfOperation(operation: string): VersionRange {
  const since = CHANGES.find(({ operations }) => operations?.added?.includes(operation))
  const until = CHANGES.find(({ operations }) => operations?.removed?.includes(operation))
  return { ...(since && { since: since.version }), ...(until && { until: until.version }) }
}

/** Paths of the members of a model that a version does not have (yet, or any more), without those of its parts. */
export function lackingMembers(model: Model, version: ApiVersion): string[] {
  return CHANGES.flatMap((change) => {
    const lacking = change.version > version ? change.added?.[model] : change.removed?.[model]
    return lacking?.split(' ') ?? []
  })
}

/** The version that serves what a client asks for. */
export interface ServedVersion {
  version: ApiVersion
  /** False: the client's version is newer than any that is known here. */
  isKnown: boolean
}

/**
 * The version that serves an `api-version`: a newer one than any known is served as the newest. `undefined` for what is
 * no version, and for dates between the known ones, such as those of other Azure services.
 */
export function findVersion(text: string): ServedVersion | undefined {
  const version = VERSIONS.find((known) => known === text)
  if (version !== undefined) return { version, isKnown: true }
  const isDate = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:\.\d{1,4}\.\d{1,4})?$/.test(text)
  return isDate && text > NEWEST ? { version: NEWEST, isKnown: false } : undefined
}

// $select: the members it may name, by the resource's name in `odata.metadata`, and what it leaves of a body.

import type { Call, Query } from './context.ts'
import { invalid } from './query.ts'
import { nameInVersion } from './shape.ts'
import type { ApiVersion } from './versions.ts'

// All members of the service's resources, those that are not emulated too: selecting them selects nothing.
const MEMBERS: Readonly<Record<string, ReadonlySet<string>>> = {
  pools: names(`
    id displayName url eTag lastModified creationTime state stateTransitionTime allocationState
    allocationStateTransitionTime vmSize resizeTimeout resizeErrors currentDedicatedNodes targetDedicatedNodes
    currentLowPriorityNodes targetLowPriorityNodes enableAutoScale autoScaleFormula autoScaleEvaluationInterval
    autoScaleRun enableInterNodeCommunication startTask userAccounts certificateReferences
    applicationPackageReferences metadata taskSlotsPerNode taskSchedulingPolicy cloudServiceConfiguration
    virtualMachineConfiguration applicationLicenses networkConfiguration mountConfiguration identity stats
    resourceTags targetNodeCommunicationMode currentNodeCommunicationMode upgradePolicy`),
  nodes: names(`
    id url state schedulingState stateTransitionTime lastBootTime allocationTime ipAddress ipv6Address affinityId
    vmSize totalTasksRun totalTasksSucceeded runningTasksCount runningTaskSlotsCount recentTasks startTask startTaskInfo
    certificateReferences isDedicated errors endpointConfiguration nodeAgentInfo virtualMachineInfo`),
  jobs: names(`
    id displayName url eTag lastModified creationTime state stateTransitionTime previousState
    previousStateTransitionTime priority maxParallelTasks usesTaskDependencies allowTaskPreemption constraints
    jobManagerTask jobPreparationTask jobReleaseTask commonEnvironmentSettings poolInfo metadata
    networkConfiguration executionInfo onAllTasksComplete onTaskFailure stats`),
  tasks: names(`
    id displayName url eTag creationTime lastModified state stateTransitionTime previousState
    previousStateTransitionTime commandLine containerSettings resourceFiles outputFiles environmentSettings
    affinityInfo applicationPackageReferences userIdentity exitConditions multiInstanceSettings dependsOn
    authenticationTokenSettings constraints requiredSlots executionInfo nodeInfo stats`),
  jobschedules: names(`
    id displayName url eTag lastModified creationTime state stateTransitionTime previousState
    previousStateTransitionTime schedule jobSpecification metadata executionInfo stats`),
  certificates: names(`
    thumbprint thumbprintAlgorithm url state stateTransitionTime previousState previousStateTransitionTime
    deleteCertificateError publicData`),
  extensions: names(`provisioningState vmExtension instanceView`),
  subtaskinfo: names(`
    id nodeInfo startTime endTime exitCode containerInfo failureInfo state stateTransitionTime previousState
    previousStateTransitionTime result`),
  jobpreparationandreleasetaskstatuslist: names(`
    poolId nodeId nodeUrl jobPreparationTaskExecutionInfo jobReleaseTaskExecutionInfo`),
}

function names(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/))
}

/** The members that `$select` names, separated by commas and blanks; `undefined` = all of them. */
export function readSelect(query: Query): string[] | undefined {
  const selected = query
    .get('$select')
    ?.split(',')
    .map((name) => name.trim())
    .filter(Boolean)
  return selected?.length ? selected : undefined
}

/**
 * A function that reduces bodies of a resource to what `$select` names, in the body's own order.
 * `InvalidQueryParameterValue` when the resource has no such member in the version.
 */
export function createPick(
  { query, version }: Pick<Call, 'query' | 'version'>,
  fragment: string,
): (body: object) => object {
  const select = readSelect(query)
  if (!select) return (body) => body
  const known = membersOf(fragment, version)
  const unknown = known && select.find((name) => !known.has(name))
  if (unknown !== undefined) throw invalid(query, '$select', `The resource has no property '${unknown}'`)
  const selected = new Set(select)
  return (body) => Object.fromEntries(Object.entries(body).filter(([name]) => selected.has(name)))
}

function membersOf(fragment: string, version: ApiVersion): ReadonlySet<string> | undefined {
  const names = MEMBERS[fragment.replace('/@Element', '')]
  if (!names) return undefined
  const present = Array.from(names, (name) => nameInVersion(version, fragment, name))
  return new Set(present.filter((name) => name !== undefined))
}

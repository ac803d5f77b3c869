// $select: the members it may name, by the resource's name in `odata.metadata`, and what it leaves of a body.

import type { Query } from './context.ts'
import { invalid } from './query.ts'

// All members of the service's resources, those that are not emulated too: selecting them selects nothing.
const MEMBERS: Readonly<Record<string, ReadonlySet<string>>> = {
  pools: names(`
    id displayName url eTag lastModified creationTime state stateTransitionTime allocationState
    allocationStateTransitionTime vmSize resizeTimeout resizeErrors currentDedicatedNodes targetDedicatedNodes
    currentLowPriorityNodes targetLowPriorityNodes enableAutoScale autoScaleFormula autoScaleEvaluationInterval
    autoScaleRun enableInterNodeCommunication startTask userAccounts certificateReferences
    applicationPackageReferences metadata taskSlotsPerNode taskSchedulingPolicy cloudServiceConfiguration
    virtualMachineConfiguration applicationLicenses networkConfiguration mountConfiguration identity stats
    targetNodeCommunicationMode currentNodeCommunicationMode`),
  nodes: names(`
    id url state schedulingState stateTransitionTime lastBootTime allocationTime ipAddress affinityId vmSize
    totalTasksRun totalTasksSucceeded runningTasksCount runningTaskSlotsCount recentTasks startTask startTaskInfo
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
 * `InvalidQueryParameterValue` when the resource has no such member.
 */
export function createPick(query: Query, fragment: string): (body: object) => object {
  const select = readSelect(query)
  if (!select) return (body) => body
  const known = MEMBERS[fragment.replace('/@Element', '')]
  const unknown = known && select.find((name) => !known.has(name))
  if (unknown !== undefined) throw invalid(query, '$select', `The resource has no property '${unknown}'`)
  return (body) => Object.fromEntries(Object.entries(body).filter(([name]) => select.includes(name)))
}

// Which operations the suites of unmodified clients call successfully. The suites compare themselves with this table,
// and the documentation prints it, so that nothing is claimed that was not seen.

/** Clients whose suites are compared with the table; `@azure/batch` calls all that its version has. */
export type Witnessed = 'python' | 'pythonNext' | 'az'

/** Operations by resource, as the route table names them. */
const PROOFS: Record<Witnessed, Readonly<Record<string, string>>> = {
  python: {
    account: 'listPoolNodeCounts listSupportedImages',
    computeNode:
      'addUser deleteUser disableScheduling enableScheduling get getRemoteLoginSettings list reboot',
    file: 'getFromComputeNode getFromTask getPropertiesFromTask listFromTask',
    job: 'add delete disable get getTaskCounts list listPreparationAndReleaseTaskStatus terminate',
    jobSchedule: 'add delete exists get terminate',
    pool: 'add delete disableAutoScale enableAutoScale evaluateAutoScale exists get',
    task: 'addCollection list',
  },
  pythonNext: {
    computeNode: 'deallocate get list reboot reimage start',
    file: 'getFromTask',
    job: 'add delete disable enable get getTaskCounts list listFromJobSchedule terminate',
    jobSchedule: 'add delete get list terminate',
    pool: 'add delete exists get list removeNodes resize',
    task: 'addCollection list',
  },
  az: {
    account: 'listPoolNodeCounts listSupportedImages',
    application: 'get list',
    computeNode:
      'addUser deleteUser disableScheduling enableScheduling get getRemoteLoginSettings list reboot',
    file: 'getFromTask listFromComputeNode listFromTask',
    job: 'add delete getTaskCounts list listFromJobSchedule listPreparationAndReleaseTaskStatus',
    jobSchedule: 'add delete disable list',
    pool: 'add delete disableAutoScale enableAutoScale evaluateAutoScale get list listUsageMetrics resize',
    task: 'add addCollection get list',
  },
}

/** Names such as `pool.add`, sorted. */
export function provenBy(client: Witnessed): string[] {
  return Object.entries(PROOFS[client])
    .flatMap(([resource, verbs]) => verbs.split(' ').map((verb) => `${resource}.${verb}`))
    .sort()
}

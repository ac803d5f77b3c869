// Which query parameters each operation takes, besides `api-version` and `timeout`, which all of them take. Names are
// read regardless of case: the service's own clients write `timeout` and `timeOut`, `starttime` and `startTime`.

import { BatchError } from '@malachite/model'
import type { Query } from './context.ts'
import { isIn, type ApiVersion } from './versions.ts'

const ALWAYS = ['api-version', 'timeout']
const PAGING = 'maxresults $skiptoken'

/** Options by operation; an operation that is not here has none. */
const OPTIONS: Readonly<Record<string, string>> = {
  'account.listNodeAgentSkus': `$filter ${PAGING}`,
  'account.listSupportedImages': `$filter ${PAGING}`,
  'account.listPoolNodeCounts': `$filter ${PAGING}`,
  'pool.listUsageMetrics': `starttime endtime $filter ${PAGING}`,
  'pool.list': `$filter $select $expand ${PAGING}`,
  'pool.get': '$select $expand',
  'computeNode.list': `$filter $select ${PAGING}`,
  'computeNode.get': '$select',
  'computeNodeExtension.list': `$select ${PAGING}`,
  'computeNodeExtension.get': '$select',
  'file.listFromTask': `recursive $filter ${PAGING}`,
  'file.listFromComputeNode': `recursive $filter ${PAGING}`,
  'file.deleteFromTask': 'recursive',
  'file.deleteFromComputeNode': 'recursive',
  'job.list': `$filter $select $expand ${PAGING}`,
  'job.listFromJobSchedule': `$filter $select $expand ${PAGING}`,
  'job.get': '$select $expand',
  'job.listPreparationAndReleaseTaskStatus': `$filter $select ${PAGING}`,
  'task.list': `$filter $select $expand ${PAGING}`,
  'task.get': '$select $expand',
  // The service's clients have no paging here; az asks every list for it.
  'task.listSubtasks': `$select ${PAGING}`,
  'jobSchedule.list': `$filter $select $expand ${PAGING}`,
  'jobSchedule.get': '$select $expand',
  'certificate.list': `$filter $select ${PAGING}`,
  'certificate.get': '$select',
  'application.list': PAGING,
  'malachite.preempt': 'absence',
  'malachite.preemptSome': 'count absence',
  'malachite.failAllocation': 'code nodes times',
  'malachite.failNode': 'code lost recovery',
}

const FORCED = ['job.delete', 'job.terminate', 'jobSchedule.delete', 'jobSchedule.terminate']
const FORCE_SINCE: ApiVersion = '2024-07-01.20.0'

const EXPECTED = new Map(Object.entries(OPTIONS).map(([name, text]) => [name, new Set(text.split(' '))]))

/** Throws `UnsupportedQueryParameter` for a parameter that the operation does not have; empty ones count as absent. */
export function requireKnownOptions(operation: string, version: ApiVersion, query: Query): void {
  for (const [name, value] of query) {
    if (value === '' || ALWAYS.includes(name) || EXPECTED.get(operation)?.has(name)) continue
    if (name === 'force' && FORCED.includes(operation) && isIn(version, { since: FORCE_SINCE })) continue
    throw new BatchError('UnsupportedQueryParameter', {
      QueryParameterName: name,
      Reason: 'The operation has no such query parameter in this api-version.',
    })
  }
}

/** The parameters with their names in lower case; of those that are then the same the first counts. */
export function foldNames(query: Query): Query {
  const folded = new Map<string, string>()
  for (const [name, value] of query) {
    const lower = name.toLowerCase()
    if (!folded.has(lower)) folded.set(lower, value)
  }
  return folded
}

// Statistics of the account: what each request means to the engine.

import type { Handler } from '../context.ts'
import { entityReply, listReply, readListQuery } from '../list.ts'

/** GET /lifetimejobstats */
export const getLifetimeJobStatistics: Handler = ({ engine }, call) =>
  entityReply(call, 'jobstats/@Element', { url: call.url, ...engine.statistics.ofAllJobs() })

/** GET /lifetimepoolstats */
export const getLifetimePoolStatistics: Handler = ({ engine }, call) =>
  entityReply(call, 'poolstats/@Element', { url: call.url, ...engine.statistics.ofAllPools() })

/** GET /poolusagemetrics */
export const listPoolUsageMetrics: Handler = ({ engine }, call) => {
  const startTime = call.query.get('starttime')
  const endTime = call.query.get('endtime')
  const page = engine.statistics.poolUsage({
    ...readListQuery(call.query),
    ...(startTime && { startTime }),
    ...(endTime && { endTime }),
  })
  return listReply(call, 'poolusagemetrics', page, (usage) => usage)
}

// Applications: what each request means to the engine. They have neither ETags nor $select.

import type { Handler } from '../context.ts'
import { entityReply, listReply, readListQuery } from '../list.ts'

/** GET /applications */
export const listApplications: Handler = ({ engine }, call) => {
  const page = engine.applications.list(readListQuery(call.query))
  return listReply(call, 'listapplicationsummariesresponses', page, (application) => application)
}

/** GET /applications/{applicationId} */
export const getApplication: Handler<'applicationId'> = ({ engine }, call) => {
  const application = engine.applications.get(call.params.applicationId)
  return entityReply(call, 'getapplicationsummaryresponse/@Element', application)
}

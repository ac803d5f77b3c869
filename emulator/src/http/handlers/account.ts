// Supported images and node counts: lists about the account as a whole.

import type { Handler } from '../context.ts'
import { listReply, readListQuery } from '../list.ts'

/** GET /supportedimages */
export const listSupportedImages: Handler = ({ engine }, call) =>
  listReply(call, 'supportedimages', engine.listSupportedImages(readListQuery(call.query)), (image) => image)

/** GET /nodecounts */
export const listPoolNodeCounts: Handler = ({ engine }, call) =>
  listReply(call, 'poolnodecounts', engine.pools.nodeCounts(readListQuery(call.query)), (counts) => counts)

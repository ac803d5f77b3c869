// Supported images and node counts: lists about the account as a whole.

import { evaluateFilter } from '../../odata/compile.ts'
import { pageOf } from '../../odata/page.ts'
import type { Handler } from '../context.ts'
import { listReply, readListQuery } from '../list.ts'

/** GET /supportedimages */
export const listSupportedImages: Handler = ({ engine }, call) =>
  listReply(call, 'supportedimages', engine.listSupportedImages(readListQuery(call.query)), (image) => image)

/** GET /nodecounts */
export const listPoolNodeCounts: Handler = ({ engine }, call) =>
  listReply(call, 'poolnodecounts', engine.pools.nodeCounts(readListQuery(call.query)), (counts) => counts)

/** GET /nodeagentskus, what the oldest versions have instead of supported images: those of each agent together. */
export const listNodeAgentSkus: Handler = ({ engine }, call) => {
  const { filter, ...page } = readListQuery(call.query)
  const matches = evaluateFilter(filter, { id: 'text', osType: 'enum' })
  const agents = Map.groupBy(engine.listSupportedImages().items, (image) => image.nodeAgentSKUId)
  const skus = Array.from(agents, ([id, images]) => ({
    id,
    verifiedImageReferences: images.map(({ imageReference }) => imageReference),
    osType: images[0]?.osType,
  }))
  return listReply(
    call,
    'nodeagentskus',
    pageOf(skus.filter(matches), page, ({ id }) => id),
    (sku) => sku,
  )
}

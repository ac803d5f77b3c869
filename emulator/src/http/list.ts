// The query options of lists and single resources: $filter, $select, $expand, maxresults, $skiptoken, and the links
// to the next page.

import { setImmediate as othersServed } from 'node:timers/promises'
import type { ListQuery, Page } from '../engine/api.ts'
import type { Call, Query, Reply } from './context.ts'
import { invalid } from './query.ts'
import { createPick, readSelect } from './select.ts'
import { toVersion } from './shape.ts'
import { encodePart } from './target.ts'
import { RENAMED } from './versions.ts'

const MAX_RESULTS = 1000

/** The options every list understands. `InvalidQueryParameterValue` says which one is wrong and why. */
export function readListQuery(query: Query): ListQuery {
  requireExpand(query)
  const filter = query.get('$filter')
  const skipToken = query.get('$skiptoken')
  const maxResults = readMaxResults(query)
  const select = readSelect(query)
  return {
    ...(filter && { filter }),
    ...(skipToken && { skipToken }),
    ...(maxResults && { maxResults }),
    ...(select && { select: storedMembers(select) }),
  }
}

/**
 * A page of as many items as asked for. The engine looks through a part of the rows at a time if they are many; other
 * requests are served between the parts.
 */
export async function fullPage<Item>(
  query: ListQuery,
  list: (query: ListQuery) => Page<Item>,
): Promise<Page<Item>> {
  const { maxResults = MAX_RESULTS } = query
  const items: Item[] = []
  let page = list(query)
  for (;;) {
    items.push(...page.items)
    const { next: skipToken } = page
    if (skipToken === undefined) return { items }
    if (items.length >= maxResults) return { items, next: skipToken }
    await othersServed()
    page = list({ ...query, skipToken, maxResults: maxResults - items.length })
  }
}

/** Answers a page; `body` gives an item its URLs. */
export function listReply<Item>(
  call: Call,
  fragment: string,
  page: Page<Item>,
  body: (item: Item) => object,
): Reply {
  const pick = createPick(call, fragment)
  const shape = toVersion(call.version, fragment)
  return {
    json: {
      'odata.metadata': metadataUrl(call.base, fragment),
      value: page.items.map((item) => pick(shape(body(item)))),
      ...(page.next !== undefined && { 'odata.nextLink': nextLink(call, page.next) }),
    },
  }
}

/** Answers one resource with its `odata.metadata`, reduced to what `$select` names. */
export function entityReply(call: Call, fragment: string, body: object): Reply {
  requireExpand(call.query)
  return {
    json: {
      'odata.metadata': metadataUrl(call.base, fragment),
      ...createPick(call, fragment)(toVersion(call.version, fragment)(body)),
    },
  }
}

/** The URL that begins every JSON body. */
export function metadataUrl(base: string, fragment: string): string {
  return `${base}/$metadata#${fragment}`
}

function readMaxResults(query: Query): number | undefined {
  const text = query.get('maxresults')
  if (text === undefined || text === '') return undefined
  if (!/^-?\d+$/.test(text)) throw invalid(query, 'maxresults', 'MaxResults is not a number')
  const count = Number(text)
  if (count < 1) throw invalid(query, 'maxresults', 'MaxResults cannot be less than 1')
  if (count > MAX_RESULTS)
    throw invalid(query, 'maxresults', `MaxResults cannot be greater than ${MAX_RESULTS}`)
  return count
}

/** What members are made of here: URLs of the id, the empty list of certificates of the time of the boot. */
const SOURCES: ReadonlyMap<string, string> = new Map([
  ['url', 'id'],
  ['stats', 'id'],
  ['certificateReferences', 'lastBootTime'],
  ...RENAMED.map(({ as, path }): [string, string] => [as, path]),
])

/** The members that the engine has to read, by its own names. */
function storedMembers(select: readonly string[]): string[] {
  const sources = select.map((name) => SOURCES.get(name)).filter((name) => name !== undefined)
  return [...new Set([...sources, ...select.filter((name) => name !== 'url')])]
}

// Statistics are the only thing that can be expanded; resources that have none yet are answered without.
function requireExpand(query: Query): void {
  const expand = query.get('$expand')
  if (expand && expand.trim() !== 'stats') throw invalid(query, '$expand', 'Only stats can be expanded')
}

// Clients send the link as it is, so it repeats every option of the request, api-version included. The token's colon
// is not encoded, as in the service's links.
function nextLink(call: Call, token: string): string {
  const kept = call.search.split('&').filter((pair) => !/^(?:\$|%24)skiptoken=/i.test(pair))
  return `${call.url}?${[...kept, `$skiptoken=${encodePart(token)}`].join('&')}`
}

// Lists of the Batch client: a page when the loop reaches it.

import type { ListOptions } from '@malachite/model'
import type { BatchServiceClient } from '@azure/batch'
import type { BatchClient, RequestOptions } from './batch-client.ts'

/** A page of the client: an array that knows where the next one is. */
export interface Page<Item> extends ReadonlyArray<Item> {
  odatanextLink?: string
}

/** The list options of the client. */
export interface PageOptions {
  filter?: string
  select?: string
  maxResults?: number
}

/** How to read one kind of list. */
export interface PageRequests<From, To> {
  first: (client: BatchServiceClient, options: RequestOptions, page: PageOptions) => Promise<Page<From>>
  next: (client: BatchServiceClient, link: string, options: RequestOptions) => Promise<Page<From>>
  translate: (item: From) => To
}

/** The items of a list, translated. */
export async function* readPages<From, To>(
  { call }: BatchClient,
  options: ListOptions | undefined,
  { first, next, translate }: PageRequests<From, To>,
): AsyncGenerator<To, void, undefined> {
  let page = await call(options, (client, request) => first(client, request, pageOptions(options)))
  for (;;) {
    for (const item of page) yield pick(translate(item), options?.select)
    const link = page.odatanextLink
    if (!link) return
    page = await call(options, (client, request) => next(client, link, request))
  }
}

// The SDK fills members that were not asked for with their defaults, and some lists take no `select` at all.
function pick<Item>(item: Item, select: readonly string[] | undefined): Item {
  if (!select) return item
  return Object.fromEntries(Object.entries(item as object).filter(([name]) => select.includes(name))) as Item
}

/** The page options of a list that takes no `select`. */
export function withoutSelect(page: PageOptions): Omit<PageOptions, 'select'> {
  const { filter, maxResults } = page
  return { ...(filter !== undefined && { filter }), ...(maxResults !== undefined && { maxResults }) }
}

function pageOptions({ filter, select, pageSize }: ListOptions = {}): PageOptions {
  return {
    ...(filter !== undefined && { filter }),
    ...(select && { select: select.join(',') }),
    ...(pageSize !== undefined && { maxResults: pageSize }),
  }
}

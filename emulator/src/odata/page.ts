// Pages of lists; here are those of lists that are computed and not read from tables: images, node counts, files.

import { BatchError } from '@malachite/model'

/** Which page is wanted. */
export interface PageQuery {
  /** 1–1000. @default 1000 */
  maxResults?: number
  /** Where the page before ended, as its `next` said. */
  skipToken?: string
}

/** Which part of a list to read. */
export interface ListQuery extends PageQuery {
  /** OData `$filter`. */
  filter?: string
  /** Top-level members to answer; `id` is not implied. */
  select?: readonly string[]
}

/** One page of a list; `next` is absent on the last one. */
export interface Page<Item> {
  items: Item[]
  next?: string
}

/**
 * A page of a list whose items come and go: it goes on after the item that ended the page before, found by its key. When
 * that is gone, it goes on where it would be if the keys are in order, otherwise at the place where it was. `InvalidQueryParameterValue` for a token that is none.
 */
export function pageOf<Item>(
  items: readonly Item[],
  { maxResults = 1000, skipToken }: PageQuery,
  keyOf: (item: Item) => string,
): Page<Item> {
  const from = skipToken === undefined ? 0 : startAfter(items, skipToken, keyOf)
  const page = items.slice(from, from + maxResults)
  const last = page.at(-1)
  if (last === undefined || from + maxResults >= items.length) return { items: page }
  return { items: page, next: `${from + page.length}:${Buffer.from(keyOf(last)).toString('base64url')}` }
}

const TOKEN = /^(\d{1,10}):([A-Za-z0-9_-]*)$/

function startAfter<Item>(items: readonly Item[], token: string, keyOf: (item: Item) => string): number {
  const match = TOKEN.exec(token)
  if (!match) {
    throw new BatchError('InvalidQueryParameterValue', {
      QueryParameterName: '$skiptoken',
      QueryParameterValue: token,
      Reason: 'The token is not one that this service gave out.',
    })
  }
  const place = Number(match[1])
  const key = Buffer.from(match[2] ?? '', 'base64url').toString()
  const before = items[place - 1]
  if (before !== undefined && keyOf(before) === key) return place
  const keys = items.map(keyOf)
  const found = keys.indexOf(key)
  return found < 0 ? placeWithout(keys, key, place) : found + 1
}

/** Where a list goes on whose item is gone: by the keys if they are in order; else it has left its place to the next. */
function placeWithout(keys: readonly string[], key: string, place: number): number {
  const isOrdered = keys.every((other, i) => i === 0 || (keys[i - 1] ?? '') < other)
  if (!isOrdered) return Math.max(0, place - 1)
  const next = keys.findIndex((other) => other > key)
  return next < 0 ? keys.length : next
}

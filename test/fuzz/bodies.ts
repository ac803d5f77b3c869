// JSON that is nearly right: a valid body in which members are lost, added, or of another kind.

import type { Random } from './random.ts'

/** What JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

const ODD: readonly [Json, ...Json[]] = [
  null,
  '',
  ' ',
  0,
  -1,
  0.5,
  1e300,
  -0,
  2_147_483_648,
  true,
  [],
  {},
  [null],
  [[[[]]]],
  { '': '' },
  'PT5M',
  '-P1D',
  '../../x',
  '\0',
  '\ud800',
  'http://h/c?sig=s',
  'x'.repeat(2000),
  Array.from({ length: 120 }, () => ({})),
  JSON.parse('{"__proto__":{"id":1},"constructor":1,"toString":2}') as Json,
]

const NAMES = ['__proto__', 'constructor', 'toString', 'ID', 'value', 'odata.metadata', '', 'x'] as const

/** A copy of a body with about `changes` changes in it. */
export function changeBody(random: Random, body: Json, donors: readonly [Json, ...Json[]]): Json {
  const odds = 2 + random.int(30)
  const copy = (value: Json): Json => {
    if (random.oneIn(odds)) return random.oneIn(3) ? pieceOf(random, random.pick(donors)) : random.pick(ODD)
    if (value === null || typeof value !== 'object') return value
    if (Array.isArray(value)) return copyList(value as readonly Json[])
    return copyObject(value as Readonly<Record<string, Json>>)
  }
  const copyList = (list: readonly Json[]): Json => {
    const items = list.map(copy)
    return random.oneIn(odds) ? items.flatMap((item) => [item, item]) : items
  }
  const copyObject = (object: Readonly<Record<string, Json>>): Json => {
    const entries: [string, Json][] = []
    for (const name in object) if (!random.oneIn(odds)) entries.push([name, copy(object[name] ?? null)])
    if (random.oneIn(odds)) entries.push([random.pick(NAMES), random.pick(ODD)])
    return Object.fromEntries(entries)
  }
  return copy(body)
}

/** Any part of a body. */
function pieceOf(random: Random, body: Json): Json {
  if (body === null || typeof body !== 'object' || random.oneIn(3)) return body
  const parts = Object.values<Json>(body)
  const part = parts[random.int(parts.length)]
  return part === undefined ? body : pieceOf(random, part)
}

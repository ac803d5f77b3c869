import { expect, test } from 'vitest'
import { grant, type Kinds } from './grants.ts'

const BOTH = ['dedicated', 'lowPriority'] as const
const error = (code: string) => ({ code, message: '' })

test.each<[name: string, rooms: [readonly (keyof Kinds)[], number][], granted: [number, number], number[]]>([
  ['nothing limits it', [], [3, 2], []],
  ['there is room enough', [[BOTH, 5]], [3, 2], []],
  ['dedicated ones come first', [[BOTH, 4]], [3, 1], [0]],
  ['a kind of its own', [[['lowPriority'], 1]], [3, 1], [0]],
  ['there is less than no room', [[['dedicated'], -2]], [0, 2], [0]],
  ['the tighter bound is told as well', [[BOTH, 4], [['dedicated'], 2]], [2, 1], [0, 1]], // prettier-ignore
  ['what another bound has cut already is not missed', [[['dedicated'], 1], [BOTH, 3]], [1, 2], [0]], // prettier-ignore
])('of three dedicated and two spot machines come as many as may: %s', (_, rooms, granted, short) => {
  const bounds = rooms.map(([kinds, room], index) => ({ kinds, room, error: error(String(index)) }))
  const result = grant({ dedicated: 3, lowPriority: 2 }, bounds)
  expect([result.granted.dedicated, result.granted.lowPriority]).toEqual(granted)
  expect(result.errors.map(({ code }) => Number(code))).toEqual(short)
})

test('a kind of which there are too many makes no room for the other', () => {
  const bounds = [{ kinds: BOTH, room: 1, error: error('0') }]
  const result = grant({ dedicated: -2, lowPriority: 2 }, bounds)
  expect(result).toEqual({ granted: { dedicated: 0, lowPriority: 1 }, errors: [error('0')] })
})

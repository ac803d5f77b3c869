import { expect, test } from 'vitest'
import { route } from './route.ts'
import { ROUTES } from './routes.ts'
import { isIn } from './versions.ts'

test('has each of the 78 operations of 2022-10-01.16.0 once', () => {
  const served = ROUTES.filter(({ versions }) => isIn('2022-10-01.16.0', versions))
  expect(served).toHaveLength(78)
  expect(new Set(ROUTES.map(({ operation }) => operation)).size).toBe(ROUTES.length)
  expect(new Set(ROUTES.map(({ verb, path }) => `${verb} ${path}`.toLowerCase())).size).toBe(ROUTES.length)
})

test('answers operations that are not supported with 501 and a hint', () => {
  const missing = route('GET', '/things', 'thing.list', 200, '')
  expect(missing.supported).toBe(false)
  expect(() => missing.handler({} as never, {} as never)).toThrow(
    expect.objectContaining({
      code: 'NotImplemented',
      status: 501,
      details: expect.objectContaining({ Operation: 'thing.list' }),
    }),
  )
})

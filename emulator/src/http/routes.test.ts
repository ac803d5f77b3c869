import { expect, test } from 'vitest'
import { ROUTES } from './routes.ts'

test('has each of the 78 operations once', () => {
  expect(ROUTES).toHaveLength(78)
  expect(new Set(ROUTES.map(({ operation }) => operation)).size).toBe(78)
  expect(new Set(ROUTES.map(({ verb, path }) => `${verb} ${path}`.toLowerCase())).size).toBe(78)
})

test('answers operations that are not supported with 501 and a hint', () => {
  const missing = ROUTES.find(({ operation }) => operation === 'jobSchedule.add')
  expect(missing?.supported).toBe(false)
  expect(() => missing?.handler({} as never, {} as never)).toThrow(
    expect.objectContaining({
      code: 'NotImplemented',
      status: 501,
      details: expect.objectContaining({ Operation: 'jobSchedule.add' }),
    }),
  )
})

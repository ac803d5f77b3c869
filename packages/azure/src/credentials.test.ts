import { expect, test } from 'vitest'
import { createTokenSource } from './credentials.ts'

const HOUR = 3600_000

test('asks once for callers at the same time, and again shortly before the end', async () => {
  let time = 0
  let requests = 0
  const credential = {
    async getToken() {
      requests++
      return { token: `token${requests}`, expiresOnTimestamp: time + HOUR }
    },
  }
  const token = createTokenSource(credential, 'scope', () => time)
  expect(await Promise.all([token(), token(), token()])).toEqual(['token1', 'token1', 'token1'])
  time = HOUR - 6 * 60_000
  expect(await token()).toBe('token1')
  time = HOUR - 4 * 60_000
  expect(await Promise.all([token(), token()])).toEqual(['token2', 'token2'])
})

test('asks again after a failure', async () => {
  let requests = 0
  const credential = {
    async getToken() {
      if (requests++ === 0) throw new Error('no identity')
      return { token: 'token', expiresOnTimestamp: Date.now() + HOUR }
    },
  }
  const token = createTokenSource(credential, 'scope')
  await expect(token()).rejects.toMatchObject({ code: 'AuthenticationFailed', status: 401 })
  expect(await token()).toBe('token')
})

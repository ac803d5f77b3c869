import { BatchError } from '@malachite/model'
import { expect, test } from 'vitest'
import { createJobTokens, requireOfJob } from './job-token.ts'

test('a token tells its job to those who issued it, and nobody else', () => {
  const tokens = createJobTokens()
  const token = tokens.issue('schedule:job-1')
  expect(tokens.jobOf(token)).toBe('schedule:job-1')
  expect(createJobTokens().jobOf(token)).toBeUndefined()
})

test('what was tampered with is no token', () => {
  const tokens = createJobTokens()
  const [header, , signature] = tokens.issue('mine').split('.')
  const payload = Buffer.from(JSON.stringify({ job: 'yours' })).toString('base64url')
  for (const token of [
    `${header}.${payload}.${signature}`,
    `${header}.${payload}`,
    `${header}.${payload}.`,
    '',
    '..',
  ])
    expect(tokens.jobOf(token)).toBeUndefined()
})

test.each(['/jobs/Mine', '/jobs/mine/tasks', '/jobs/m%69ne/tasks/t/files/a%2Fb'])(
  '%s is of the job',
  (path) => {
    expect(() => requireOfJob(path, 'mine')).not.toThrow()
  },
)

test.each([
  '/jobs',
  '/jobs/',
  '/jobs/mine2',
  '/pools/mine',
  '/jobs/other/tasks',
  '/',
  '/pools/p/../../jobs/mine',
])('%s is not', (path) => {
  expect(() => requireOfJob(path, 'mine')).toThrow(
    expect.objectContaining({ code: 'Forbidden', status: 403 }),
  )
  expect(() => requireOfJob(path, 'mine')).toThrow(BatchError)
})

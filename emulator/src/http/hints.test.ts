import { BatchError } from '@malachite/model'
import { expect, test } from 'vitest'
import { clockHint, unknownAccountHint, withHint } from './hints.ts'

interface Case {
  code: string
  details?: Record<string, string>
  method?: string
  url?: string
  headers?: Record<string, string>
}

function hintOf({
  code,
  details = {},
  method = 'GET',
  url = '/pools',
  headers = {},
}: Case): string | undefined {
  return withHint(new BatchError(code, details), { method, url, headers }).details['Hint']
}

const API_VERSION = { QueryParameterName: 'api-version' }
const SIGNED = { authorization: 'SharedKey mine:c2lnbmVk' }

test.each<[string, Case, RegExp]>([
  ['no version', { code: 'MissingRequiredQueryParameter', details: API_VERSION }, /api-version=/],
  [
    'a client for blobs',
    {
      code: 'MissingRequiredQueryParameter',
      details: API_VERSION,
      headers: { 'x-ms-version': '2024-11-04' },
    },
    /Azurite/,
  ],
  [
    'no signature',
    { code: 'MissingRequiredHeader', details: { HeaderName: 'Authorization' } },
    /malachite env/,
  ],
  [
    'a SAS',
    { code: 'MissingRequiredHeader', details: { HeaderName: 'Authorization' }, url: '/pools?sv=1&sig=x' },
    /SAS/,
  ],
  ['another scheme', { code: 'InvalidAuthenticationInfo' }, /SharedKey ACCOUNT:SIGNATURE/],
  [
    'another host',
    { code: 'InvalidHostInfo', details: { HeaderName: 'Host', HeaderValue: 'batch:10003' } },
    /--allowedHosts batch$/,
  ],
  [
    'the account in the path',
    { code: 'ResourceNotFound', url: '/mine/pools?a=b', headers: SIGNED },
    /leave \/mine out/,
  ],
  [
    'the account as the path',
    { code: 'ResourceNotFound', url: 'http://h:1/mine?a=b', headers: SIGNED },
    /leave \/mine out/,
  ],
  ['a large collection', { code: 'RequestBodyTooLarge' }, /halve/],
  [
    'a name in snake case',
    { code: 'UnsupportedProperty', details: { PropertyName: 'vm_size' } },
    /: vmSize$/,
  ],
  [
    'a name in Pascal case',
    { code: 'UnsupportedProperty', details: { PropertyName: 'VmSize' } },
    /: vmSize$/,
  ],
  ['dependencies', { code: 'TaskDependenciesNotSpecifiedOnJob' }, /usesTaskDependencies/],
  ['an old job again', { code: 'JobCompleted', method: 'POST', url: '/jobs?x=y' }, /delete it/],
  ['a task too late', { code: 'JobCompleted', method: 'POST', url: '/jobs/j/tasks' }, /onAllTasksComplete/],
  [
    'tasks too late',
    { code: 'JobCompleted', method: 'POST', url: '/jobs/j/addtaskcollection' },
    /onAllTasksComplete/,
  ],
  ['a job that goes', { code: 'JobBeingDeleted', method: 'POST', url: '/jobs' }, /404/],
  ['a pool that goes', { code: 'PoolBeingDeleted', method: 'POST', url: '/pools/' }, /404/],
  ['a pool that is resized', { code: 'PoolBeingResized' }, /steady/],
  [
    'files too early',
    { code: 'OperationInvalidForCurrentState', url: '/jobs/j/tasks/t/files/stdout.txt' },
    /running/,
  ],
  ['files too late', { code: 'TaskFilesUnavailable' }, /outputFiles/],
  [
    'a file of the task',
    { code: 'FileNotFound', url: '/jobs/j/tasks/t/files/out.txt?x=y' },
    /files\/wd%2Fout\.txt$/,
  ],
])('%s has a hint', (_, request, hint) => {
  expect(hintOf(request)).toMatch(hint)
})

test.each<[string, Case]>([
  ['an unknown path', { code: 'ResourceNotFound', url: '/nothing', headers: SIGNED }],
  ['an unknown path, unsigned', { code: 'ResourceNotFound', url: '/mine' }],
  ['an unknown name', { code: 'UnsupportedProperty', details: { PropertyName: 'vmColour' } }],
  ['a completed job', { code: 'JobCompleted', method: 'POST', url: '/jobs/j/terminate' }],
  ['a second delete', { code: 'PoolBeingDeleted', method: 'DELETE', url: '/pools/p' }],
  ['a pool that exists', { code: 'PoolExists' }],
  ['a missing file', { code: 'FileNotFound', url: '/jobs/j/tasks/t/files/wd%2Fout.txt' }],
  ['a missing file of a node', { code: 'FileNotFound', url: '/pools/p/nodes/n/files/out.txt' }],
  ['an error of the server', { code: 'InternalError' }],
  ['an error with an odd name', { code: 'constructor' }],
])('%s has none', (_, request) => {
  expect(hintOf(request)).toBeUndefined()
})

test('everything else of the error stays, also its cause', () => {
  const cause = new Error('inner')
  const error = new BatchError('RequestBodyTooLarge', { MaxLimit: '1' }, { cause })
  const hinted = withHint(error, { method: 'POST', url: '/', headers: {} })
  expect(hinted).toMatchObject({ code: error.code, status: 413, message: error.message, cause })
  expect(hinted.details).toEqual({ MaxLimit: '1', Hint: expect.any(String) })
})

test('a hint that an error brings stays', () => {
  expect(hintOf({ code: 'RequestBodyTooLarge', details: { Hint: 'mine' } })).toBe('mine')
})

test('a hint about clocks says which way', () => {
  expect(clockHint(20 * 60_000)).toContain('20 minutes ahead of')
  expect(clockHint(-60 * 60_000)).toContain('60 minutes behind')
})

test('the account for blobs is known', () => {
  expect(unknownAccountHint('devstoreaccount1')).toMatch(/for blobs.*devbatchaccount1/)
})

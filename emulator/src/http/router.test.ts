import { expect, test } from 'vitest'
import { createRouter } from './router.ts'
import { ROUTES } from './routes.ts'
import type { ApiVersion } from './versions.ts'

const findRoute = createRouter(ROUTES)

function find(verb: string, path: string, version: ApiVersion = '2022-10-01.16.0') {
  const { route, params } = findRoute(verb, path, version)
  return [route.operation, params]
}

test('takes the parameters out of the path', () => {
  expect(find('GET', '/jobs/j-1/tasks/t_2')).toEqual(['task.get', { jobId: 'j-1', taskId: 't_2' }])
})

test('decodes each segment after the path is split', () => {
  expect(find('GET', '/jobs/daily%3Ajob-1')).toEqual(['job.get', { jobId: 'daily:job-1' }])
  expect(find('GET', '/jobs/a%2Ftasks')).toEqual(['job.get', { jobId: 'a/tasks' }])
})

test('compares the fixed parts regardless of case and keeps the case of ids', () => {
  expect(find('POST', '/Jobs/MyJob/AddTaskCollection')).toEqual(['task.addCollection', { jobId: 'MyJob' }])
})

test('ignores one slash at the end', () => {
  expect(find('GET', '/pools/')).toEqual(['pool.list', {}])
  expect(find('GET', '/jobs/j/tasks/t/files/')).toEqual(['file.listFromTask', { jobId: 'j', taskId: 't' }])
})

test.each(['wd%2Fa%20b.txt', 'wd/a%20b.txt'])('reads the file path %s with any kind of slash', (path) => {
  const params = { jobId: 'j', taskId: 't', filePath: 'wd/a b.txt' }
  expect(find('HEAD', `/jobs/j/tasks/t/files/${path}`)).toEqual(['file.getPropertiesFromTask', params])
})

test('keeps the leading slash that some clients put before a file path', () => {
  const params = { poolId: 'p', nodeId: 'n', filePath: '/startup/stderr.txt' }
  expect(find('GET', '/pools/p/nodes/n/files/%2Fstartup%2Fstderr.txt')).toEqual([
    'file.getFromComputeNode',
    params,
  ])
})

test('reads the parentheses of certificates', () => {
  const params = { thumbprintAlgorithm: 'sha1', thumbprint: 'ab12' }
  expect(find('GET', '/certificates(thumbprintAlgorithm=sha1,thumbprint=ab12)')).toEqual([
    'certificate.get',
    params,
  ])
  expect(find('POST', '/Certificates(ThumbprintAlgorithm=sha1,Thumbprint=ab12)/canceldelete')).toEqual([
    'certificate.cancelDeletion',
    params,
  ])
})

test.each(['/', '/unknown', '/jobs/j/unknown', '/jobs//tasks', '//jobs', '/certificates()'])(
  'knows no resource at %s',
  (path) => {
    expect(() => find('GET', path)).toThrow(expect.objectContaining({ code: 'ResourceNotFound' }))
  },
)

test('tells a wrong verb from a wrong path', () => {
  expect(() => find('HEAD', '/jobs/j')).toThrow(expect.objectContaining({ code: 'UnsupportedHttpVerb' }))
})

test('refuses broken percent encoding', () => {
  expect(() => find('GET', '/jobs/%zz')).toThrow(expect.objectContaining({ code: 'RequestUrlFailedToParse' }))
})

test('every template leads to its own row', () => {
  for (const route of ROUTES) {
    const path = route.path.replaceAll(/\{\w+\}/g, 'x')
    expect(findRoute(route.verb, path, route.versions.since ?? '2018-12-01.8.0').route).toBe(route)
  }
})

test.each<[string, string, ApiVersion, ApiVersion]>([
  ['GET', '/lifetimejobstats', '2022-10-01.16.0', '2023-05-01.17.0'],
  ['GET', '/lifetimepoolstats', '2022-10-01.16.0', '2023-05-01.17.0'],
  ['GET', '/certificates', '2024-07-01.20.0', '2025-06-01'],
  ['GET', '/pools/p/nodes/n/rdp', '2024-02-01.19.0', '2024-07-01.20.0'],
])('%s %s is there until %s and gone in %s', (verb, path, last, gone) => {
  expect(() => find(verb, path, last)).not.toThrow()
  expect(() => find(verb, path, gone)).toThrow(expect.objectContaining({ code: 'ResourceNotFound' }))
})

import { expect, test } from 'vitest'
import { resolveSettings, type WorkflowSettings } from './settings.ts'
import { topWordsWorkload } from './top-words-workload.ts'

const BASE: WorkflowSettings = {
  workload: topWordsWorkload({ scriptPath: '/app/top-words.mjs' }),
  inputFiles: ['/data/a.txt'],
  outputDirectory: '/out',
}

test('a SAS outlasts the time limit, and two hours', () => {
  expect(resolveSettings(BASE).sasLifetimeMs).toBe(2 * 3_600_000)
  expect(resolveSettings({ ...BASE, timeoutMs: 5 * 3_600_000 }).sasLifetimeMs).toBe(6 * 3_600_000)
})

test('there are as many nodes as inputs, but not more than two', () => {
  expect(resolveSettings(BASE).nodeCount).toBe(1)
  expect(resolveSettings({ ...BASE, inputFiles: ['/a', '/b', '/c'] }).nodeCount).toBe(2)
  expect(resolveSettings({ ...BASE, inputFiles: ['/a', '/b', '/c'], nodeCount: 3 }).nodeCount).toBe(3)
})

test('container names can be replaced one by one', () => {
  expect(resolveSettings({ ...BASE, containers: { input: 'texts' } }).containers).toEqual({
    application: 'application',
    input: 'texts',
    output: 'output',
  })
})

test('every run has its own id', () => {
  expect(resolveSettings(BASE).runId).not.toBe(resolveSettings(BASE).runId)
})

test.each<[Partial<WorkflowSettings>, RegExp]>([
  [{ inputFiles: [] }, /no input file/],
  [{ inputFiles: ['a.txt'] }, /"a.txt" is not an absolute path/],
  [{ outputDirectory: 'out' }, /"out" is not an absolute path/],
  [{ poolId: 'my pool' }, /pool id must be .* not "my pool"/],
  [{ jobId: '' }, /job id must be/],
  [{ nodeCount: 0 }, /number of nodes .* at least 1, not 0/],
  [{ taskSlotsPerNode: 257 }, /from 1 to 256, not 257/],
  [{ concurrency: 1.5 }, /concurrent transfers .* not 1.5/],
  [{ timeoutMs: Number.NaN }, /time limit must be a positive number/],
  [{ pollIntervalMs: 0 }, /poll interval must be a positive number/],
  [{ containers: { input: 'In put' } }, /"In put" is no container name/],
  [{ containers: { input: 'output' } }, /must differ: application, output, output/],
])('refuses %o', (wrong, message) => {
  expect(() => resolveSettings({ ...BASE, ...wrong })).toThrow(message)
  expect(() => resolveSettings({ ...BASE, ...wrong })).toThrow(
    expect.objectContaining({ code: 'ConfigurationError', status: 0 }),
  )
})

test('all problems come at once', () => {
  expect(() => resolveSettings({ ...BASE, nodeCount: -1, jobId: '?' })).toThrow(/job id[^]*number of nodes/)
})

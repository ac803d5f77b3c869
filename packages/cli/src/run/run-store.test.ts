import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createRunStore, type RunRecord } from './run-store.ts'

const DAY = 86_400_000
const NOW = Date.parse('2026-03-01T00:00:00Z')

function recordOf(runId: string, daysAgo: number, rest: Partial<RunRecord> = {}): RunRecord {
  return {
    version: 1,
    runId,
    startedAt: new Date(NOW - daysAgo * DAY).toISOString(),
    profile: 'emulator',
    directory: '/here',
    files: ['/here/a.txt'],
    numWords: 3,
    settings: { outputDirectory: '/here/output' },
    services: [],
    state: { inputs: [], before: {} },
    ...rest,
  }
}

async function open() {
  const root = await mkdtemp(join(tmpdir(), 'malachite-runs-'))
  onTestFinished(() => rm(root, { recursive: true }))
  const store = createRunStore(root, () => NOW)
  const add = async (record: RunRecord): Promise<void> => (await store.create(record)).release()
  return { root, store, add }
}

test('the last unfinished run of a directory is found, and no other directory', async () => {
  const { store, add } = await open()
  for (const [id, days] of [
    ['older', 3],
    ['last', 1],
    ['oldest', 5],
  ] as const)
    await add(recordOf(id, days))
  await add(recordOf('elsewhere', 0, { directory: '/there' }))
  expect((await store.unfinished('/here'))?.runId).toBe('last')
  const stored = await store.open(undefined, '/here')
  expect(stored.record.runId).toBe('last')
  await stored.finish('succeeded', [])
  stored.release()
  expect((await store.unfinished('/here'))?.runId).toBe('older')
})

test('a run that is going on is not taken for one that was killed', async () => {
  const { store, add } = await open()
  await add(recordOf('killed', 2))
  const stored = await store.create(recordOf('going-on', 1))
  expect((await store.unfinished('/here'))?.runId).toBe('killed')
  const killed = await store.open(undefined, '/here')
  expect(killed.record.runId).toBe('killed')
  await killed.finish('succeeded', [])
  killed.release()
  expect(await store.unfinished('/here')).toBeUndefined()
  await expect(store.open(undefined, '/here')).rejects.toThrow('Run going-on is going on in another process')
  stored.release()
})

test('a run is held by one process at a time, and its files are for its user only', async () => {
  const { root, store } = await open()
  const stored = await store.create(recordOf('one', 0))
  await expect(store.open('one', '/here')).rejects.toThrow('Run one is going on in another process')
  expect((await stat(join(root, 'one'))).mode & 0o777).toBe(0o700)
  expect((await stat(join(root, 'one', 'run.json'))).mode & 0o777).toBe(0o600)
  stored.release()
  ;(await store.open('one', '/here')).release()
})

test('of a run that has ended only that is kept', async () => {
  const { root, store } = await open()
  const stored = await store.create(recordOf('one', 0))
  await mkdir(stored.blobs)
  await stored.finish('failed', [])
  stored.release()
  expect(await readdir(join(root, 'one'))).toEqual(['run.json'])
  expect(await readFile(join(root, 'one', 'run.json'), 'utf8')).not.toContain('a.txt')
  await expect(store.open('one', '/here')).rejects.toThrow('Run one has ended and was cleaned up: failed')
})

test('a run that left inputs without a result is found again, by its id or as the last of its directory', async () => {
  const { store, add } = await open()
  await add(recordOf('open', 0))
  await add(recordOf('elsewhere', 0, { directory: '/there', outcome: 'failed' }))
  await expect(store.failed(undefined, '/here')).rejects.toThrow('no run of /here that has ended')
  const stored = await store.create(recordOf('halted', 1))
  await stored.finish('halted', ['/here/b.txt'])
  stored.release()
  await add(recordOf('older', 2, { outcome: 'failed' }))
  expect(await store.failed(undefined, '/here')).toMatchObject({ runId: 'halted', files: ['/here/b.txt'] })
  expect((await store.failed('elsewhere', '/here')).runId).toBe('elsewhere')
  await expect(store.open('halted', '/here')).rejects.toThrow(/was cleaned up: halted.*--retry-failed halted/)
})

test('a run is not run again that is unknown, has not ended, or has all of its results', async () => {
  const { store, add } = await open()
  await add(recordOf('open', 0))
  await add(recordOf('good', 0, { outcome: 'succeeded', files: [] }))
  await expect(store.failed('nobody', '/here')).rejects.toThrow('There is no run nobody')
  await expect(store.failed('open', '/here')).rejects.toThrow(/has not ended: .*--resume open/)
  await expect(store.failed('good', '/here')).rejects.toThrow(/succeeded\. All of its results are there/)
})

test('ended runs are forgotten after a week, local ones after a month, those with resources elsewhere never', async () => {
  const { root, add } = await open()
  await add(recordOf('ended-now', 6, { outcome: 'succeeded' }))
  await add(recordOf('ended-then', 8, { outcome: 'succeeded' }))
  await add(recordOf('local-now', 29, { profile: 'local' }))
  await add(recordOf('local-then', 31, { profile: 'local' }))
  await add(recordOf('in-azure', 400, { profile: 'azure' }))
  await add(recordOf('new', 0))
  expect((await readdir(root)).sort()).toEqual(['ended-now', 'in-azure', 'local-now', 'new'])
})

test.each([
  ['half of it', '{"version":1,"runId":"one"'],
  ['another version', '{"version":2,"runId":"one"}'],
  ['a record that lacks something', '{"version":1,"runId":"one","files":[]}'],
  ["another run's record", JSON.stringify(recordOf('two', 0))],
])('%s is refused, and does not disturb the others', async (_, text) => {
  const { root, store, add } = await open()
  await mkdir(join(root, 'one'))
  await writeFile(join(root, 'one', 'run.json'), text)
  await add(recordOf('good', 0))
  await expect(store.open('one', '/here')).rejects.toThrow(/run\.json of the run cannot be used/)
  expect((await store.unfinished('/here'))?.runId).toBe('good')
})

// A database of every release opens in this one: there is a sample of each schema that was ever released.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from '@malachite/emulator'
import { expect, onTestFinished, test } from 'vitest'
import { dumpDatabase, loadDatabase, readSchema } from './samples/dump.ts'
import { openWorld } from './samples/world.ts'

const SAMPLES = join(import.meta.dirname, 'samples')
const versions = readdirSync(SAMPLES)
  .map((name) => Number(/^schema-(\d+)\.sql$/.exec(name)?.[1]))
  .filter(Number.isInteger)
  .sort((a, b) => a - b)
/** Those before it are of builds before the first release. */
const FIRST = 2

function newPath(): string {
  const directory = mkdtempSync(join(tmpdir(), 'malachite-samples-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  return join(directory, 'batch.db')
}

function load(version: number): string {
  const path = newPath()
  loadDatabase(path, readFileSync(join(SAMPLES, `schema-${version}.sql`), 'utf8'))
  return path
}

test('every schema has a sample, and the newest is what a new database gets (renew it: npm run sample)', () => {
  const path = newPath()
  openStore(path).close()
  const newest = Number(/user_version = (\d+)/.exec(dumpDatabase(path))?.[1])
  expect(versions).toEqual(Array.from({ length: newest - FIRST + 1 }, (_, i) => FIRST + i))
  expect(readSchema(load(newest)), 'run: npm run sample').toEqual(readSchema(path))
})

test.each(versions)('a database of schema %i is upgraded to the present tables', (version) => {
  const [path, fresh] = [load(version), newPath()]
  openStore(path).close()
  openStore(fresh).close()
  const columns = (file: string): string[] => readSchema(file).map(normalize).sort()
  expect(columns(path)).toEqual(columns(fresh))
})

/** Columns that a migration adds stand at the end, in another layout. */
function normalize(sql: string): string {
  return sql
    .replaceAll(/\s+/g, ' ')
    .split(/[,()]/)
    .map((part) => part.trim())
    .sort()
    .join(' ')
}

test.each(versions)('what a database of schema %i holds is all there and goes on', (version) => {
  const { engine, clock } = openWorld(load(version), { duration: 1000, start: Date.UTC(2026, 0, 1, 1) })
  onTestFinished(() => engine.close())
  const ids = (list: { items: readonly { id?: unknown }[] }): unknown[] => list.items.map(({ id }) => id)
  expect(ids(engine.pools.list())).toEqual(['fixed', 'scaled', 'spot'])
  expect(ids(engine.jobs.list())).toEqual(['busy', 'chained', 'done', 'paused', 'nightly:job-1'])
  expect(engine.jobs.get('done')).toMatchObject({ state: 'completed' })
  expect(engine.jobs.get('paused')).toMatchObject({ state: 'disabled' })
  expect(engine.tasks.get('done', 'b')).toMatchObject({
    state: 'completed',
    executionInfo: { exitCode: 1, result: 'failure' },
  })
  expect(engine.tasks.get('busy', 'j').state).toBe('active')

  clock.advance(60_000)
  const counts = (job: string) => engine.jobs.taskCounts(job).taskCounts
  expect(engine.jobs.get('busy')).toMatchObject({ state: 'active', priority: 10 })
  expect(counts('busy')).toMatchObject({ succeeded: 9, failed: 1, active: 0, running: 0 })
  expect(counts('chained')).toMatchObject({ succeeded: 3, active: 0, running: 0 })
  expect(counts('paused')).toMatchObject({ active: 1 })
  expect(engine.nodes.list('fixed').items.map(({ state }) => state)).toEqual(['idle', 'idle', 'idle'])

  engine.jobs.enable('paused')
  engine.tasks.add('paused', { id: 'new', commandLine: 'work' })
  engine.pools.resize('spot', { targetLowPriorityNodes: 0 })
  engine.jobs.delete('chained')
  clock.advance(60_000)
  expect(counts('paused')).toMatchObject({ succeeded: 3 })
  expect(engine.nodes.list('spot').items).toEqual([])
  engine.pools.delete('fixed')
  engine.jobs.delete('busy')
  clock.advance(60_000)
  expect(ids(engine.pools.list())).toEqual(['scaled', 'spot'])
  clock.advance(24 * 3_600_000)
  expect(engine.jobSchedules.get('nightly')).toMatchObject({ state: 'active' })
})

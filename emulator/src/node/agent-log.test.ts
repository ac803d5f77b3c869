import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { systemClock } from '@malachite/model'
import { expect, onTestFinished, test } from 'vitest'
import { createAgentLogs, selectFiles } from './agent-log.ts'

function openLogs() {
  const root = mkdtempSync(join(tmpdir(), 'agent-log-'))
  const errors: Error[] = []
  let now = Date.UTC(2026, 0, 1)
  const clock = { ...systemClock, now: () => now }
  const logs = createAgentLogs({ root, clock, onError: (error) => errors.push(error) })
  onTestFinished(async () => {
    await logs.close()
    rmSync(root, { recursive: true })
  })
  return { root, errors, logs, hours: (n: number) => (now += n * 3_600_000) }
}

test('lines have their time and come in order', async () => {
  const { logs } = openLogs()
  logs.write('n', 'booted')
  logs.write('n', 'task j/t: started')
  const [file = ''] = await logs.select('n', 0, Infinity)
  expect(basename(file)).toBe('agent.2026-01-01T00-00-00.000Z.log')
  expect(readFileSync(file, 'utf8')).toBe(
    '2026-01-01T00:00:00.000Z booted\n2026-01-01T00:00:00.000Z task j/t: started\n',
  )
})

test('a node that never wrote a line has no files', async () => {
  const { logs } = openLogs()
  expect(await logs.select('n', 0, Infinity)).toEqual([])
})

test('lines are written without anybody asking for them', async () => {
  const { root, logs } = openLogs()
  logs.write('n', 'booted')
  await expect.poll(() => readdirSync(join(root, '.agent/n'))).toHaveLength(1)
})

test('a file that is long enough is followed by the next, and only the latest four are kept', async () => {
  const { logs, hours } = openLogs()
  const names: string[] = []
  for (let i = 0; i < 6; i++) {
    logs.write('n', 'x'.repeat(1_000_000))
    const files = await logs.select('n', 0, Infinity)
    names.push(basename(files.at(-1) ?? ''))
    expect(files.length).toBe(Math.min(i + 1, 4))
    hours(1)
  }
  expect(new Set(names).size).toBe(6)
})

test('files are chosen by the time of their lines', () => {
  const [one, two, three] = [1, 2, 3].map((hour) => `agent.2026-01-01T0${hour}-00-00.000Z.log`)
  const at = (hour: number): number => Date.UTC(2026, 0, 1, hour)
  const choose = (from: number, to: number) => selectFiles([one ?? '', two ?? '', three ?? ''], from, to)
  expect(choose(at(0), Infinity)).toEqual([one, two, three])
  expect(choose(at(2), Infinity)).toEqual([two, three])
  expect(choose(at(5), Infinity)).toEqual([three])
  expect(choose(at(1.5), at(1.7))).toEqual([one])
  expect(choose(at(0), at(0.5))).toEqual([])
})

test('the log of a removed node is gone; another node has its own', async () => {
  const { root, logs } = openLogs()
  logs.write('n', 'booted')
  logs.write('m', 'booted')
  await logs.select('n', 0, Infinity)
  await logs.remove('n')
  expect(await logs.select('n', 0, Infinity)).toEqual([])
  expect(await logs.select('m', 0, Infinity)).toHaveLength(1)
  expect(readdirSync(join(root, '.agent'))).toEqual(['m'])
})

test('a log that cannot be written is told and harms nobody', async () => {
  const { root, errors, logs } = openLogs()
  rmSync(root, { recursive: true })
  writeFileSync(root, 'a file in the way')
  logs.write('n', 'booted')
  await logs.close()
  expect(errors.map((error) => (error as NodeJS.ErrnoException).code)).toEqual(['ENOTDIR'])
  rmSync(root)
  mkdirSync(root)
})

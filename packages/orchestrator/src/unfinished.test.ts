import { expect, test } from 'vitest'
import { resolveSettings, type ResolvedSettings } from './settings.ts'
import { unfinishedInputs } from './unfinished.ts'

const NAMED = { resultName: (input: string) => `${input}.out` }

function settingsFor(names: readonly string[], more: object = NAMED): ResolvedSettings {
  const workload = {
    name: 'w',
    applicationFiles: [],
    startCommands: () => ['true'],
    toTask: (_input: unknown, index: number) => ({ id: `T${index}`, commandLine: 'true' }),
    ...more,
  }
  return resolveSettings({
    workload,
    inputFiles: names.map((name) => `/in/${name}`),
    outputDirectory: '/out',
  })
}

const settings = settingsFor(['a', 'b', 'c'])
const failed = (taskId: string) => ({ taskId, reason: '' })

test('inputs whose tasks failed are not finished', () => {
  const ended = { failedTasks: [failed('t1')], downloaded: ['a.out', 'b.out', 'c.out'] }
  expect(unfinishedInputs(settings, { ...ended, ending: 'completed' }, {})).toEqual(['/in/b'])
})

test('an input whose result could not be downloaded is not finished', () => {
  const ended = { ending: 'completed', failedTasks: [], downloaded: ['a.out', 'c.out'] } as const
  expect(unfinishedInputs(settings, ended, {})).toEqual(['/in/b'])
})

test('of a run that was halted, those are finished whose results came', () => {
  const ended = { ending: 'halted', failedTasks: [], downloaded: ['c.out'] } as const
  expect(unfinishedInputs(settings, ended, {})).toEqual(['/in/a', '/in/b'])
})

test('a blob that was there before proves nothing, unless all tasks are known to have completed', () => {
  const before = { output: { 'a.out': 1 } }
  const downloaded = ['a.out', 'b.out', 'c.out']
  expect(unfinishedInputs(settings, { ending: 'halted', failedTasks: [], downloaded }, before)).toEqual([
    '/in/a',
  ])
  expect(unfinishedInputs(settings, { ending: 'completed', failedTasks: [], downloaded }, before)).toEqual([])
})

test('without names of results, only the end of all tasks tells', () => {
  const unnamed = settingsFor(['a', 'b'], {})
  const ended = { failedTasks: [failed('T0')], downloaded: [] }
  expect(unfinishedInputs(unnamed, { ...ended, ending: 'completed' }, {})).toEqual(['/in/a'])
  expect(unfinishedInputs(unnamed, { ...ended, ending: 'timedOut' }, {})).toEqual(['/in/a', '/in/b'])
})

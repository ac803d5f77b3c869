// Every operation that @azure/batch declares, called by the unmodified client, in stories such as programs tell them.

import { startEmulator } from '@malachite/emulator'
import { expect, onTestFinished, test } from 'vitest'
import { ROUTES } from '../../emulator/src/http/routes.ts'
import { isIn, rangeOfOperation } from '../../emulator/src/http/versions.ts'
import { createStage, type Stage } from './recorder.ts'
import { applications } from './stories/applications.ts'
import { certificates } from './stories/certificates.ts'
import { jobs, tasks } from './stories/jobs.ts'
import { nodes } from './stories/nodes.ts'
import { pools } from './stories/pools.ts'
import { schedules } from './stories/schedules.ts'

const STORIES: Readonly<Record<string, (stage: Stage) => Promise<void>>> = {
  pools,
  nodes,
  jobs,
  tasks,
  schedules,
  certificates,
  applications,
}

const called = new Set<string>()

test.each(Object.keys(STORIES))('@azure/batch works with %s', async (name) => {
  const emulator = await startEmulator()
  onTestFinished(() => emulator.close())
  const before = called.size
  await STORIES[name]?.(createStage(emulator, called))
  expect(called.size).toBeGreaterThan(before)
})

test('the stories call every operation that the client has', () => {
  const declared = ROUTES.filter(({ operation }) => isIn('2022-10-01.16.0', rangeOfOperation(operation))).map(
    ({ verb, path }) => `${verb} ${path}`,
  )
  expect(declared).toHaveLength(78)
  expect([...called].filter((line) => !line.includes('{nextLink}')).sort()).toEqual(declared.sort())
})

import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { planWorkflow } from './plan.ts'
import { resolveSettings, type WorkflowSettings } from './settings.ts'
import { topWordsWorkload } from './top-words-workload.ts'

const place = { account: 'acc', url: 'https://acc.blob.core.windows.net' }

async function prepare(more: Partial<WorkflowSettings> = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'malachite-plan-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const [script, input] = [join(directory, 'top.mjs'), join(directory, 'a.txt')]
  await writeFile(script, 'script')
  await writeFile(input, 'some words')
  const settings = resolveSettings({
    workload: topWordsWorkload({ scriptPath: script, numWords: 4 }),
    inputFiles: [input],
    outputDirectory: join(directory, 'deep', 'output'),
    ...more,
  })
  return { directory, script, input, settings }
}

test('a plan holds all that a run would make, and no SAS', async () => {
  const { directory, script, input, settings } = await prepare({
    halt: { when: 'now', why: 'fail', amount: 5, unit: 'percent' },
  })
  const plan = await planWorkflow(settings, place)
  expect(plan).toMatchObject({
    containers: ['application', 'input', 'output'],
    uploads: [
      { path: script, container: 'application', blob: 'top.mjs', bytes: 6 },
      { path: input, container: 'input', blob: 'a.txt', bytes: 10 },
    ],
    pool: { id: 'MalachiteTutorialPool', nodeCount: 1, startTask: { resourceFiles: ['top.mjs'] } },
    job: { id: 'MalachiteTutorialJob' },
    tasks: [{ id: 'topNtask0', resourceFiles: ['a.txt'] }],
    halt: 'now,fail=5%',
    delete: { containers: ['application', 'input', 'output'], job: 'ask', pool: 'ask' },
  })
  expect(plan.tasks[0]?.commandLine).toMatch(/--numwords 4 .*--sastoken '\\''\*\*\*'\\''/)
  // Nothing was made for it.
  expect((await readdir(directory)).sort()).toEqual(['a.txt', 'top.mjs'])
})

test('what a run would refuse is refused', async () => {
  const { directory, settings } = await prepare()
  const missing = { ...settings, inputFiles: [join(directory, 'missing')] }
  await expect(planWorkflow(missing, place)).rejects.toThrow(/missing does not exist/)
  const below = { ...settings, outputDirectory: join(directory, 'a.txt', 'output') }
  await expect(planWorkflow(below, place)).rejects.toThrow(/is not a directory, or lies below a file/)
  const file = { ...settings, outputDirectory: join(directory, 'a.txt') }
  await expect(planWorkflow(file, place)).rejects.toThrow(/is not a directory/)
})

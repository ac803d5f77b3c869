import { BatchError, systemClock, type BatchBackend, type BlobBackend, type TaskSpec } from '@malachite/model'
import { expect, test } from 'vitest'
import { addInputTasks } from './input-tasks.ts'
import { createRun } from './run.ts'
import { resolveSettings } from './settings.ts'
import type { TaskLeft } from './what-is-left.ts'

/** Adds the tasks of as many inputs as there are states, whose signatures and tasks are taken down. */
async function addAll(states?: readonly TaskLeft[], count = states?.length ?? 0) {
  const signed: string[] = []
  const done: string[] = []
  const batch = {
    addTasks: async (_: string, tasks: readonly TaskSpec[]) => {
      done.push(`add ${tasks.map(({ id }) => id).join()}`)
      return tasks.map(({ id }) => ({ taskId: id, status: 'success' }))
    },
    deleteTask: async (_: string, id: string) => void done.push(`delete ${id}`),
    getTask: async () => {
      throw new BatchError('TaskNotFound')
    },
  } as unknown as BatchBackend
  const blob = {
    blobSasUrl: async (_: string, name: string) => (signed.push(name), `https://x/${name}`),
    containerSas: async () => 'sas',
  } as unknown as BlobBackend
  const settings = resolveSettings({
    workload: {
      name: 'test',
      applicationFiles: [],
      startCommands: () => [],
      toTask: ({ resourceFile }, i) => ({ id: `t${i}`, commandLine: 'x', resourceFiles: [resourceFile] }),
    },
    inputFiles: Array.from({ length: count }, (_, i) => `/in/${i}`),
    outputDirectory: '/out',
  })
  const left = states && {
    uploaded: new Set<string>(),
    inputs: states.map((task) => ({ task, upload: false, isStale: false })),
  }
  const run = createRun(settings, { batch, blob, clock: systemClock, report() {} }, left)
  return { tasks: await addInputTasks(run), done, signed }
}

test('a new run adds a task per input', async () => {
  const { tasks, done } = await addAll(undefined, 3)
  expect(tasks).toEqual({ count: 3, done: 0 })
  expect(done).toEqual(['add t0,t1,t2'])
})

test('a resumed run adds what is missing, and deletes before what is to run again', async () => {
  const { tasks, done, signed } = await addAll(['kept', 'add', 'repeat', 'done', 'kept', 'add'])
  expect(tasks).toEqual({ count: 5, done: 1 })
  expect(done).toEqual(['delete t2', 'add t1,t2,t5'])
  expect(signed).toEqual(['1', '2', '5'])
})

test('a resumed run whose tasks are all there sends nothing', async () => {
  expect(await addAll(['kept', 'done'])).toEqual({ tasks: { count: 1, done: 1 }, done: [], signed: [] })
})

import { statSync } from 'node:fs'
import type { BatchBackend, BlobBackend } from '@malachite/model'
import { expect, test } from 'vitest'
import { RUN_METADATA } from './add-once.ts'
import { CONTAINER_RUN_METADATA } from './containers.ts'
import { findWhatIsLeft } from './resume.ts'
import { resolveSettings } from './settings.ts'

const INPUT = import.meta.filename
const settings = resolveSettings({
  workload: {
    name: 'w',
    applicationFiles: [],
    startCommands: () => ['true'],
    toTask: () => ({ id: 't', commandLine: 'true' }),
    resultName: () => 'result',
  },
  inputFiles: [INPUT],
  outputDirectory: '/out',
})
const { runId } = settings
const { size, mtimeMs } = statSync(INPUT)

test('a task that succeeds while the services are asked is not repeated', async () => {
  // It ends between the two questions, whichever comes first.
  let questions = 0
  const hasEnded = (): boolean => ++questions > 1
  const batch = {
    getJob: async () => ({ metadata: [{ name: RUN_METADATA, value: runId }] }),
    async *listTasks() {
      const ended = hasEnded()
      yield {
        id: 't',
        state: ended ? 'completed' : 'running',
        executionInfo: ended ? { result: 'success' } : {},
      }
    },
  } as unknown as BatchBackend
  const blob = {
    getContainerMetadata: async () => ({ [CONTAINER_RUN_METADATA]: runId }),
    async *listBlobs(container: string) {
      if (container === settings.containers.output && hasEnded())
        yield { name: 'result', lastModified: new Date() }
    },
  } as unknown as BlobBackend
  const state = { inputs: [{ size, modifiedMs: mtimeMs }], before: {} }
  const { inputs } = await findWhatIsLeft({ batch, blob, settings }, state)
  expect(inputs.map(({ task }) => task)).toEqual(['kept'])
})

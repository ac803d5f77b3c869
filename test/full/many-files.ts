// Many input files through all nine steps on the local backend, in a process of its own whose memory tells something.
// `node --expose-gc test/full/many-files.ts 10000` prints one JSON document. A task copies its input: what is measured is
// the way of the files, not the words in them.

import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLocalBatchBackend, createLocalBlobBackend } from '@malachite/local'
import { systemClock } from '@malachite/model'
import { runWorkflow, type Step, type Workload } from '@malachite/orchestrator'

/** What the process prints. */
export interface ManyFilesReport {
  files: number
  outcome: string
  outputs: number
  /** Milliseconds of each step. */
  steps: Partial<Record<Step, number>>
  /** Live JavaScript objects of this thread (not Azurite's) at the end of each step, bytes. */
  heap: Partial<Record<Step, number>>
  /** Largest resident set of the process, Azurite and the engine included, bytes. */
  peak: number
}

const copies: Workload = {
  name: 'copies',
  applicationFiles: [],
  startCommands: () => ['true'],
  toTask: (input, index, output) => ({
    id: `copy${index}`,
    commandLine: `cp ${input.name} ${input.name}.copy`,
    resourceFiles: [input.resourceFile],
    outputFiles: [
      {
        filePattern: '*.copy',
        destination: {
          container: {
            containerUrl: `${output.url}/${output.container}?${output.sas}`,
            path: `${input.name}.copy`,
          },
        },
        uploadOptions: { uploadCondition: 'tasksuccess' },
      },
    ],
  }),
}

async function measure(count: number): Promise<ManyFilesReport> {
  const directory = await mkdtemp(join(tmpdir(), 'malachite-many-files-'))
  try {
    return await measureIn(directory, count)
  } finally {
    await rm(directory, { recursive: true })
  }
}

async function measureIn(directory: string, count: number): Promise<ManyFilesReport> {
  const inputFiles: string[] = []
  for (let i = 0; i < count; i++) {
    inputFiles.push(join(directory, `file${i}.txt`))
    await writeFile(join(directory, `file${i}.txt`), `This is file ${i}.\n`)
  }
  const outputDirectory = join(directory, 'output')
  const heap: ManyFilesReport['heap'] = {}
  const steps: ManyFilesReport['steps'] = {}
  await using batch = disposable(createLocalBatchBackend())
  await using blob = disposable(await createLocalBlobBackend({ location: join(directory, 'blobs') }))
  const { outcome } = await runWorkflow(
    { workload: copies, inputFiles, outputDirectory, timeoutMs: 7_200_000 },
    {
      batch: batch.value,
      blob: blob.value,
      clock: systemClock,
      report(event) {
        if (event.type !== 'stepFinished') return
        globalThis.gc?.()
        heap[event.step] = process.memoryUsage().heapUsed
        steps[event.step] = Math.round(event.ms)
      },
    },
  )
  const outputs = (await readdir(outputDirectory)).length
  return { files: count, outcome, outputs, steps, heap, peak: process.resourceUsage().maxRSS * 1024 }
}

function disposable<Value extends { close(): Promise<void> }>(value: Value) {
  return { value, [Symbol.asyncDispose]: () => value.close() }
}

console.log(JSON.stringify(await measure(Number(process.argv[2] ?? 2000))))

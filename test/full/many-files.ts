// Many input files through all nine steps on the local backend, in a process of its own whose memory tells something.
// `node --expose-gc test/full/many-files.ts 10000` prints one JSON document. A task copies its input, so that the way of
// the files is measured; with `words` as second argument it is the tutorial's: a Node process for each that counts words.

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLocalBatchBackend, createLocalBlobBackend } from '@malachite/local'
import { type BlobBackend, systemClock } from '@malachite/model'
import { taskScriptPath } from '@malachite/node-task'
import {
  runWorkflow,
  type Step,
  topWordsWorkload,
  type WorkflowEvent,
  type Workload,
} from '@malachite/orchestrator'
import { copies } from './copies.ts'

/** What the process prints. */
export interface ManyFilesReport {
  files: number
  outcome: string
  /** Results, and those of them with the right content. */
  outputs: number
  correct: number
  /** Milliseconds of each step. */
  steps: Partial<Record<Step, number>>
  /** Live JavaScript objects of this thread (not Azurite's) at the end of each step, bytes. */
  heap: Partial<Record<Step, number>>
  /** The most that were under way at once. */
  transfersAtOnce: number
  tasksAtOnce: number
  /** Largest resident set of the process, Azurite and the engine included, bytes. */
  peak: number
}

async function measure(count: number, workload: Workload): Promise<ManyFilesReport> {
  const directory = await mkdtemp(join(tmpdir(), 'malachite-many-files-'))
  try {
    return await measureIn(directory, count, workload)
  } finally {
    await rm(directory, { recursive: true })
  }
}

async function measureIn(directory: string, count: number, workload: Workload): Promise<ManyFilesReport> {
  const inputFiles = await writeInputs(directory, count)
  const outputDirectory = join(directory, 'output')
  const notes = createNotes()
  await using batch = disposable(createLocalBatchBackend())
  await using blob = disposable(await createLocalBlobBackend({ location: join(directory, 'blobs') }))
  const { outcome } = await runWorkflow(
    { workload, inputFiles, outputDirectory, timeoutMs: 7_200_000 },
    { batch: batch.value, blob: notes.watch(blob.value), clock: systemClock, report: notes.take },
  )
  const results = await countResults(outputDirectory)
  return { files: count, outcome, ...results, ...notes.taken, peak: await peakMemory() }
}

/** Each file has its own number twice and another word once. */
async function writeInputs(directory: string, count: number): Promise<string[]> {
  const paths = Array.from({ length: count }, (_, i) => join(directory, `file${i}.txt`))
  for (const [i, path] of paths.entries()) await writeFile(path, `n${i} other n${i}\n`)
  return paths
}

async function countResults(directory: string): Promise<{ outputs: number; correct: number }> {
  const names = await readdir(directory)
  let correct = 0
  for (const name of names) {
    const number = /^file(\d+)/.exec(name)?.[1]
    const text = await readFile(join(directory, name), 'utf8')
    if ([`n${number} other n${number}`, `n${number}:\t2`].some((line) => text.includes(`${line}\n`)))
      correct++
  }
  return { outputs: names.length, correct }
}

/** What is measured while the run goes on. */
function createNotes() {
  const steps: ManyFilesReport['steps'] = {}
  const heap: ManyFilesReport['heap'] = {}
  const taken = { steps, heap, transfersAtOnce: 0, tasksAtOnce: 0 }
  let transfers = 0
  const counted = async (transfer: () => Promise<void>): Promise<void> => {
    taken.transfersAtOnce = Math.max(taken.transfersAtOnce, ++transfers)
    await transfer().finally(() => transfers--)
  }
  return {
    taken,
    watch: (blob: BlobBackend): BlobBackend => ({
      ...blob,
      uploadFile: (...args) => counted(() => blob.uploadFile(...args)),
      downloadFile: (...args) => counted(() => blob.downloadFile(...args)),
    }),
    take: (event: WorkflowEvent): void => {
      if (event.type === 'progress') taken.tasksAtOnce = Math.max(taken.tasksAtOnce, event.counts.running)
      if (event.type !== 'stepFinished') return
      globalThis.gc?.()
      heap[event.step] = process.memoryUsage().heapUsed
      steps[event.step] = Math.round(event.ms)
    },
  }
}

/** `maxRSS` of a process that a large one started is at least as large as that one was: Linux says it better. */
async function peakMemory(): Promise<number> {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024
  return Number(/VmHWM:\s+(\d+)/.exec(await readFile('/proc/self/status', 'utf8'))?.[1]) * 1024
}

function disposable<Value extends { close(): Promise<void> }>(value: Value) {
  return { value, [Symbol.asyncDispose]: () => value.close() }
}

const [count = '2000', kind] = process.argv.slice(2)
const workload = kind === 'words' ? topWordsWorkload({ scriptPath: await taskScriptPath() }) : copies
console.log(JSON.stringify(await measure(Number(count), workload)))

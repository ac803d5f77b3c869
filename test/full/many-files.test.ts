// Thousands of input files through the nine steps on the local backend: all results come, and memory does not grow with
// the files beyond their names. With more of them: `node --expose-gc test/full/many-files.ts 10000 [words]`.

import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import type { ManyFilesReport } from './many-files.ts'

const SCRIPT = fileURLToPath(new URL('many-files.ts', import.meta.url))
const [FEW, MANY] = [200, 2000]
/** What a run without settings has of both. */
const [TRANSFERS, NODES] = [8, 2]
/** Live bytes for each file: its path, its name as a blob, its task's id and its result's path are kept to the end. */
const BYTES_PER_FILE = 2500

async function run(files: number): Promise<ManyFilesReport> {
  const { stdout } = await execa(process.execPath, ['--expose-gc', SCRIPT, String(files)])
  return JSON.parse(stdout) as ManyFilesReport
}

test(`${MANY} files are uploaded, computed and downloaded in bounded memory`, async () => {
  const [few, many] = [await run(FEW), await run(MANY)]
  expect(few).toMatchObject({ outcome: 'succeeded', outputs: FEW, correct: FEW })
  expect(many).toMatchObject({ outcome: 'succeeded', outputs: MANY, correct: MANY })
  expect(many.transfersAtOnce).toBe(TRANSFERS)
  expect(many.tasksAtOnce).toBeLessThanOrEqual(NODES)
  for (const step of ['upload', 'addTasks', 'monitor', 'download'] as const) {
    const growth = (many.heap[step] ?? Infinity) - (few.heap[step] ?? 0)
    expect(growth / (MANY - FEW), `bytes per file after ${step}`).toBeLessThan(BYTES_PER_FILE)
  }
})

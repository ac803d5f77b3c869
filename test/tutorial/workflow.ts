// The tutorial's workload on any pair of backends, for tests.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BatchBackend, type BlobBackend, systemClock } from '@malachite/model'
import { sampleDataPaths, taskScriptPath } from '@malachite/node-task'
import {
  type RunResult,
  runWorkflow,
  topWordsWorkload,
  type WorkflowEvent,
  type WorkflowParts,
  type WorkflowSettings,
} from '@malachite/orchestrator'
import { onTestFinished } from 'vitest'

/** A run's result with everything it told on the way. */
export interface Told {
  result: RunResult
  events: WorkflowEvent[]
  directory: string
}

/** Runs the sample data through the nine steps into a directory that goes with the test. */
export async function runTutorial(
  backends: { batch: BatchBackend; blob: BlobBackend },
  settings: Partial<WorkflowSettings> = {},
  parts: Partial<WorkflowParts> = {},
): Promise<Told> {
  const directory = makeDirectory()
  const events: WorkflowEvent[] = []
  const result = await runWorkflow(
    {
      workload: topWordsWorkload({ scriptPath: await taskScriptPath(), numWords: 3 }),
      inputFiles: sampleDataPaths(),
      outputDirectory: directory,
      ...settings,
    },
    {
      ...backends,
      clock: systemClock,
      ...parts,
      report: (event) => {
        events.push(event)
        parts.report?.(event)
      },
    },
  )
  return { result, events, directory }
}

/** A temporary directory that goes with the test. */
export function makeDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'malachite-tutorial-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  return directory
}

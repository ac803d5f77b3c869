// The tutorial's job as a user runs it: one command, warm, from nothing to results; and where the time goes.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import type { Measurement } from './bench.ts'

const MALACHITE = join(import.meta.dirname, '../../packages/cli/bin/malachite.mjs')

/** What the tutorial's own transcript says it took on Azure, seconds. */
const ON_AZURE = 362

/** Seconds it may take on two cores. */
const BOUND = 3

interface RunDocument {
  elapsedMs: number
  steps: { step: string; ms: number }[]
}

/** Runs the job this many times, after once to warm up. */
export async function measureTutorial({ rounds }: { rounds: number }): Promise<Measurement> {
  const directory = mkdtempSync(join(tmpdir(), 'malachite-bench-'))
  try {
    const args = [MALACHITE, 'run', '--json', '--output-dir', directory]
    await execa(process.execPath, args)
    const seconds: number[] = []
    let last: RunDocument | undefined
    for (let i = 0; i < rounds; i++) {
      const start = performance.now()
      const { stdout } = await execa(process.execPath, args)
      seconds.push((performance.now() - start) / 1000)
      last = JSON.parse(stdout) as RunDocument
    }
    return describe(seconds, last)
  } finally {
    rmSync(directory, { recursive: true })
  }
}

function describe(seconds: number[], last: RunDocument | undefined): Measurement {
  const { elapsedMs = 0, steps = [] } = last ?? {}
  const inSteps = steps.reduce((sum, { ms }) => sum + ms, 0)
  return {
    title: 'the tutorial: malachite run, three files, two nodes',
    rows: [
      {
        what: 'from the command to the results',
        unit: 's',
        better: 'less',
        ours: seconds,
        peer: { name: 'on Azure, as its transcript says', values: [ON_AZURE], kind: 'quoted' },
        bound: { limit: BOUND },
      },
    ],
    figures: {
      'the last run: start and end of the command, Azurite among it (ms)': Math.round(
        (seconds.at(-1) ?? 0) * 1000 - inSteps,
      ),
      'nine steps (ms)': Math.round(elapsedMs),
      ...Object.fromEntries(steps.map(({ step, ms }) => [`  ${step} (ms)`, Math.round(ms)])),
    },
  }
}

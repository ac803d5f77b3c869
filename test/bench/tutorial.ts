// The tutorial's job as a user runs it: one command, warm, from nothing to results; and where the time goes.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { type Measurement, round } from './bench.ts'

const MALACHITE = join(import.meta.dirname, '../../packages/cli/bin/malachite.mjs')

/** What the tutorial's own transcript says it took on Azure, seconds. */
const ON_AZURE = 362

/** Seconds it may take on two cores. */
const BOUND = 3

interface RunDocument {
  elapsedMs: number
  steps: { step: string; ms: number }[]
}

export async function measureTutorial(): Promise<Measurement> {
  const directory = mkdtempSync(join(tmpdir(), 'malachite-bench-'))
  try {
    const args = [MALACHITE, 'run', '--json', '--output-dir', directory]
    await execa(process.execPath, args)
    const start = performance.now()
    const { stdout } = await execa(process.execPath, args)
    const seconds = (performance.now() - start) / 1000
    return describe(seconds, JSON.parse(stdout) as RunDocument)
  } finally {
    rmSync(directory, { recursive: true })
  }
}

function describe(seconds: number, { elapsedMs, steps }: RunDocument): Measurement {
  const inSteps = steps.reduce((sum, { ms }) => sum + ms, 0)
  return {
    name: 'the tutorial: malachite run, three files, two nodes',
    figures: {
      'wall clock (s)': round(seconds),
      'start and end of the command, Azurite among it (ms)': Math.round(seconds * 1000 - inSteps),
      'nine steps (ms)': Math.round(elapsedMs),
      ...Object.fromEntries(steps.map(({ step, ms }) => [`  ${step} (ms)`, Math.round(ms)])),
    },
    ratios: { "the tutorial's transcript on Azure (362 s) ÷ malachite": round(ON_AZURE / seconds) },
    bounds: [[`at most ${BOUND} s`, seconds <= BOUND]],
  }
}

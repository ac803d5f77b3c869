// `malachite autoscale simulate`: what a formula makes of a load, in virtual time.

import { readFile, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { simulateAutoScale, type Simulation } from '@malachite/emulator'
import { BatchError } from '@malachite/model'
import type { SimulateFlags } from '../program/program-autoscale.ts'
import { parseLoad } from '../settings/load-file.ts'
import { mistake } from '../settings/mistake.ts'
import { EXIT, type ExitCode } from '../text/exit-code.ts'
import { print } from '../text/lines.ts'
import { simulationChart } from '../text/simulation-chart.ts'
import { simulationSummary, simulationTable } from '../text/simulation-text.ts'

/** Simulates the formula and prints a table, or one JSON document; draws a chart if it is asked to. */
export async function simulate(flags: SimulateFlags): Promise<ExitCode> {
  const formula = await readText(flags.formula, 'formula')
  const load = parseLoad(await readText(flags.load, 'load'), flags.load)
  const late = load.find(({ at }) => at > flags.for)
  if (late) throw mistake(`Tasks arrive after the end of the simulation; make it longer with --for.`)
  const { for: length, interval, slots: slotsPerNode, boot, step, start } = flags
  const simulation = run(() =>
    simulateAutoScale({ formula, load, length, interval, slotsPerNode, boot, step, ...(start && { start }) }),
  )
  if (flags.svg !== undefined)
    await writeFile(flags.svg, simulationChart(simulation, basename(flags.formula)))
  const lines = flags.json
    ? [JSON.stringify(simulation, null, 2)]
    : [...simulationTable(simulation), '', ...simulationSummary(simulation)]
  print(lines.join('\n'))
  return EXIT.ok
}

async function readText(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw mistake(`The ${what} ${path} cannot be read (${code}).`, cause)
  }
}

/** What the service says about the formula or the interval is told in a sentence. */
function run(body: () => Simulation): Simulation {
  try {
    return body()
  } catch (error) {
    if (!(error instanceof BatchError) || error.status !== 400) throw error
    throw mistake([error.message, error.details['Reason']].filter(Boolean).join(' '), error)
  }
}

// What a formula makes of hours of load, in less than a second: the engine itself, on a clock that nobody waits for.

import type { Simulation, SimulationOptions, SimulationRow, SimulationSummary } from './simulation.ts'
import { openWorld, rounded } from './world.ts'

/** Between two rows, unless another time is asked for. */
const STEP = 5 * 60_000

/** Runs the load. A formula that cannot be read, or an interval that the service refuses, throws a `BatchError`. */
export function simulateAutoScale(options: SimulationOptions): Simulation {
  const { load, length, step = STEP } = options
  const world = openWorld(options)
  try {
    const arrivals = load.toSorted((a, b) => a.at - b.at)
    const rows: SimulationRow[] = []
    for (let at = 0; at <= length; at += step) {
      for (let next = arrivals[0]; next && next.at <= at; next = arrivals[0]) {
        world.advanceTo(next.at)
        world.add(next)
        arrivals.shift()
      }
      rows.push(world.look(at))
    }
    const busyHours = world.taskHours() / (options.slotsPerNode ?? 1)
    return { rows, evaluations: world.evaluations, summary: summarize(rows, world.waits(length), busyHours) }
  } finally {
    world.close()
  }
}

function summarize(
  rows: readonly SimulationRow[],
  waits: readonly number[],
  busyHours: number,
): SimulationSummary {
  const { completed = 0, nodeHours = 0 } = rows.at(-1) ?? {}
  const most = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), 0)
  return {
    tasks: waits.length,
    completed,
    nodeHours,
    utilization: nodeHours > 0 ? rounded(busyHours / nodeHours) : 0,
    peakNodes: most(rows.map((row) => row.dedicated + row.lowPriority)),
    peakWaiting: most(rows.map((row) => row.waiting)),
    averageWait: waits.length > 0 ? Math.round(waits.reduce((a, b) => a + b, 0) / waits.length) : 0,
    longestWait: Math.round(most(waits)),
  }
}

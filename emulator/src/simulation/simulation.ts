// What goes into a simulation and what comes out of it.

/** Tasks that are added at one time. Times are milliseconds from the start. */
export interface Arrival {
  at: number
  tasks: number
  duration: number
}

/** What is simulated; times are milliseconds. */
export interface SimulationOptions {
  formula: string
  load: readonly Arrival[]
  /** How long the load is watched. */
  length: number
  /** The time of day and the weekday at which it begins. @default 2026-01-05T00:00:00Z, a Monday */
  start?: Date
  /** Between two evaluations; the service takes 5 minutes to 168 hours. @default 15 minutes */
  interval?: number
  /** @default 1 */
  slotsPerNode?: number
  /** From the request for a node until it takes tasks. @default 2 minutes */
  boot?: number
  /** Between two rows of the result. @default 5 minutes */
  step?: number
}

/** How things are at one time. */
export interface SimulationRow {
  /** Milliseconds from the start. */
  at: number
  /** Nodes that are there, and how many of them are to be there. */
  dedicated: number
  targetDedicated: number
  lowPriority: number
  targetLowPriority: number
  waiting: number
  running: number
  completed: number
  nodeHours: number
}

/** One evaluation of the formula. */
export interface SimulatedEvaluation {
  at: number
  results: string
  /** Where and why it failed. */
  error?: string
}

/** What became of the load. Waits are milliseconds from a task's arrival to its first start. */
export interface SimulationSummary {
  tasks: number
  completed: number
  nodeHours: number
  /** The part of the node-hours, from 0 to 1, in which slots had tasks. */
  utilization: number
  peakNodes: number
  peakWaiting: number
  averageWait: number
  longestWait: number
}

/** A finished simulation. */
export interface Simulation {
  rows: SimulationRow[]
  evaluations: SimulatedEvaluation[]
  summary: SimulationSummary
}

// The variables of the service and those of the formula.

import { FormulaError, type Position } from './formula-error.ts'
import type { Series } from './samples.ts'
import { INTERVALS } from './time.ts'
import { double, expectType, formatValue, type Value } from './values.ts'

/** What the service measures. */
export const METRICS = [
  '$CPUPercent',
  '$WallClockSeconds',
  '$MemoryBytes',
  '$DiskBytes',
  '$DiskReadBytes',
  '$DiskWriteBytes',
  '$DiskReadOps',
  '$DiskWriteOps',
  '$NetworkInBytes',
  '$NetworkOutBytes',
  '$SampleNodeCount',
  '$ActiveTasks',
  '$RunningTasks',
  '$PendingTasks',
  '$SucceededTasks',
  '$FailedTasks',
  '$TaskSlotsPerNode',
  '$CurrentDedicatedNodes',
  '$CurrentLowPriorityNodes',
  '$PreemptedNodeCount',
  '$UsableNodeCount',
] as const

/** The name of a metric, as formulas write it. */
export type Metric = (typeof METRICS)[number]

/** What becomes of the tasks of nodes that go. */
export const DEALLOCATION_OPTIONS = ['requeue', 'terminate', 'taskcompletion', 'retaineddata'] as const
export type Deallocation = (typeof DEALLOCATION_OPTIONS)[number]

/** How many nodes a pool is to have. */
export interface Targets {
  dedicated: number
  lowPriority: number
}

/** What a formula sees of its pool. */
export interface FormulaPool {
  targets: Targets
  /** What a metric is now. */
  current: (metric: Metric) => number
  /** What a metric was. */
  history: (metric: Metric) => Series
}

/** Where a formula reads and writes its variables. */
export interface Variables {
  get(name: string, at: Position): Value
  set(name: string, value: Value, at: Position): void
  /** The metric of this name, if it is one. */
  metric(name: string): Metric | undefined
  /** What the formula has set; the targets are whole numbers from 0. */
  outcome(): { targets: Targets; deallocation: Deallocation; own: [name: string, text: string][] }
}

const METRIC_NAMES: ReadonlyMap<string, Metric> = new Map<string, Metric>([
  ...METRICS.map((name) => [name, name] as const),
  // The older names.
  ['$CurrentDedicated', '$CurrentDedicatedNodes'],
  ['$CurrentLowPriority', '$CurrentLowPriorityNodes'],
])

const OPTION = '$NodeDeallocationOption'

/** The targets under both of their names; when both are set, the first name counts. */
const TARGETS = {
  dedicated: ['$TargetDedicatedNodes', '$TargetDedicated'],
  lowPriority: ['$TargetLowPriorityNodes', '$TargetLowPriority'],
} as const
const TARGET_KINDS = ['dedicated', 'lowPriority'] as const
const MAX_TARGET = 2_147_483_647

const CONSTANTS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ...Array.from(INTERVALS, ([name, value]) => [name, { type: 'timeinterval', value }] as const),
  ...DEALLOCATION_OPTIONS.map((value) => [value, { type: 'string', value }] as const),
])

/** The variables of one run. */
export function createVariables(pool: FormulaPool): Variables {
  const assigned = new Map<string, { value: Value; at: Position }>()

  function get(name: string, at: Position): Value {
    const metric = METRIC_NAMES.get(name)
    if (metric) return double(pool.current(metric))
    const found = assigned.get(name)?.value ?? targetOf(name) ?? CONSTANTS.get(name)
    if (found) return found
    if (name === OPTION) return { type: 'string', value: 'requeue' }
    throw new FormulaError('evaluation', at, `Undefined symbol: ${name}`)
  }

  /** The present value of a target, by any of its names. */
  function targetOf(name: string): Value | undefined {
    const kind = TARGET_KINDS.find((kind) => TARGETS[kind].some((other) => other === name))
    return kind && (settingOf(kind)?.value ?? double(pool.targets[kind]))
  }

  function settingOf(kind: keyof Targets) {
    return TARGETS[kind].map((name) => assigned.get(name)).find((setting) => setting !== undefined)
  }

  function set(name: string, value: Value, at: Position): void {
    if (METRIC_NAMES.has(name) || CONSTANTS.has(name))
      throw new FormulaError('evaluation', at, `Cannot be assigned to: ${name}`)
    if (isTarget(name)) expectTarget(value, at)
    if (name === OPTION) expectOption(value, at)
    assigned.set(name, { value, at })
  }

  function target(kind: keyof Targets): number {
    const setting = settingOf(kind)
    if (!setting) return pool.targets[kind]
    return Math.max(0, Math.trunc(expectTarget(setting.value, setting.at)))
  }

  return {
    get,
    set,
    metric: (name) => METRIC_NAMES.get(name),
    outcome: () => {
      const option = assigned.get(OPTION)
      return {
        targets: { dedicated: target('dedicated'), lowPriority: target('lowPriority') },
        deallocation: option ? expectOption(option.value, option.at) : 'requeue',
        own: ownVariables(assigned),
      }
    },
  }
}

function isTarget(name: string): boolean {
  return TARGET_KINDS.some((kind) => TARGETS[kind].some((other) => other === name))
}

function expectTarget(value: Value, at: Position): number {
  const count = expectType(value, 'double', at)
  if (Math.abs(count) <= MAX_TARGET) return count
  throw new FormulaError('evaluation', at, `Not a number of nodes: ${count}`)
}

function expectOption(value: Value, at: Position): Deallocation {
  const text = expectType(value, 'string', at)
  const option = DEALLOCATION_OPTIONS.find((known) => known === text.toLowerCase())
  if (option) return option
  throw new FormulaError('evaluation', at, `Not a node deallocation option: ${text}`)
}

/** What the formula has named itself, in alphabetical order, each as it is written there. */
function ownVariables(assigned: ReadonlyMap<string, { value: Value }>): [string, string][] {
  return [...assigned]
    .filter(([name]) => !isTarget(name) && name !== OPTION)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { value }]) => [name, formatValue(value)])
}

// An engine with one pool and one job on a simulated clock, and what is noted down about them.

import { formatDuration } from '@malachite/model'
import type { Engine } from '../engine/api.ts'
import { createEngine } from '../engine/engine.ts'
import { openStore } from '../storage/store.ts'
import { createSimulatedClock, type SimulatedClock } from './clock.ts'
import { createSimulatedNodes, type SimulatedNodes } from './runtime.ts'
import type { Arrival, SimulatedEvaluation, SimulationOptions, SimulationRow } from './simulation.ts'

const MINUTE = 60_000
/** Tasks that one request may add. */
const COLLECTION = 100
const POOL = 'pool'
const JOB = 'job'

/** Opens the engine with its pool and job. Times are milliseconds from the start. */
export function openWorld(options: SimulationOptions) {
  const start = (options.start ?? new Date(Date.UTC(2026, 0, 5))).getTime()
  const clock = createSimulatedClock(start)
  const tasks = createTaskBook(clock)
  const nodes: SimulatedNodes = createSimulatedNodes({
    clock,
    reports: () => engine.reports,
    bootMs: options.boot ?? 2 * MINUTE,
    durationOf: ({ taskId }) => tasks.durationOf(taskId),
    started: ({ taskId }) => tasks.start(taskId),
  })
  const engine = createSimulatedEngine(clock, nodes)
  engine.pools.add(poolBody(options))
  engine.jobs.add({ id: JOB, poolInfo: { poolId: POOL } })
  const evaluations: SimulatedEvaluation[] = []

  function noteEvaluation(): void {
    const run = engine.pools.get(POOL).autoScaleRun
    const at = Date.parse(run?.timestamp ?? '') - start
    if (!run || at === evaluations.at(-1)?.at) return
    const error = run.error?.values?.[0]?.value ?? run.error?.message
    evaluations.push({ at, results: run.results, ...(error !== undefined && { error }) })
  }

  /** No two evaluations are closer than a minute: none is missed. */
  function advanceTo(at: number): void {
    for (const time = start + at; clock.now() < time; noteEvaluation())
      clock.advanceTo(Math.min(time, clock.now() + MINUTE))
  }

  return {
    evaluations,
    advanceTo,
    add: (arrival: Arrival) => addTasks(engine, tasks.add(arrival)),
    look(at: number): SimulationRow {
      // What is due at that time comes first: the engine counts microseconds, so it may be due a little later.
      advanceTo(at + 1)
      noteEvaluation()
      return { at, ...lookAt(engine), nodeHours: rounded(nodes.nodeHours()) }
    },
    waits: (until: number) => tasks.waits(start + until),
    /** Hours that tasks ran. */
    taskHours: () => nodes.taskHours(),
    close: () => engine.close(),
  }
}

/** Remembers of each task when it came, when it first started and how long it takes. */
function createTaskBook(clock: SimulatedClock) {
  const tasks = new Map<string, { duration: number; arrival: number; started?: number }>()
  return {
    /** The ids of the new tasks. */
    add({ tasks: count, duration }: Arrival): string[] {
      const ids = Array.from({ length: count }, (_, i) => `t${tasks.size + i}`)
      for (const id of ids) tasks.set(id, { duration, arrival: clock.now() })
      return ids
    },
    start(id: string): void {
      const task = tasks.get(id)
      if (task) task.started ??= clock.now()
    },
    durationOf: (id: string) => tasks.get(id)?.duration ?? 0,
    /** How long each task waited for its first start, or has waited until then. */
    waits: (until: number) => Array.from(tasks.values(), ({ arrival, started = until }) => started - arrival),
  }
}

function addTasks(engine: Engine, ids: readonly string[]): void {
  for (let i = 0; i < ids.length; i += COLLECTION) {
    const value = ids.slice(i, i + COLLECTION).map((id) => ({ id, commandLine: 'true' }))
    engine.tasks.addCollection(JOB, { value })
  }
}

function createSimulatedEngine(clock: SimulatedClock, nodes: SimulatedNodes): Engine {
  let ids = 0
  return createEngine({
    store: openStore(':memory:'),
    clock,
    account: { name: 'simulation' },
    newId: () => mix(++ids).repeat(4),
    perform: (effects) => nodes.perform(effects),
  })
}

function poolBody({ formula, interval = 15 * MINUTE, slotsPerNode = 1 }: SimulationOptions): object {
  return {
    id: POOL,
    vmSize: 'standard_d2s_v3',
    virtualMachineConfiguration: {
      imageReference: { publisher: 'canonical', offer: 'ubuntu-24_04-lts', sku: 'server' },
      nodeAgentSKUId: 'batch.node.ubuntu 24.04',
    },
    enableAutoScale: true,
    autoScaleFormula: formula,
    autoScaleEvaluationInterval: formatDuration(interval),
    taskSlotsPerNode: slotsPerNode,
  }
}

function lookAt(engine: Engine): Omit<SimulationRow, 'at' | 'nodeHours'> {
  const pool = engine.pools.get(POOL)
  const { active, running, completed } = engine.jobs.taskCounts(JOB).taskCounts
  return {
    dedicated: pool.currentDedicatedNodes,
    targetDedicated: pool.targetDedicatedNodes,
    lowPriority: pool.currentLowPriorityNodes,
    targetLowPriority: pool.targetLowPriorityNodes,
    waiting: active,
    running,
    completed,
  }
}

/** 16 hexadecimal digits that are other ones for every number and look like chance: formulas may call rand(). */
function mix(n: number): string {
  return BigInt.asUintN(64, BigInt(n) * 0x9e3779b97f4a7c15n)
    .toString(16)
    .padStart(16, '0')
}

/** To four decimals. */
export function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000
}

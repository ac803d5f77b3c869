// What scheduling costs: the engine alone, on a clock that stands still and with commands that end at once, so that all
// the time is the engine's. An event is the start or the end of a task. The rate must not depend on how much waits.

import { createEngine, type Effect, type Engine, openStore } from '@malachite/emulator'
import type { Measurement, Row } from './bench.ts'
import { median, round } from './statistics.ts'

/** Which part of the fastest's rate the slowest of a range must have. */
const BOUND = 0.5

interface Case {
  nodes?: number
  jobs?: number
  /** All jobs' together. */
  tasks: number
  /** What the task of this number depends on. */
  dependsOn?: (i: number) => object | undefined
}

type Range = Record<string, Case>

const RANGES: Record<string, Range> = {
  'waiting tasks, 10 nodes of 4 slots': {
    100: { tasks: 100 },
    '1,000': { tasks: 1000 },
    '10,000': { tasks: 10_000 },
    '100,000': { tasks: 100_000 },
  },
  'nodes, 10,000 waiting tasks': {
    1: { nodes: 1, tasks: 10_000 },
    10: { nodes: 10, tasks: 10_000 },
    100: { nodes: 100, tasks: 10_000 },
    '1,000': { nodes: 1000, tasks: 10_000 },
  },
  'active jobs, 10,000 waiting tasks': {
    1: { jobs: 1, tasks: 10_000 },
    10: { jobs: 10, tasks: 10_000 },
    100: { jobs: 100, tasks: 10_000 },
    '1,000': { jobs: 1000, tasks: 10_000 },
  },
  'tasks that each wait for the one before': {
    100: { tasks: 100, dependsOn: previous },
    '1,000': { tasks: 1000, dependsOn: previous },
    '10,000': { tasks: 10_000, dependsOn: previous },
  },
  'tasks for all of which one waits': {
    100: { tasks: 100, dependsOn: lastOnAll(100) },
    '1,000': { tasks: 1000, dependsOn: lastOnAll(1000) },
    '10,000': { tasks: 10_000, dependsOn: lastOnAll(10_000) },
  },
}

/** How often, until how many events, and the most tasks of a case. */
interface Amount {
  rounds: number
  events: number
  tasks: number
}

/** The rate of each case in each round. */
type Rates = Map<string, number[]>

export function measureScheduling(amount: Amount): Promise<Measurement> {
  const ranges = Object.entries(RANGES).map(([name, range]) => [name, measureRange(range, amount)] as const)
  return Promise.resolve({
    title: 'starts and ends of tasks per second of processor time, the engine alone',
    rows: ranges.map(([name, rates]) => rowOf(name, rates)),
    figures: Object.fromEntries(
      ranges.flatMap(([name, rates]) =>
        Array.from(rates, ([size, values]) => [`${size} ${name} (events/s)`, round(median(values))]),
      ),
    ),
  })
}

function rowOf(name: string, rates: Rates): Row {
  const order = [...rates].toSorted(([, a], [, b]) => median(a) - median(b))
  const [slowest, ours] = order[0] ?? ['', []]
  const [fastest, values] = order.at(-1) ?? ['', []]
  return {
    what: `${name}: ${slowest}`,
    unit: 'events/s',
    better: 'more',
    ours,
    peer: { name: `the fastest, ${fastest}`, values, kind: 'own' },
    bound: { timesPeer: BOUND },
  }
}

/** The members of a range take turns, so that what slows the machine for a while slows all of them. */
function measureRange(range: Range, { rounds, events, tasks }: Amount): Rates {
  const cases = Object.entries(range).filter(([, parts]) => parts.tasks <= tasks)
  const rates: Rates = new Map(cases.map(([size]) => [size, []]))
  // The first one does not count: its code is not compiled yet.
  for (const [, parts] of cases.slice(0, 1)) measureRate(parts, events)
  for (let i = 0; i < rounds; i++) {
    for (const [size, parts] of cases) rates.get(size)?.push(measureRate(parts, events))
  }
  return rates
}

/** Few tasks are over soon: their case is played again until there were enough events. */
function measureRate(parts: Case, count: number): number {
  let [events, seconds] = [0, 0]
  while (events < count) {
    const world = openWorld(parts)
    try {
      const start = processorSeconds()
      events += world.play(count - events)
      seconds += processorSeconds() - start
    } finally {
      world.close()
    }
  }
  return events / seconds
}

function processorSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000_000
}

/** An engine whose pool has filled its slots, and whose tasks end in the order of their start. */
function openWorld(parts: Case) {
  const effects: Effect[] = []
  let [now, ids] = [Date.UTC(2026, 0, 1), 0]
  const engine = createEngine({
    store: openStore(':memory:'),
    clock: { now: () => now, after: () => () => {} },
    account: { name: 'bench' },
    newId: () => String(++ids).padStart(64, '0'),
    perform: (list) => void effects.push(...list),
  })

  /** Answers what the engine asks for, until there were this many events or nothing is left to answer. */
  function play(limit: number): number {
    let events = 0
    for (let i = 0; i < effects.length; i++) {
      const effect = effects[i]
      if (effect?.type === 'runTask' && events >= limit) {
        effects.splice(0, i)
        return events
      }
      now += 1
      if (effect) answer(engine, effect)
      if (effect?.type === 'runTask') events += 2
    }
    effects.length = 0
    return events
  }

  engine.pools.add(poolOf(parts.nodes ?? 10))
  play(0)
  addTasks(engine, parts)
  return { play, close: () => engine.close() }
}

function answer({ reports }: Engine, effect: Effect): void {
  if (effect.type === 'allocateNodes') reports.nodesAllocated(effect.poolId, effect.resize)
  if (effect.type === 'bootNode') reports.nodeBooted(effect.node.nodeId, effect.boot)
  if (effect.type === 'runTask') reports.taskEnded({ run: effect.run, exitCode: 0 })
}

function poolOf(targetDedicatedNodes: number): object {
  return {
    id: 'pool',
    vmSize: 'standard_d2s_v3',
    virtualMachineConfiguration: {
      imageReference: { publisher: 'canonical', offer: 'ubuntu-24_04-lts', sku: 'server' },
      nodeAgentSKUId: 'batch.node.ubuntu 24.04',
    },
    targetDedicatedNodes,
    taskSlotsPerNode: 4,
  }
}

function addTasks(engine: Engine, { jobs = 1, tasks, dependsOn }: Case): void {
  const each = Math.ceil(tasks / jobs)
  for (let job = 0; job < jobs; job++) {
    const id = `job${job}`
    engine.jobs.add({ id, poolInfo: { poolId: 'pool' }, usesTaskDependencies: dependsOn !== undefined })
    for (let first = 0; first < each; first += 100) {
      const size = Math.min(100, each - first)
      const value = Array.from({ length: size }, (_, k) => taskOf(first + k, dependsOn?.(first + k)))
      engine.tasks.addCollection(id, { value })
    }
  }
}

function taskOf(i: number, dependsOn: object | undefined): object {
  return { id: `${i}`, commandLine: '/bin/true', ...(dependsOn && { dependsOn }) }
}

function previous(i: number): object | undefined {
  return i === 0 ? undefined : { taskIds: [`${i - 1}`] }
}

function lastOnAll(count: number) {
  return (i: number): object | undefined =>
    i < count - 1 ? undefined : { taskIds: Array.from({ length: count - 1 }, (_, k) => `${k}`) }
}

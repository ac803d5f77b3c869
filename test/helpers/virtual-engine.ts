// An engine in memory on the virtual clock with the fake runtime, and the few bodies that most tests need.

import {
  createEngine,
  type Engine,
  type EngineParts,
  type HostOptions,
  type NodeReports,
  openStore,
} from '@malachite/emulator'
import type { Pool, Wire } from '@malachite/model'
import { onTestFinished } from 'vitest'
import { createSlowness } from '../../emulator/src/profile/slowness.ts'
import { createFakeRuntime, type FakeRuntimeOptions } from './fake-runtime.ts'
import { createVirtualClock } from './virtual-clock.ts'

export function openVirtualEngine(
  options: Pick<FakeRuntimeOptions, 'script' | 'allocation' | 'boot'> &
    Pick<EngineParts, 'applications' | 'quotas'> &
    Partial<Pick<EngineParts, 'store'>> &
    Pick<HostOptions, 'profile' | 'seed'> = {},
) {
  const clock = createVirtualClock()
  const slowness = createSlowness(options, clock, () => engine.reports)
  const reports = (): NodeReports => slowness?.nodes.reports ?? engine.reports
  const runtime = createFakeRuntime({ clock, reports, ...options })
  let ids = 0
  const engine: Engine = createEngine({
    store: options.store ?? openStore(':memory:'),
    clock,
    account: { name: 'test' },
    newId: () => String(++ids).padStart(64, '0'),
    perform: (effects) => {
      slowness?.nodes.expect(effects)
      runtime.perform(effects)
    },
    ...(options.applications && { applications: options.applications }),
    ...(options.quotas && { quotas: options.quotas }),
    ...(slowness && { pace: slowness.pace, waits: slowness.nodes.waits }),
  })
  onTestFinished(() => engine.close())
  const seen = slowness?.delayCounts(engine)?.engine ?? engine
  return { engine: seen, clock, runtime, seconds: (n: number) => clock.advance(n * 1000) }
}

/** A body that adds a pool. */
export function poolBody(id: string, more: object = {}) {
  return {
    id,
    vmSize: 'STANDARD_D2S_V3',
    virtualMachineConfiguration: {
      imageReference: { publisher: 'canonical', offer: 'ubuntu-24_04-lts', sku: 'server' },
      nodeAgentSKUId: 'batch.node.ubuntu 24.04',
    },
    targetDedicatedNodes: 1,
    ...more,
  }
}

/** A body that adds a job. */
export function jobBody(id: string, poolId: string, more: object = {}) {
  return { id, poolInfo: { poolId }, ...more }
}

/** A body that adds a task. */
export function taskBody(id: string, more: object = {}) {
  return { id, commandLine: `run ${id}`, ...more }
}

/** The states of a pool's nodes, sorted. */
export function nodeStates(engine: Engine, poolId: string): string[] {
  return engine.nodes
    .list(poolId)
    .items.map((node) => node.state)
    .sort()
}

/** Whether a pool has reached its size. */
export function isSteady(pool: Wire<Pool>): boolean {
  return pool.allocationState === 'steady'
}

// A Batch service in this process: the engine, its nodes and their files, without a network.

import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { BatchError, DEVELOPMENT_ACCOUNT, systemClock, type Clock } from '@malachite/model'
import type { Engine } from './engine/api.ts'
import type { NodeReports } from './engine/effects.ts'
import { createEngine } from './engine/engine.ts'
import { createNodeFiles, type NodeFiles } from './node/files.ts'
import { createNodeRuntime } from './node/runtime.ts'
import { openStore, type Store } from './storage/store.ts'
import { makeTemporary } from './temporary.ts'

/** Options of a Batch service in this process. */
export interface HostOptions {
  /** Directory that keeps everything across restarts. @default a temporary one, deleted by `close()` */
  location?: string
  /** Account that tasks see in AZ_BATCH_ACCOUNT_NAME. @default 'devbatchaccount1' */
  account?: string
  /** @default the clock on the wall */
  clock?: Clock
}

/** A running service. */
export interface BatchHost {
  engine: Engine
  files: NodeFiles
  /** URL that tasks see in AZ_BATCH_ACCOUNT_URL; set by whoever gives the service one. */
  account: { name: string; url: string }
  /** Ends all tasks and forgets all pools and jobs. */
  reset(): Promise<void>
  /** Ends all tasks and releases the database and temporary files. Calling it again does nothing. */
  close(): Promise<void>
}

/** Opens the service; what `location` holds from an earlier life is taken up again. */
export function openBatchHost(options: HostOptions = {}): BatchHost {
  const { clock = systemClock } = options
  const place = openPlace(options.location)
  const account = { name: options.account ?? DEVELOPMENT_ACCOUNT, url: 'http://localhost/' }
  const store = openPlacedStore(place)
  const removals = createRemovals(() => engine.reports)
  const runtime = createNodeRuntime({ root: place.nodes, account, clock, reports: () => removals.reports })
  const engine = createEngine({
    store,
    clock,
    account,
    newId: () => randomBytes(32).toString('hex'),
    perform: (effects) => runtime.perform(effects),
  })
  const close = once(async () => {
    await runtime.close()
    engine.close()
    if (place.temporary) await rm(place.root, { recursive: true, force: true })
  })
  return {
    engine,
    files: createNodeFiles(place.nodes),
    account,
    reset: () => removals.await(engine.reset()),
    close,
  }
}

/** Watches the reports for nodes whose removal somebody waits for. */
function createRemovals(reports: () => NodeReports) {
  const waiting = new Map<string, () => void>()
  const nodeRemoved = (nodeId: string): void => {
    reports().nodeRemoved(nodeId)
    waiting.get(nodeId)?.()
    waiting.delete(nodeId)
  }
  return {
    get reports(): NodeReports {
      return { ...reports(), nodeRemoved }
    },
    await: async (nodeIds: readonly string[]): Promise<void> => {
      await Promise.all(nodeIds.map((id) => new Promise<void>((resolve) => waiting.set(id, resolve))))
    },
  }
}

interface Place {
  root: string
  nodes: string
  database: string
  temporary: boolean
}

function openPlace(location: string | undefined): Place {
  const root = location === undefined ? makeTemporary() : resolve(location)
  const nodes = join(root, 'nodes')
  try {
    mkdirSync(nodes, { recursive: true, mode: 0o700 })
  } catch (cause) {
    const message = `Cannot write to ${root}: ${reason(cause)}`
    throw new BatchError('ConfigurationError', {}, { message, cause })
  }
  const database = location === undefined ? ':memory:' : join(root, 'batch.db')
  return { root, nodes, database, temporary: location === undefined }
}

function openPlacedStore(place: Place): Store {
  try {
    return openStore(place.database)
  } catch (cause) {
    const locked = /locked|busy/.test(reason(cause))
    const message = locked
      ? `${place.root} is in use by another emulator; stop that one or choose another --location`
      : `Cannot open ${place.database}: ${reason(cause)}`
    throw new BatchError('ConfigurationError', {}, { message, cause })
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function once(close: () => Promise<void>): () => Promise<void> {
  let closing: Promise<void> | undefined
  return () => (closing ??= close())
}

// A Batch service in this process: the engine, its nodes and their files, without a network.

import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setImmediate as othersServed } from 'node:timers/promises'
import { BatchError, DEVELOPMENT_ACCOUNT, systemClock, type Clock, type Quotas } from '@malachite/model'
import type { Engine } from './engine/api.ts'
import type { NodeIdentity, NodeReports } from './engine/core/effects.ts'
import { createEngine } from './engine/engine.ts'
import { readApplications } from './node/application-folder.ts'
import { createNodeFiles, type NodeFiles } from './node/files.ts'
import type { BatchAccount } from './node/account.ts'
import type { ContainerEngineChoice } from './node/container-engine.ts'
import { endOrphans } from './node/orphans.ts'
import { createNodeRuntime, type NodeRuntime } from './node/runtime.ts'
import { openClock, requirePace } from './profile/options.ts'
import type { Profile } from './profile/profile.ts'
import { createSlowness } from './profile/slowness.ts'
import { createPatience } from './patience.ts'
import { isDiskFailure } from './storage/integrity.ts'
import { findStaleFiles } from './stale-files.ts'
import { openStore, type Store } from './storage/store.ts'
import { makeTemporary } from './temporary.ts'

/** Options of a Batch service in this process. */
export interface HostOptions {
  /** Directory that keeps everything across restarts. @default a temporary one, deleted by `close()` */
  location?: string
  /** What `location` keeps survives a loss of power, too; every change then waits for the disk. @default false */
  fsync?: boolean
  /** Directory that holds the application packages, `<id>/<version>.zip`. @default `applications` in `location` */
  applications?: string
  /** What runs the containers of tasks. @default 'auto': Docker or Podman, whichever answers */
  containerEngine?: ContainerEngineChoice
  /** Nodes boot once this is resolved: what their tasks ask for is there then. @default at once */
  ready?: Promise<void>
  /** Account that tasks see in AZ_BATCH_ACCOUNT_NAME. @default 'devbatchaccount1' */
  account?: string
  /** @default the clock on the wall */
  clock?: Clock
  /** What the account may have at most. @default unlimited */
  quotas?: Quotas
  /** How long things take that need no time here. @default 'instant' */
  profile?: Profile
  /** Which of the times of a profile with chance they take, a whole number. @default 0 */
  seed?: number
  /** How many times faster than `clock` the service's goes, 1–10,000; processes keep their speed. @default 1 */
  timeScale?: number
}

/** A running service. */
export interface BatchHost {
  engine: Engine
  /** Of the nodes, and the logs of their agents. */
  files: NodeFiles & Pick<NodeRuntime, 'uploadLogs'>
  /** The directory that holds the application packages, absolute. */
  applications: string
  /** URL that tasks see in AZ_BATCH_ACCOUNT_URL; set by whoever gives the service one. */
  account: BatchAccount
  /** Ends all tasks and forgets all pools and jobs. */
  reset(): Promise<void>
  /** Ends all tasks and releases the database and temporary files. Calling it again does nothing. */
  close(): Promise<void>
}

/** Opens the service; what `location` holds from an earlier life is taken up again. */
export function openBatchHost(options: HostOptions = {}): BatchHost {
  requirePace(options)
  const place = openPlace(options)
  const account: BatchHost['account'] = {
    name: options.account ?? DEVELOPMENT_ACCOUNT,
    url: 'http://localhost/',
  }
  const { engine, store, runtime, removals, slowness, patience } = openEngine(options, place, account)
  const closing = new AbortController()
  if (!place.temporary) void clearStaleFiles(place.nodes, store, runtime, closing.signal)
  const late = slowness?.delayCounts(engine)
  const close = once(async () => {
    closing.abort()
    late?.close()
    slowness?.nodes.close()
    await runtime.close()
    patience.close()
    engine.close()
    if (place.temporary) await rm(place.root, { recursive: true, force: true })
  })
  return {
    engine: late?.engine ?? engine,
    files: { ...createNodeFiles(place.nodes), uploadLogs: runtime.uploadLogs },
    applications: place.applications,
    account,
    reset: () => removals.await(engine.reset()),
    close,
  }
}

/** The engine and its nodes, with whatever slows them down in between. */
function openEngine(options: HostOptions, place: Place, account: BatchAccount) {
  const { clock: wallClock = systemClock, timeScale = 1 } = options
  const store = openPlacedStore(place, options)
  const clock = openClock(wallClock, timeScale, store.latestTime() / 1000)
  const patience = createPatience(() => engine.reports, wallClock, onDiskFailure)
  const slowness = createSlowness(options, clock, () => patience.reports)
  if (!place.temporary) endOrphans([place.nodes])
  const removals = createRemovals(() => slowness?.nodes.reports ?? patience.reports)
  const runtime = createNodeRuntime({
    root: place.nodes,
    account,
    clock,
    wallClock,
    timeScale,
    ready: options.ready,
    reports: () => removals.reports,
    ...(options.containerEngine && { containerEngine: options.containerEngine }),
  })
  const engine = createEngine({
    store,
    clock,
    account,
    newId: () => randomBytes(32).toString('hex'),
    applications: () => readApplications(place.applications),
    ...(options.quotas && { quotas: options.quotas }),
    ...(slowness && { pace: slowness.pace, waits: slowness.nodes.waits }),
    perform: (effects) => {
      slowness?.nodes.expect(effects)
      runtime.perform(effects)
    },
  })
  runtime.perform(strangersAt(place.nodes, store).map((node) => ({ type: 'removeNode', node })))
  return { engine, store, runtime, removals, slowness, patience }
}

/** Nodes that are gone, whose files an emulator that was killed had not finished to delete. */
function strangersAt(directory: string, store: Store): NodeIdentity[] {
  const names = readdirSync(directory).filter((name) => name.startsWith('tvmps_'))
  const unknown = names.filter((nodeId) => !store.nodes.byId(nodeId))
  return unknown.map((nodeId) => ({ poolId: '', nodeId, isDedicated: true, ipAddress: '' }))
}

/** What an emulator that was killed had not begun to delete. */
async function clearStaleFiles(
  nodes: string,
  store: Store,
  runtime: NodeRuntime,
  closing: AbortSignal,
): Promise<void> {
  try {
    for (const found of findStaleFiles(nodes, store)) {
      if (found) runtime.perform([{ type: 'deleteTaskFiles', ...found }])
      else await othersServed()
      if (closing.aborted) return
    }
  } catch (error) {
    process.emitWarning(error as Error)
  }
}

function onDiskFailure({ message }: Error): void {
  process.emitWarning(`What the nodes report waits for the disk of the database: ${message}`)
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
  applications: string
  database: string
  temporary: boolean
}

function openPlace({ location, applications: folder, fsync = false }: HostOptions): Place {
  if (fsync && location === undefined) {
    const message = 'fsync is for what a location keeps: name one with --location, or leave --fsync out'
    throw new BatchError('ConfigurationError', {}, { message })
  }
  const root = location === undefined ? makeTemporary() : resolve(location)
  const nodes = join(root, 'nodes')
  const applications = resolve(folder ?? join(root, 'applications'))
  try {
    mkdirSync(nodes, { recursive: true, mode: 0o700 })
    mkdirSync(applications, { recursive: true, mode: 0o700 })
  } catch (cause) {
    const message = `Cannot write to ${root}: ${reason(cause)}`
    throw new BatchError('ConfigurationError', {}, { message, cause })
  }
  const database = location === undefined ? ':memory:' : join(root, 'batch.db')
  return { root, nodes, applications, database, temporary: location === undefined }
}

function openPlacedStore(place: Place, { fsync = false }: HostOptions): Store {
  try {
    return openStore(place.database, { fsync })
  } catch (cause) {
    const locked = /locked|busy/.test(reason(cause))
    const message = locked
      ? `${place.root} is in use by another emulator; stop that one or choose another --location`
      : `Cannot open ${place.database}: ${reason(cause)}${isDiskFailure(cause) ? '; is the disk full, or read-only?' : ''}`
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

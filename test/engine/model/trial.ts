// One random sequence: what is done is done to the engine and to the model, and both are compared after each step.

import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { createEngine, type Engine, openStore } from '@malachite/emulator'
import { isBatchError } from '@malachite/model'
import { createVirtualClock } from '../../helpers/virtual-clock.ts'
import { adopt, type Reservation } from './adopt.ts'
import { compare } from './compare.ts'
import { checkFiles, checkProcesses, checkWorkIsDone, createLeftoverCheck } from './invariants.ts'
import { settleAutoScale } from './autoscale.ts'
import { actOnJobs, settleJobs } from './jobs.ts'
import { recoverNode, recreateNodes, settleNodes } from './nodes.ts'
import { dropPools, settlePools } from './pools.ts'
import { countPending } from './scale.ts'
import { settleSchedules } from './schedules.ts'
import { createModel, type Model, type ModelNode, type ModelPool } from './state.ts'
import { forgetGhost } from './tasks.ts'
import { createWorld, type World } from './world.ts'

/** Ticks in a row that nothing but each other asked for. */
const MAX_TICKS = 50

export interface Trial {
  readonly model: Model
  readonly world: World
  engine(): Engine
  /** Does the same to the engine, then to the model; both refuse it with the same code, or neither does. */
  both(toEngine: (engine: Engine) => unknown, toModel: () => void): void
  /** The model refuses this with the code, or does it if there is none. */
  same(code: string | undefined, toModel: () => void): void
  /** Ids of the nodes that leave their pool, be it after their tasks. */
  leaving(): Set<string>
  /** Lets the next step come before the ticks that the engine asks for in it. */
  beLate(): void
  /** Moves the clock; what is due is done in the ticks of this step. */
  advance(ms: number): void
  /** A new engine over the same store; processes and whatever was asked of machines are gone. */
  restart(): void
  /** Ends a step: the ticks that are due, and a comparison after each. */
  endStep(): void
  /** Of pools, jobs and tasks that were deleted no row is left. */
  checkEmpty(): void
  close(): void
}

let trials = 0
const NONE: ReadonlySet<string> = new Set()

export function createTrial(): Trial {
  // Two connections to one database in memory: that of the engine, and one that looks into the tables.
  const path = `file:trial-${++trials}?mode=memory&cache=shared`
  const store = openStore(path)
  const database = new DatabaseSync(path)
  const checkLeftovers = createLeftoverCheck(database)
  const leaving = database.prepare("select id from nodes where state = 'leavingpool' or draining = 'left'")
  const clock = createVirtualClock()
  const world = createWorld(clock)
  const model = createModel()
  let ids = 0
  let engine = open()
  /** Steps until the one whose ticks come too late. */
  let late = 0
  world.takeEffects()
  model.chosenTarget = (poolId) => {
    const [pool] = engine.pools.list({ filter: `id eq '${poolId}' and state eq 'active'` }).items
    return (
      pool && { dedicated: pool.targetDedicatedNodes ?? 0, lowPriority: pool.targetLowPriorityNodes ?? 0 }
    )
  }
  model.chosenPool = (jobId) => engine.jobs.get(jobId).executionInfo.poolId ?? ''
  pass(0)

  function open(): Engine {
    return createEngine({
      store,
      clock,
      account: { name: 'test' },
      newId: () => String(++ids).padStart(64, '0'),
      perform: world.perform,
    })
  }

  function leavingNodes(): Set<string> {
    return new Set(leaving.all().map(({ id }) => String(id)))
  }

  function pass(ms: number): void {
    clock.advance(ms)
    model.now = clock.now()
  }

  function reservations(): Reservation[] {
    const select = ['id', 'nodeInfo']
    return [...model.jobs.values()]
      .filter((job) => job.preparation)
      .flatMap(({ id: jobId }) =>
        engine.tasks
          .list(jobId, { filter: "state eq 'preparing'", select })
          .items.map(({ id, nodeInfo }) => ({
            jobId,
            taskId: id,
            nodeId: nodeInfo?.nodeId ?? '',
          })),
      )
  }

  function agree(isOneChange: boolean): void {
    actOnJobs(model)
    dropPools(model)
    adopt(model, world.takeEffects(), reservations(), isOneChange)
    while (settleNodes(model));
    compare(engine, model)
    checkProcesses(model, world)
    checkWorkIsDone(model)
    checkFiles(model, world)
    checkLeftovers()
  }

  return {
    model,
    world,
    engine: () => engine,
    both(toEngine, toModel) {
      const answered = refusal(() => toEngine(engine))
      const expected = refusal(toModel)
      assert.equal(answered, expected, 'the answer')
      // What is refused is undone: nothing may come of it.
      if (answered === undefined) agree(true)
      else assert.deepEqual(world.takeEffects(), [], 'effects of what was refused')
    },
    same: (code, toModel) => assert.equal(code, refusal(toModel), 'the answer'),
    leaving: leavingNodes,
    beLate: () => void (late = 2),
    advance(ms) {
      pass(ms)
      late = 0
    },
    restart() {
      world.reset()
      engine = open()
      for (const node of model.nodes.values()) recoverNode(model, node)
      // Samples are lost; the next tick takes one.
      for (const { scale } of model.pools.values()) if (scale) scale.sampleAt = model.now
      forgetGhost(model, () => true)
      agree(false)
    },
    endStep() {
      model.step += 1
      pass(1)
      late -= 1
      if (late === 0) return
      const pools = [...model.pools.values()]
      const left = pools.some(({ scale }) => scale) ? leavingNodes() : NONE
      let ticks = 0
      for (; world.isTickDue(); ticks++) {
        assert.ok(ticks < MAX_TICKS, 'one tick asks for the next for ever')
        world.tick(engine)
      }
      const pending = new Map(pools.map((pool) => [pool, countPending(model, pool)]))
      const chosen = ({ id }: { id: string }) => leavingNodes().has(id) && !left.has(id)
      if (settle(model, pending, chosen) || ticks > 0) agree(false)
    },
    checkEmpty: () => assert.deepEqual(countRows(database), [], 'rows of what is gone'),
    close() {
      database.close()
      engine.close()
    },
  }
}

/** Tables that outlive pools and jobs. */
const LASTING = ['usage', 'forgotten']

/** The tables with rows, but for those that are to have some. */
function countRows(database: DatabaseSync): string[] {
  const tables = database.prepare("select name from sqlite_schema where type = 'table'").all()
  return tables
    .map(({ name }) => String(name))
    .filter(
      (name) => !LASTING.includes(name) && database.prepare(`select 1 from ${name}`).get() !== undefined,
    )
}

/** All that comes by itself, until nothing comes any more; whether anything did. */
function settle(
  model: Model,
  pending: Map<ModelPool, number>,
  chosen: (node: ModelNode) => boolean,
): boolean {
  for (let rounds = 0; ; rounds++) {
    actOnJobs(model)
    // What ends a job, and what follows from that, comes before all else.
    const jobs = [settleJobs(model), settleJobs(model)].includes(true)
    dropPools(model)
    const came = [
      jobs,
      recreateNodes(model),
      settleNodes(model),
      settleSchedules(model),
      settlePools(model),
      settleAutoScale(model, pending, chosen),
    ]
    dropPools(model)
    if (!came.includes(true) && model.actions.size === 0) return rounds > 0
  }
}

/** The code that this is refused with; anything but a refusal is an error. */
function refusal(action: () => unknown): string | undefined {
  try {
    action()
    return undefined
  } catch (error) {
    if (!isBatchError(error)) throw error
    return error.code
  }
}

// What happens without users: processes end, machines answer, time passes, the emulator restarts.

import type { Effect, Engine } from '@malachite/emulator'
import { ending, pick, seldom } from './choices.ts'
import { jobTaskEnded } from './jobs.ts'
import { nodeBooted, nodeStopped, startTaskEnded } from './nodes.ts'
import { operation } from './operations.ts'
import { growPool, nodeRemoved } from './pools.ts'
import { nodesOf } from './state.ts'
import { type Ending, finish } from './tasks.ts'
import type { Trial } from './trial.ts'
import { type Errand, outcomeOf, type Process } from './world.ts'

/** Longer than files are kept. */
const EIGHT_DAYS = 8 * 24 * 3_600_000

export const EVENTS = [
  operation(20, 'end', { pick, ending }, (trial, { pick, ending }) => {
    const processes = [...trial.world.processes.values()]
    const process = processes[pick % processes.length]
    if (process) endProcess(trial, process, ending)
  }),
  operation(6, 'answer', { pick, fails: seldom }, (trial, { pick, fails }) => {
    const { errands } = trial.world
    const errand = errands[pick % errands.length]
    if (errand) answer(trial, errand, fails)
  }),
  operation(6, 'answer all', {}, (trial) => {
    for (const errand of trial.world.errands.slice()) answer(trial, errand, false)
  }),
  operation(6, 'be late', {}, (trial) => trial.beLate()),
  operation(1, 'eight days pass', {}, (trial) => trial.advance(EIGHT_DAYS)),
  operation(3, 'restart', {}, (trial) => trial.restart()),
]

/** A process is gone; it ends by a signal if it was killed. */
export function endProcess(trial: Trial, { run, nodeId, task }: Process, ending: Ending): void {
  trial.world.processes.delete(run)
  const outcome = outcomeOf(run, ending)
  trial.both(
    ({ reports }) => (task ? reports.taskEnded(outcome) : reports.startTaskEnded(nodeId, outcome)),
    () => (task ? taskEnded(trial, run, ending) : startEnded(trial, nodeId, run, ending)),
  )
}

function startEnded({ model }: Trial, nodeId: string, run: number, ending: Ending): void {
  const node = model.nodes.get(nodeId)
  if (node?.start?.run === run) startTaskEnded(node, ending)
}

function taskEnded({ model }: Trial, run: number, ending: Ending): void {
  for (const node of model.nodes.values()) {
    const hold = node.holds.find((hold) => hold.run === run)
    if (!hold) continue
    const task = [...(hold.job?.tasks.values() ?? [])].find((task) => task.hold === hold)
    if (task) return finish(model, task, ending)
    node.holds = node.holds.filter((other) => other !== hold)
    return
  }
  jobTaskEnded(model, run, ending)
}

/** A machine does what was asked of it, or its boot `fails`. */
export function answer(trial: Trial, errand: Errand, fails: boolean): void {
  const { model, world } = trial
  const isCurrent = world.isCurrent(errand)
  if (errand.type === 'allocateNodes') return allocate(trial, errand, isCurrent)
  const { nodeId } = errand.node
  for (const process of Array.from(world.processes.values())) {
    if (process.nodeId !== nodeId) continue
    endProcess(trial, process, { exitCode: -9 })
  }
  const node = model.nodes.get(nodeId)
  done(trial, errand)
  trial.both(
    ({ reports }) => report(reports, errand, fails),
    () => {
      if (!node || !isCurrent) return
      if (errand.type === 'removeNode') nodeRemoved(model, node)
      else if (errand.type === 'stopNode') nodeStopped(node)
      else nodeBooted(node, !fails)
    },
  )
}

function done({ world: { errands } }: Trial, errand: Errand): void {
  errands.splice(errands.indexOf(errand), 1)
}

function report(
  reports: Engine['reports'],
  errand: Exclude<Errand, Effect & { type: 'allocateNodes' }>,
  fails: boolean,
): void {
  const { nodeId } = errand.node
  if (errand.type === 'removeNode') return reports.nodeRemoved(nodeId)
  if (errand.type === 'stopNode') return reports.nodeStopped(nodeId, errand.boot)
  if (fails)
    return reports.nodeBootFailed(nodeId, errand.boot, { code: 'DiskFull', message: 'There is no room.' })
  reports.nodeBooting(nodeId, errand.boot)
  reports.nodeBooted(nodeId, errand.boot)
}

function allocate(
  trial: Trial,
  errand: Extract<Errand, { type: 'allocateNodes' }>,
  isCurrent: boolean,
): void {
  const { model } = trial
  const { poolId, resize } = errand
  done(trial, errand)
  trial.both(
    ({ reports }) => reports.nodesAllocated(poolId, resize),
    () => {
      const pool = model.pools.get(poolId)
      if (!pool || !isCurrent) return
      const known = new Set(nodesOf(model, pool).map(({ id }) => id))
      const nodes = trial.engine().nodes.list(poolId, { select: ['id', 'isDedicated'] }).items
      const added = nodes.filter(({ id }) => !known.has(id))
      growPool(
        model,
        pool,
        added.map(({ id, isDedicated }) => ({ id, dedicated: isDedicated })),
      )
    },
  )
}

// What happens without users: processes end, machines answer, time passes, the emulator restarts.

import type { Effect, Engine } from '@malachite/emulator'
import { ending, pick, seldom, time } from './choices.ts'
import { instanceEnded } from './instances.ts'
import { jobTaskEnded } from './jobs.ts'
import { nodeBooted, nodeStopped, startTaskEnded } from './nodes.ts'
import { operation } from './operations.ts'
import { growPool, nodeRemoved } from './pools.ts'
import { nodesOf } from './queries.ts'
import { type Ending, finish, forgetGhost, TIMED_OUT } from './tasks.ts'
import type { Trial } from './trial.ts'
import { type Errand, outcomeOf, type Process } from './world.ts'

export const EVENTS = [
  operation(30, 'end', { pick, ending }, (trial, { pick, ending }) => {
    const processes = [...trial.world.processes.values()]
    const process = processes[pick % processes.length]
    if (process) endProcess(trial, process, ending)
  }),
  operation(6, 'answer', { pick, fails: seldom }, (trial, { pick, fails }) => {
    const { errands } = trial.world
    const errand = errands[pick % errands.length]
    if (errand) answer(trial, errand, fails)
  }),
  operation(24, 'answer all', {}, (trial) => {
    for (const errand of trial.world.errands.slice()) answer(trial, errand, false)
  }),
  operation(4, 'be late', {}, (trial) => trial.beLate()),
  operation(2, 'time passes', { time }, (trial, { time }) => trial.advance(time)),
  operation(2, 'restart', {}, (trial) => trial.restart()),
]

/** A process is gone; it ends by a signal if it was killed. */
export function endProcess(trial: Trial, process: Process, given: Ending): void {
  const { run, nodeId, task } = process
  trial.world.processes.delete(run)
  const ending: Ending = isOverdue(trial, process) ? { exitCode: -15, failure: TIMED_OUT } : given
  const outcome = outcomeOf(run, ending)
  trial.both(
    ({ reports }) => (task ? reports.taskEnded(outcome) : reports.startTaskEnded(nodeId, outcome)),
    () => (task ? taskEnded(trial, run, ending) : startEnded(trial, nodeId, run, ending)),
  )
}

function isOverdue({ model }: Trial, { startedAt, task }: Process): boolean {
  return model.now - startedAt >= (task?.maxWallClockMs ?? Infinity)
}

function startEnded({ model }: Trial, nodeId: string, run: number, ending: Ending): void {
  const node = model.nodes.get(nodeId)
  if (node?.start?.run === run) startTaskEnded(node, ending)
}

function taskEnded({ model }: Trial, run: number, ending: Ending): void {
  forgetGhost(model, (hold) => hold.run === run)
  for (const node of model.nodes.values()) {
    const hold = node.holds.find((hold) => hold.run === run)
    if (!hold) continue
    const task = [...(hold.job?.tasks.values() ?? [])].find(
      ({ hold: own, parts }) => own === hold || parts.some((part) => part.hold === hold),
    )
    if (task && task.instances > 0) return instanceEnded(model, task, hold, ending)
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
  if (errand.type === 'removeNode' || (errand.type === 'bootNode' && errand.wipe && isCurrent))
    world.files.delete(nodeId)
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

// Multi-instance tasks in the model: a coordination on each of their nodes, then the application on the first.

import assert from 'node:assert/strict'
import type { TaskRun } from '@malachite/emulator'
import { directoryOf, freeSlots } from './queries.ts'
import { type Hold, type Model, type ModelInstance, type ModelNode, type ModelTask } from './state.ts'
import { complete, detach, type Ending, finish, mayRetry, wait } from './tasks.ts'

/** A command of a task runs that was given to the first of its nodes already. */
export function adoptInstance(task: ModelTask, node: ModelNode, { run, instance }: TaskRun): void {
  const name = `${task.job.id}/${task.id}`
  if (instance?.phase === 'application') return adoptApplication(task, node, run)
  const known = task.parts.map((part) => part.node)
  assert.equal(instance?.id, known.length, `${name} has another instance first`)
  assert.ok(!known.includes(node), `${name} has two instances on one node`)
  assert.equal(task.hold?.node.pool, node.pool, `${name} runs on two pools`)
  assert.ok(freeSlots(node) >= 1, `${name} needs a slot of ${node.id}`)
  const place = { job: task.job, taskId: task.id, directory: directoryOf(task.job.id, task.id) }
  const hold: Hold = { node, slots: 1, kind: 'running', ...place, run }
  node.holds.push(hold)
  task.parts.push({ node, hold, state: 'running' })
}

function adoptApplication(task: ModelTask, node: ModelNode, run: number): void {
  const name = `${task.job.id}/${task.id}`
  assert.ok(isCoordinated(task), `${name} runs before it is coordinated`)
  assert.equal(task.hold?.node, node, `${name} runs on another node than its primary's`)
  assert.equal(task.hold.run, undefined, `${name} runs twice`)
  task.hold.run = run
}

function isCoordinated({ parts, instances }: ModelTask): boolean {
  return parts.length === instances && parts.every(({ result }) => result === 'success')
}

/** A process of a task is gone. */
export function instanceEnded(model: Model, task: ModelTask, hold: Hold, ending: Ending): void {
  if (isCoordinated(task)) return applicationEnded(model, task, ending)
  const part = task.parts.find((part) => part.hold === hold)
  assert.ok(part, 'the coordination of an instance has ended')
  const succeeded = ending.exitCode === 0 && ending.failure === undefined
  Object.assign(part, { state: 'completed', exitCode: ending.exitCode })
  part.result = succeeded ? 'success' : 'failure'
  Object.assign(hold, { run: undefined, isQuiet: true })
  if (!succeeded) coordinationFailed(model, task, part, ending)
  else if (isCoordinated(task) && task.hold) task.hold.isQuiet = false
}

function coordinationFailed(model: Model, task: ModelTask, part: ModelInstance, ending: Ending): void {
  const exitCode = part === task.parts[0] ? ending.exitCode : undefined
  detach(model, task)
  if (mayRetry(ending, task.retries, task.maxRetries)) {
    task.retries += 1
    wait(model, task)
  } else complete(model, task, 'failure', exitCode, ending.failure ?? 'FailureExitCode')
}

function applicationEnded(model: Model, task: ModelTask, ending: Ending): void {
  const { hold } = task
  task.hold = undefined
  detach(model, task)
  task.hold = hold
  finish(model, task, ending)
}

// What can be done to pools and nodes, and when.

import { at, post, preempt, remove, resizePool, type NodeView, type PoolView } from '../api.ts'
import { isEmulator } from '../settings.ts'
import type { Action, Field } from './action.ts'

/** Actions of a pool in its state. */
export function poolActions(pool: PoolView): (Action | false)[] {
  const changes = { pools: [pool.id], nodes: [pool.id] }
  const isActive = pool.state === 'active'
  return [
    isActive && pool.allocationState === 'steady' && !pool.enableAutoScale && resize(pool),
    isActive &&
      pool.allocationState === 'resizing' && {
        verb: 'Stop resize',
        question: `Stop resizing pool ${pool.id}?`,
        consequence: 'It keeps the nodes that it has by now.',
        perform: () => post(at.pool(pool.id), 'stopresize'),
        done: `Pool ${pool.id} stops resizing.`,
        changes,
      },
    isActive && {
      verb: 'Delete',
      question: `Delete pool ${pool.id}?`,
      consequence: 'Its nodes and all files on them are gone; tasks that run go back into the queue.',
      isDangerous: true,
      perform: () => remove(at.pool(pool.id)),
      done: `Pool ${pool.id} is being deleted.`,
      changes,
      leadsTo: '/pools',
    },
  ]
}

const SIZES: readonly Omit<Field, 'initial'>[] = [
  { name: 'targetDedicatedNodes', label: 'Dedicated nodes', kind: 'number', min: 0 },
  { name: 'targetLowPriorityNodes', label: 'Spot nodes', kind: 'number', min: 0 },
]

function resize(pool: PoolView): Action {
  const targets = [pool.targetDedicatedNodes, pool.targetLowPriorityNodes]
  return {
    verb: 'Resize',
    question: `Resize pool ${pool.id}?`,
    consequence: 'Nodes are added, or removed with their files; tasks on those go back into the queue.',
    fields: SIZES.map((field, i) => ({ ...field, initial: String(targets[i] ?? 0) })),
    perform: (values) =>
      resizePool(pool.id, {
        targetDedicatedNodes: Number(values['targetDedicatedNodes']),
        targetLowPriorityNodes: Number(values['targetLowPriorityNodes']),
      }),
    done: `Pool ${pool.id} is being resized.`,
    changes: { pools: [pool.id], nodes: [pool.id] },
  }
}

const RUNNING_TASKS: Omit<Field, 'name'> = {
  label: 'Tasks that run now',
  kind: 'choice',
  initial: 'requeue',
  choices: [
    { value: 'requeue', text: 'end and go back into the queue' },
    { value: 'terminate', text: 'are terminated' },
    { value: 'taskcompletion', text: 'may end first' },
  ],
}

/** Actions of a node in its state. */
export function nodeActions(pool: string, node: NodeView): (Action | false)[] {
  const path = at.node(pool, node.id)
  const changes = { nodes: [pool] }
  const isUp = ['idle', 'running', 'starttaskfailed', 'waitingforstarttask', 'offline'].includes(node.state)
  const isEnabled = node.schedulingState === 'enabled'
  return [
    isUp && {
      verb: 'Reboot',
      question: `Reboot node ${node.id}?`,
      consequence: 'The node starts again and runs its start task; files on it stay.',
      fields: [{ ...RUNNING_TASKS, name: 'nodeRebootOption' }],
      perform: (values) => post(path, 'reboot', values),
      done: `Node ${node.id} is rebooting.`,
      changes,
    },
    isUp &&
      isEnabled && {
        verb: 'Take offline',
        question: `Take node ${node.id} offline?`,
        consequence: 'It takes no more tasks until it is brought back.',
        fields: [{ ...RUNNING_TASKS, name: 'nodeDisableSchedulingOption' }],
        perform: (values) => post(path, 'disablescheduling', values),
        done: `Node ${node.id} takes no more tasks.`,
        changes,
      },
    !isEnabled && {
      verb: 'Bring back',
      question: `Bring node ${node.id} back?`,
      consequence: 'It takes tasks again.',
      perform: () => post(path, 'enablescheduling'),
      done: `Node ${node.id} takes tasks again.`,
      changes,
    },
    isEmulator.value &&
      isUp &&
      !node.isDedicated && {
        verb: 'Preempt',
        question: `Preempt node ${node.id}?`,
        consequence:
          'Its machine is taken away as Azure does with spot nodes: running tasks go back into the queue, files are lost.',
        isDangerous: true,
        perform: () => preempt(pool, node.id),
        done: `Node ${node.id} is preempted.`,
        changes,
      },
  ]
}

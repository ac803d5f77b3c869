// What can be done to nodes, and when.

import { at, post, preempt, type NodeView } from '../api.ts'
import { isEmulator } from '../settings.ts'
import { runningTasksField, type Action } from './action.ts'

const UP = ['idle', 'running', 'starttaskfailed', 'waitingforstarttask', 'offline']

/** Actions of a node in its state. */
export function nodeActions(pool: string, node: NodeView): (Action | false)[] {
  const { id, state, schedulingState, isDedicated } = node
  const isUp = UP.includes(state)
  const isEnabled = schedulingState === 'enabled'
  return [
    isUp && reboot(pool, id),
    isUp && isEnabled && takeOffline(pool, id),
    !isEnabled && bringBack(pool, id),
    isEmulator.value && isUp && !isDedicated && takeAway(pool, id),
  ]
}

function reboot(pool: string, id: string): Action {
  return {
    verb: 'Reboot',
    question: `Reboot node ${id}?`,
    consequence: 'The node starts again and runs its start task; files on it stay.',
    fields: [runningTasksField('nodeRebootOption', 'taskcompletion')],
    perform: (values) => post(at.node(pool, id), 'reboot', values),
    done: `Node ${id} is rebooting.`,
    changes: { nodes: [pool] },
  }
}

function takeOffline(pool: string, id: string): Action {
  return {
    verb: 'Take offline',
    question: `Take node ${id} offline?`,
    consequence: 'It takes no more tasks until it is brought back.',
    fields: [runningTasksField('nodeDisableSchedulingOption', 'taskcompletion')],
    perform: (values) => post(at.node(pool, id), 'disablescheduling', values),
    done: `Node ${id} takes no more tasks.`,
    changes: { nodes: [pool] },
  }
}

function bringBack(pool: string, id: string): Action {
  return {
    verb: 'Bring back',
    question: `Bring node ${id} back?`,
    consequence: 'It takes tasks again.',
    perform: () => post(at.node(pool, id), 'enablescheduling'),
    done: `Node ${id} takes tasks again.`,
    changes: { nodes: [pool] },
  }
}

function takeAway(pool: string, id: string): Action {
  return {
    verb: 'Preempt',
    question: `Preempt node ${id}?`,
    consequence:
      'Its machine is taken away as Azure does with spot nodes: running tasks go back into the queue, files are lost.',
    isDangerous: true,
    perform: () => preempt(pool, id),
    done: `Node ${id} is preempted.`,
    changes: { nodes: [pool] },
  }
}

// What can be done to pools, and when.

import { at, post, remove, resizePool, type PoolView } from '../api.ts'
import type { Action, Field } from './action.ts'

/** Actions of a pool in its state. */
export function poolActions(pool: PoolView): (Action | false)[] {
  const { id, state, allocationState, enableAutoScale } = pool
  const isActive = state === 'active'
  return [
    isActive && allocationState === 'steady' && !enableAutoScale && resize(pool),
    isActive && allocationState === 'resizing' && stopResize(id),
    isActive && deletePool(id),
  ]
}

function changesOf(pool: string): Action['changes'] {
  return { pools: [pool], nodes: [pool] }
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
    changes: changesOf(pool.id),
  }
}

function stopResize(id: string): Action {
  return {
    verb: 'Stop resize',
    question: `Stop resizing pool ${id}?`,
    consequence: 'It keeps the nodes that it has by now.',
    perform: () => post(at.pool(id), 'stopresize'),
    done: `Pool ${id} stops resizing.`,
    changes: changesOf(id),
  }
}

function deletePool(id: string): Action {
  return {
    verb: 'Delete',
    question: `Delete pool ${id}?`,
    consequence: 'Its nodes and all files on them are gone; tasks that run go back into the queue.',
    isDangerous: true,
    perform: () => remove(at.pool(id)),
    done: `Pool ${id} is being deleted.`,
    changes: changesOf(id),
    leadsTo: '/pools',
  }
}

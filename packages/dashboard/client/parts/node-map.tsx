// The nodes of a pool at one sight: a square each, with the letter of its state and its slots as a bar.

import { Link } from 'wouter-preact'
import type { NodeView } from '../api.ts'
import { formatNumber, plural } from '../format.ts'
import { pageOf } from '../paths.ts'
import { lookOf } from '../states.ts'

export type MapNode = Pick<
  NodeView,
  'id' | 'state' | 'schedulingState' | 'isDedicated' | 'runningTaskSlotsCount'
>

/** More nodes than these are drawn small, so that a thousand fit on a screen. */
const ROOMY = 150

export interface NodeMapProps {
  pool: string
  nodes: readonly MapNode[]
  /** Slots of each node. */
  slots: number
}

/** Squares that lead to the nodes' pages, and what their letters mean. */
export function NodeMap({ pool, nodes, slots }: NodeMapProps) {
  const states = [...new Set(nodes.map(({ state }) => state))].toSorted()
  return (
    <>
      <ul class={`node-map ${nodes.length > ROOMY ? 'is-dense' : ''}`} aria-label="Nodes">
        {nodes.map((node) => (
          <li key={node.id}>
            <Square pool={pool} node={node} slots={slots} />
          </li>
        ))}
      </ul>
      <ul class="legend">
        {states.map((state) => {
          const { letter, word, tone } = lookOf(state)
          return (
            <li key={state}>
              <span class={`letter tone-${tone}`} aria-hidden="true">
                {letter}
              </span>
              {word} ({formatNumber(nodes.filter((node) => node.state === state).length)})
            </li>
          )
        })}
        {nodes.some(({ isDedicated }) => !isDedicated) && (
          <li>
            <span class="letter spot" aria-hidden="true" /> dashed: spot node
          </li>
        )}
      </ul>
    </>
  )
}

function Square({ pool, node, slots }: { pool: string; node: MapNode; slots: number }) {
  const { letter, word, tone } = lookOf(node.state)
  const used = node.runningTaskSlotsCount ?? 0
  const name = `${node.id}: ${word}, ${used} of ${plural(slots, 'slot')} in use${node.isDedicated ? '' : ', spot'}`
  return (
    <Link
      href={pageOf.node(pool, node.id)}
      class={`square tone-${tone} ${node.isDedicated ? '' : 'spot'}`}
      aria-label={name}
      title={name}
    >
      <span aria-hidden="true">{letter}</span>
      <span class="slots" aria-hidden="true">
        <span style={{ width: `${(100 * Math.min(used, slots)) / slots}%` }} />
      </span>
    </Link>
  )
}

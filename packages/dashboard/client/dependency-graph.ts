// Places to draw tasks and the lines between them. The layout library is loaded with this module.

import { graphlib, layout } from '@dagrejs/dagre'
import type { Links } from './dependency-links.ts'

/** Where something is drawn, pixels. */
export interface Place {
  x: number
  y: number
  width: number
  height: number
}

/** A drawing of tasks from left to right, in the order in which they can run. */
export interface Drawing {
  /** By the ids of the tasks. */
  places: ReadonlyMap<string, Place>
  edges: readonly { from: string; to: string; points: readonly { x: number; y: number }[] }[]
  width: number
  height: number
}

const HEIGHT = 28
const LETTER = 7.4
const LONGEST = 26

/** Lays out the tasks `ids`, and the links among them. */
export function layOut(ids: readonly string[], links: Links): Drawing {
  const graph = new graphlib.Graph()
  graph.setGraph({ rankdir: 'LR', nodesep: 10, ranksep: 44, marginx: 8, marginy: 8 })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const id of ids) {
    graph.setNode(nameOf(id), { width: 34 + LETTER * Math.min(id.length, LONGEST), height: HEIGHT })
  }
  const drawn = new Set(ids)
  for (const id of ids) {
    for (const parent of links.get(id) ?? []) if (drawn.has(parent)) graph.setEdge(nameOf(parent), nameOf(id))
  }
  layout(graph)
  const { width = 0, height = 0 } = graph.graph()
  return {
    places: new Map(ids.map((id) => [id, cornerOf(graph.node(nameOf(id)))])),
    edges: graph.edges().map(({ v, w }) => ({
      from: idOf(v),
      to: idOf(w),
      points: graph.edge(v, w).points ?? [],
    })),
    width,
    height,
  }
}

// The library keeps names as members of objects, where `__proto__` is none.
const nameOf = (id: string): string => `:${id}`
const idOf = (name: string): string => name.slice(1)

/** The library tells centres. */
function cornerOf({ x = 0, y = 0, width = 0, height = 0 }: Partial<Place>): Place {
  return { x: x - width / 2, y: y - height / 2, width, height }
}

/** An id as it fits into its box. */
export function shorten(id: string): string {
  return id.length <= LONGEST ? id : `${id.slice(0, 12)}…${id.slice(-13)}`
}

// Who waits for whom among the tasks of a job, with places to draw them. The layout library is loaded with this module.

import { graphlib, layout } from '@dagrejs/dagre'
import type { TaskView } from './api.ts'

export type GraphTask = Pick<TaskView, 'id' | 'state' | 'dependsOn' | 'executionInfo'>

export interface GraphNode {
  task: GraphTask
  x: number
  y: number
  width: number
  height: number
  parents: string[]
}

export interface Graph {
  nodes: GraphNode[]
  edges: { from: string; to: string; points: { x: number; y: number }[] }[]
  width: number
  height: number
}

const HEIGHT = 28
const LETTER = 7.4
const LONGEST = 26

/** Tasks from left to right in the order in which they can run. */
export function layOut(tasks: readonly GraphTask[]): Graph {
  const graph = new graphlib.Graph()
  graph.setGraph({ rankdir: 'LR', nodesep: 10, ranksep: 44, marginx: 8, marginy: 8 })
  graph.setDefaultEdgeLabel(() => ({}))
  const parents = new Map(tasks.map((task) => [task.id, parentsOf(task, tasks)]))
  for (const { id } of tasks) {
    graph.setNode(id, { width: 34 + LETTER * Math.min(id.length, LONGEST), height: HEIGHT })
  }
  for (const [id, ids] of parents) for (const parent of ids) graph.setEdge(parent, id)
  layout(graph)
  const { width = 0, height = 0 } = graph.graph()
  return {
    nodes: tasks.map((task) => ({
      task,
      ...placeOf(graph.node(task.id)),
      parents: parents.get(task.id) ?? [],
    })),
    edges: graph.edges().map(({ v, w }) => ({ from: v, to: w, points: graph.edge(v, w).points ?? [] })),
    width,
    height,
  }
}

function placeOf({
  x = 0,
  y = 0,
  width = 0,
  height = 0,
}: {
  x?: number
  y?: number
  width?: number
  height?: number
}) {
  return { x: x - width / 2, y: y - height / 2, width, height }
}

/** The tasks of the list that a task names, in ranges as well; ids are the same regardless of case. */
function parentsOf({ dependsOn }: GraphTask, tasks: readonly GraphTask[]): string[] {
  const named = new Set(dependsOn?.taskIds?.map((id) => id.toLowerCase()))
  const ranges = dependsOn?.taskIdRanges ?? []
  const isInRange = (id: string): boolean =>
    /^\d+$/.test(id) && ranges.some(({ start, end }) => Number(id) >= start && Number(id) <= end)
  return tasks.filter(({ id }) => named.has(id.toLowerCase()) || isInRange(id)).map(({ id }) => id)
}

/** An id as it fits into its box. */
export function shorten(id: string): string {
  return id.length <= LONGEST ? id : `${id.slice(0, 12)}…${id.slice(-13)}`
}

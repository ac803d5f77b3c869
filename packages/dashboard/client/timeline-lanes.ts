// What ran on which node, and when, as lanes: tasks that ran beside each other on the slots of a node never overlap.

import type { StartedTask } from './latest-tasks.ts'

/** A task on the timeline; milliseconds since 1970. */
export interface Bar {
  task: StartedTask
  from: number
  to: number
}

/** A node with one lane for each task that it ran at once. */
export interface TimelineNode {
  pool: string
  node: string
  lanes: readonly (readonly Bar[])[]
}

/** All of it, and how long it took. */
export interface TimelineLanes {
  nodes: readonly TimelineNode[]
  /** The first start and the last end; milliseconds since 1970. */
  from: number
  to: number
}

/** Tasks on their nodes; what still runs lasts until `now`. Those that have not started are left out. */
export function lanesOf(tasks: readonly StartedTask[], now: number): TimelineLanes {
  const bars = tasks.flatMap((task) => barOf(task, now)).toSorted((a, b) => a.from - b.from)
  const byNode = Map.groupBy(bars, ({ task: { nodeInfo } }) => `${nodeInfo?.poolId}/${nodeInfo?.nodeId}`)
  const nodes = [...byNode.values()].map((own) => {
    const { poolId: pool = '', nodeId: node = '' } = own[0]?.task.nodeInfo ?? {}
    return { pool, node, lanes: stack(own) }
  })
  const from = bars[0]?.from ?? now
  return {
    nodes: nodes.toSorted((a, b) => a.node.localeCompare(b.node)),
    from,
    to: bars.reduce((latest, bar) => Math.max(latest, bar.to), from + 1),
  }
}

function barOf(task: StartedTask, now: number): Bar[] {
  const { startTime, endTime } = task.executionInfo
  if (startTime === undefined || !task.nodeInfo) return []
  const from = Date.parse(startTime)
  return [{ task, from, to: Math.max(from, endTime === undefined ? now : Date.parse(endTime)) }]
}

/** Each bar goes into the first lane that is free again when it begins. */
function stack(bars: readonly Bar[]): Bar[][] {
  const lanes: Bar[][] = []
  for (const bar of bars) {
    const free = lanes.find((lane) => (lane.at(-1)?.to ?? 0) <= bar.from)
    if (free) free.push(bar)
    else lanes.push([bar])
  }
  return lanes
}

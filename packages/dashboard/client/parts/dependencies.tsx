// The dependency graph of a job.

import { useEffect, useState } from 'preact/hooks'
import { Link } from 'wouter-preact'
import { at, list } from '../api.ts'
import type { Graph, GraphNode, GraphTask } from '../dependency-graph.ts'
import { pageOf } from '../paths.ts'
import { useResource } from '../resource.ts'
import { lookOf, taskLook } from '../states.ts'
import { Empty } from './panel.tsx'
import { Loaded } from './problem.tsx'

/** Beyond that nobody can follow the lines, and laying them out takes seconds. */
const MOST = 500

type Library = typeof import('../dependency-graph.ts')

/** The tasks of a job as boxes, with lines to those that wait for them. */
export function Dependencies({ job }: { job: string }) {
  const library = useLibrary()
  const tasks = useResource({
    key: job,
    load: (signal) =>
      list<GraphTask>(
        `${at.job(job)}/tasks`,
        { select: 'id,state,dependsOn,executionInfo', limit: MOST + 1 },
        signal,
      ),
    topics: [{ kind: 'tasks', id: job }],
    every: 1500,
  })
  if (!library) return <p class="loading">Loading the graph …</p>
  return (
    <Loaded from={tasks} what="the tasks">
      {({ items }) => {
        if (items.length === 0) return <Empty>The job has no tasks.</Empty>
        if (items.length > MOST) return <Empty>The job has more than {MOST} tasks, too many to draw.</Empty>
        return <Drawing job={job} graph={library.layOut(items)} shorten={library.shorten} />
      }}
    </Loaded>
  )
}

function useLibrary(): Library | undefined {
  const [library, setLibrary] = useState<Library>()
  useEffect(() => void import('../dependency-graph.ts').then(setLibrary), [])
  return library
}

function Drawing({ job, graph, shorten }: { job: string; graph: Graph; shorten: (id: string) => string }) {
  const { nodes, edges, width, height } = graph
  return (
    <div class="graph" tabIndex={0} role="region" aria-label="Dependency graph, scrollable">
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
        <defs>
          <marker
            id="arrow"
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="7"
            markerHeight="7"
            orient="auto"
          >
            <path d="M0 0L8 4 0 8z" class="arrow" />
          </marker>
        </defs>
        <g aria-hidden="true">
          {edges.map(({ from, to, points }) => (
            <path key={`${from} ${to}`} class="edge" d={lineThrough(points)} marker-end="url(#arrow)" />
          ))}
        </g>
        {nodes.map((node) => (
          <Box key={node.task.id} job={job} node={node} text={shorten(node.task.id)} />
        ))}
      </svg>
    </div>
  )
}

function Box({ job, node, text }: { job: string; node: GraphNode; text: string }) {
  const { task, x, y, width, height, parents } = node
  const { word, tone, sign } = lookOf(taskLook(task.state, task.executionInfo.result))
  const waits = parents.length > 0 ? `, depends on ${parents.slice(0, 10).join(', ')}` : ''
  return (
    <Link
      href={pageOf.task(job, task.id)}
      class={`box tone-${tone}`}
      aria-label={`${task.id}: ${word}${waits}`}
    >
      <rect x={x} y={y} width={width} height={height} rx="5" />
      <text class="box-sign" x={x + 9} y={y + height / 2 + 4}>
        {SIGNS[sign] ?? '·'}
      </text>
      <text x={x + 24} y={y + height / 2 + 4}>
        {text}
      </text>
      <title>{`${task.id}: ${word}`}</title>
    </Link>
  )
}

const SIGNS: Readonly<Record<string, string>> = { check: '✓', cross: '✗', play: '▸', turn: '▸', clock: '◷' }

function lineThrough(points: readonly { x: number; y: number }[]): string {
  return points.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${x} ${y}`).join('')
}

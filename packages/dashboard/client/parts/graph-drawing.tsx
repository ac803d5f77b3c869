// Boxes and arrows of a dependency graph. A box leads to its task and says in words what it waits for.

import { useEffect, useMemo, useRef } from 'preact/hooks'
import { Link } from 'wouter-preact'
import type { Place } from '../dependency-graph.ts'
import type { LinkedTask, Links } from '../dependency-links.ts'
import { pageOf } from '../paths.ts'
import { lookOf, taskLook, type Sign } from '../states.ts'

/** What lays out a graph, loaded when there is one. */
export type GraphLibrary = typeof import('../dependency-graph.ts')

export interface GraphDrawingProps {
  job: string
  tasks: readonly LinkedTask[]
  links: Links
  /** The task to look at first. */
  centre: string | undefined
  library: GraphLibrary
}

/** A drawing that scrolls in itself. It is laid out again when links change, not when states do. */
export function GraphDrawing({ job, tasks, links, centre, library }: GraphDrawingProps) {
  const shape = tasks.map(({ id }) => `${id}<${links.get(id)?.join()}`).join(' ')
  const drawing = useMemo(
    () =>
      library.layOut(
        tasks.map(({ id }) => id),
        links,
      ),
    [shape, library],
  )
  const { places, edges, width, height } = drawing
  const frame = useRef<HTMLDivElement>(null)
  useEffect(() => showFirst(frame.current, places, centre), [drawing, centre])
  return (
    <div class="graph" ref={frame} tabIndex={0} role="region" aria-label="Dependency graph, scrollable">
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
        <ArrowHead />
        <g aria-hidden="true">
          {edges.map(({ from, to, points }) => (
            <path key={`${from} ${to}`} class="edge" d={lineThrough(points)} marker-end="url(#arrow)" />
          ))}
        </g>
        {tasks.map((task) => {
          const place = places.get(task.id)
          const parents = links.get(task.id) ?? []
          return (
            place && (
              <Box
                key={task.id}
                job={job}
                task={task}
                place={place}
                parents={parents}
                isCentre={task.id === centre}
                text={library.shorten(task.id)}
              />
            )
          )
        })}
      </svg>
    </div>
  )
}

/** Scrolls to one task, or to the tasks that run first. */
function showFirst(
  frame: HTMLElement | null,
  places: ReadonlyMap<string, Place>,
  centre: string | undefined,
): void {
  const all = [...places.values()]
  const firstColumn = all.filter(({ x }) => x < 40)
  const place = (centre === undefined ? undefined : places.get(centre)) ?? firstColumn[0] ?? all[0]
  if (!frame || !place) return
  frame.scrollTop = place.y + place.height / 2 - frame.clientHeight / 2
  frame.scrollLeft = place.x + place.width / 2 - frame.clientWidth / 2
}

function ArrowHead() {
  return (
    <defs>
      <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
        <path d="M0 0L8 4 0 8z" class="arrow" />
      </marker>
    </defs>
  )
}

interface BoxProps {
  job: string
  task: LinkedTask
  place: Place
  parents: readonly string[]
  isCentre: boolean
  text: string
}

function Box({ job, task, place: { x, y, width, height }, parents, isCentre, text }: BoxProps) {
  const { word, tone, sign } = lookOf(taskLook(task.state, task.executionInfo.result))
  const waits = parents.length > 0 ? `, depends on ${parents.slice(0, 10).join(', ')}` : ''
  return (
    <Link
      href={pageOf.task(job, task.id)}
      class={`box tone-${tone} ${isCentre ? 'is-centre' : ''}`}
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

const SIGNS: Partial<Record<Sign, string>> = { check: '✓', cross: '✗', play: '▸', turn: '▸', clock: '◷' }

/** A smooth line: each point but the ends is rounded off half way to its neighbours. */
function lineThrough(points: readonly { x: number; y: number }[]): string {
  const [first, ...others] = points
  const last = others.pop()
  if (!first || !last) return ''
  const bends = others.map(({ x, y }, i) => {
    const next = others[i + 1] ?? last
    return i === others.length - 1
      ? `Q${x} ${y} ${next.x} ${next.y}`
      : `Q${x} ${y} ${(x + next.x) / 2} ${(y + next.y) / 2}`
  })
  return `M${first.x} ${first.y}${bends.join('') || `L${last.x} ${last.y}`}`
}

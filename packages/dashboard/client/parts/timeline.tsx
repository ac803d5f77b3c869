// What ran where and when: the lanes of each node, a bar for each task.

import { Link, useLocation } from 'wouter-preact'
import { formatSpan, formatTime, plural, shortId } from '../format.ts'
import { listLatestTasks } from '../latest-tasks.ts'
import { now } from '../now.ts'
import { pageOf } from '../paths.ts'
import { useResource } from '../resource.ts'
import { lookOf, taskLook } from '../states.ts'
import { lanesOf, type Bar, type TimelineLanes, type TimelineNode } from '../timeline-lanes.ts'
import { Empty } from './panel.tsx'
import { Loaded } from './problem.tsx'

const MOST_NODES = 250
/** Where the axis has its marks, from 0 to 1. */
const MARKS = [0, 0.25, 0.5, 0.75, 1]

export interface TimelineProps {
  job: string
  /** When the job began. */
  since: string
}

/** The latest 1,000 tasks of a job on their nodes. */
export function Timeline({ job, since }: TimelineProps) {
  const latest = useResource({
    key: job,
    load: (signal) => listLatestTasks(job, since, signal),
    topics: [{ kind: 'tasks', id: job }],
    every: 3000,
  })
  return (
    <Loaded from={latest} what="the tasks">
      {({ tasks, isCut }) => {
        const lanes = lanesOf(tasks, tasks.some(isRunning) ? now.value : Date.now())
        if (lanes.nodes.length === 0) return <Empty>No task has started yet.</Empty>
        return (
          <>
            {isCut && (
              <p class="cut">
                The job has more tasks: these are the {plural(tasks.length, 'task')} that started last.
              </p>
            )}
            <Lanes job={job} count={tasks.length} lanes={lanes} />
          </>
        )
      }}
    </Loaded>
  )
}

function isRunning({ state }: { state: string }): boolean {
  return state === 'running' || state === 'preparing'
}

interface LanesProps {
  job: string
  count: number
  lanes: TimelineLanes
}

function Lanes({ job, count, lanes: { nodes, from, to } }: LanesProps) {
  const hidden = nodes.length - MOST_NODES
  return (
    <>
      <div class="timeline" tabIndex={0} role="region" aria-label="Timeline, scrollable">
        <p class="timeline-axis">
          {MARKS.map((mark) => (
            <span key={mark}>{markOf(mark, from, to)}</span>
          ))}
        </p>
        <p class="hidden-text">
          {plural(count, 'task')} on {plural(nodes.length, 'node')} within {formatSpan(to - from)}. The task
          list has the same in words.
        </p>
        {nodes.slice(0, MOST_NODES).map((node) => (
          <NodeLanes key={`${node.pool}/${node.node}`} job={job} node={node} from={from} to={to} />
        ))}
      </div>
      {hidden > 0 && <p class="cut">{plural(hidden, 'more node')} not shown.</p>}
    </>
  )
}

/** The time of day at both ends, between them how long it is since the first. */
function markOf(mark: number, from: number, to: number): string {
  if (mark === 0 || mark === 1) return formatTime(new Date(mark === 0 ? from : to).toISOString())
  return `+${formatSpan((to - from) * mark)}`
}

interface NodeLanesProps {
  job: string
  node: TimelineNode
  from: number
  to: number
}

function NodeLanes({ job, node: { pool, node, lanes }, from, to }: NodeLanesProps) {
  return (
    <div class="timeline-node">
      <Link href={pageOf.node(pool, node)} title={node}>
        {shortId(node)}
      </Link>
      <div class="lanes" aria-hidden="true">
        {lanes.map((lane, i) => (
          <div key={i} class="lane">
            {lane.map((bar) => (
              <Run key={bar.task.id} job={job} bar={bar} from={from} length={to - from} />
            ))}
          </div>
        ))}
      </div>
    </div>
  )
}

interface RunProps {
  job: string
  bar: Bar
  /** Of the whole timeline, milliseconds. */
  from: number
  length: number
}

/** For pointers only: with the keyboard tasks are reached from the list. */
function Run({ job, bar: { task, ...bar }, from, length }: RunProps) {
  const [, navigate] = useLocation()
  const { word, tone } = lookOf(taskLook(task.state, task.executionInfo.result))
  const share = (ms: number): string => `${(100 * ms) / length}%`
  return (
    <div
      class={`run tone-${tone}`}
      style={{ left: share(bar.from - from), width: share(bar.to - bar.from) }}
      title={`${task.id}: ${word}, ${formatSpan(bar.to - bar.from)}`}
      onClick={() => navigate(pageOf.task(job, task.id))}
    >
      <span>
        {tone === 'bad' && '✗ '}
        {task.id}
      </span>
    </div>
  )
}

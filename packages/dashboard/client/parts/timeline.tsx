// What ran where and when: a row for each node, a bar for each task.

import { useLocation } from 'wouter-preact'
import { formatSpan, formatTime, plural } from '../format.ts'
import { listLatestTasks, type StartedTask } from '../latest-tasks.ts'
import { now } from '../now.ts'
import { pageOf } from '../paths.ts'
import { useResource } from '../resource.ts'
import { lookOf, taskLook } from '../states.ts'
import { Empty } from './panel.tsx'
import { Loaded } from './problem.tsx'

const ROW = 22
const WIDTH = 1000
const LEFT = 0
const MOST_NODES = 60

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
      {({ tasks, isCut }) => (
        <>
          {isCut && (
            <p class="cut">
              The job has more tasks: these are the {plural(tasks.length, 'task')} that started last.
            </p>
          )}
          <Rows job={job} tasks={tasks} />
        </>
      )}
    </Loaded>
  )
}

function Rows({ job, tasks }: { job: string; tasks: readonly StartedTask[] }) {
  const rows = rowsOf(tasks)
  if (rows.length === 0) return <Empty>No task has started yet.</Empty>
  const shown = rows.slice(0, MOST_NODES)
  const starts = tasks.flatMap(({ executionInfo: { startTime } }) =>
    startTime ? [Date.parse(startTime)] : [],
  )
  const from = starts.reduce((a, b) => Math.min(a, b), Infinity)
  const to = tasks.map(endOf).reduce((a, b) => Math.max(a, b), from + 1)
  const label = `${plural(tasks.length, 'task')} on ${plural(rows.length, 'node')} within ${formatSpan(to - from)}; the task list has the same in words`
  return (
    <div class="timeline">
      <ol class="timeline-names" role="list">
        {shown.map(([node]) => (
          <li key={node} title={node}>
            {node}
          </li>
        ))}
      </ol>
      <div class="timeline-bars">
        <svg
          viewBox={`0 0 ${WIDTH} ${shown.length * ROW}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={label}
          height={shown.length * ROW}
        >
          {shown.map(([node, ran], row) => (
            <g key={node}>
              <rect class="lane" x={LEFT} y={row * ROW + 1} width={WIDTH} height={ROW - 2} />
              {ran.map((task) => (
                <Bar key={task.id} job={job} task={task} y={row * ROW} scale={{ from, to }} />
              ))}
            </g>
          ))}
        </svg>
        <p class="axis">
          <span>{formatTime(new Date(from).toISOString())}</span>
          <span>{formatSpan(to - from)}</span>
          <span>{formatTime(new Date(to).toISOString())}</span>
        </p>
      </div>
      {rows.length > shown.length && (
        <p class="cut">{plural(rows.length - shown.length, 'more node')} not shown.</p>
      )}
    </div>
  )
}

interface BarProps {
  job: string
  task: StartedTask
  y: number
  scale: { from: number; to: number }
}

function Bar({ job, task, y, scale: { from, to } }: BarProps) {
  const [, navigate] = useLocation()
  const start = Date.parse(task.executionInfo.startTime ?? '')
  const length = endOf(task) - start
  const { word, tone } = lookOf(taskLook(task.state, task.executionInfo.result))
  const toX = (ms: number): number => (ms / (to - from)) * WIDTH
  return (
    <rect
      class={`run tone-${tone}`}
      x={toX(start - from)}
      y={y + 4}
      width={Math.max(toX(length), 1.5)}
      height={ROW - 8}
      onClick={() => navigate(pageOf.task(job, task.id))}
    >
      <title>{`${task.id}: ${word}, ${formatSpan(length)}`}</title>
    </rect>
  )
}

function rowsOf(tasks: readonly StartedTask[]): [node: string, tasks: StartedTask[]][] {
  const ran = tasks.filter(({ executionInfo, nodeInfo }) => executionInfo.startTime !== undefined && nodeInfo)
  return Object.entries(Object.groupBy(ran, ({ nodeInfo }) => nodeInfo?.nodeId ?? ''))
    .map(([node, list = []]): [string, StartedTask[]] => [node, list])
    .toSorted(([a], [b]) => a.localeCompare(b))
}

function endOf({ executionInfo: { startTime, endTime } }: StartedTask): number {
  return endTime !== undefined ? Date.parse(endTime) : startTime !== undefined ? now.value : 0
}

// The tasks of a job, however many: narrowed by the service, drawn as far as they are seen.

import type { TaskCounts } from '@malachite/model'
import type { ComponentChildren } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { Link, useLocation, useSearch } from 'wouter-preact'
import { touches } from '../changes.ts'
import { formatNumber, plural, shortId } from '../format.ts'
import { onChange } from '../live.ts'
import { createLoader } from '../loader.ts'
import { pageOf } from '../paths.ts'
import {
  expectedCount,
  readTaskFilter,
  toODataFilter,
  writeTaskFilter,
  type TaskFilter,
} from '../task-filter.ts'
import { createTaskPages, type TaskItem, type TaskPages } from '../task-pages.ts'
import { SORTS, sortTasks, type Order } from '../task-order.ts'
import { useVirtualRows } from '../virtual-rows.ts'
import { TaskBadge } from './badge.tsx'
import { Refusal } from './problem.tsx'
import { TaskFilterForm } from './task-filter-form.tsx'
import { Span, Time } from './time.tsx'

const ROW_HEIGHT = 30
/** Browsers draw nothing beyond some ten million pixels. */
const MOST_ROWS = 300_000
/** Lists of one page can be sorted here; longer ones come in the order that the service has. */
const SORTABLE = 1000

/** A task list with its filter; the filter stands in the address of the page. */
export function TaskList({ job, counts }: { job: string; counts: TaskCounts | undefined }) {
  const search = useSearch()
  const [path, navigate] = useLocation()
  const filter = readTaskFilter(search)
  const pages = useTaskPages(job, toODataFilter(filter))
  const change = (changed: TaskFilter): void =>
    navigate(`${path}${writeTaskFilter(changed)}`, { replace: true })
  return (
    <>
      <TaskFilterForm filter={filter} onChange={change} />
      <Rows key={search} job={job} pages={pages} expected={expectedCount(filter, counts)} />
    </>
  )
}

function useTaskPages(job: string, filter: string): TaskPages {
  const pages = useMemo(() => createTaskPages(job, filter), [job, filter])
  useEffect(() => {
    const refresher = createLoader({
      load: () => Promise.resolve(pages.refresh()),
      onLoad: () => undefined,
      onError: () => undefined,
      every: 1000,
    })
    const stopListening = onChange((change) => {
      if (touches(change, [{ kind: 'tasks', id: job }])) refresher.refresh()
    })
    return () => {
      stopListening()
      refresher.stop()
      pages.stop()
    }
  }, [pages, job])
  return pages
}

interface RowsProps {
  job: string
  pages: TaskPages
  expected: number | undefined
}

function Rows({ job, pages, expected }: RowsProps) {
  const frame = useRef<HTMLDivElement>(null)
  const [order, setOrder] = useState<Order>({ by: 'id', isDown: false })
  void pages.version.value
  const { count, isAll } = pages.known()
  const total = isAll ? count : Math.max(count + 1, expected ?? 0)
  const isSortable = isAll && count <= SORTABLE
  const sorted = useMemo(
    () => (isSortable ? sortTasks(allOf(pages, count), order) : undefined),
    [isSortable, pages.version.value, order],
  )
  const { rows, height } = useVirtualRows({ count: Math.min(total, MOST_ROWS), rowHeight: ROW_HEIGHT, frame })
  const [first, last] = [rows.at(0)?.index ?? 0, rows.at(-1)?.index ?? 0]
  useEffect(() => pages.show(first, last), [pages, first, last])
  return (
    <>
      <p class="list-note">
        {summarize(total, isAll || expected !== undefined)}
        {!isSortable && isAll && ' In the order of their ids; narrow the list to 1,000 or fewer to sort it.'}
        {total > MOST_ROWS &&
          ` The first ${formatNumber(MOST_ROWS)} are shown; narrow the list to see others.`}
      </p>
      {pages.error.value && <Refusal error={pages.error.value} title="Cannot read the tasks" />}
      {isAll && count === 0 ? (
        <p class="empty">No task is like that.</p>
      ) : (
        <div class="tasks" role="table" aria-label="Tasks" aria-rowcount={total + 1}>
          <Heads order={order} isSortable={isSortable} onOrder={setOrder} />
          <div class="tasks-frame" ref={frame} tabIndex={0} role="rowgroup" aria-label="Tasks, scrollable">
            <div class="tasks-sheet" style={{ height: `${height}px` }} role="presentation">
              {rows.map(({ index, start }) => (
                <TaskRow
                  key={index}
                  place={index}
                  top={start}
                  job={job}
                  task={sorted ? sorted[index] : pages.row(index)}
                />
              ))}
            </div>
          </div>
        </div>
      )}
    </>
  )
}

function summarize(total: number, isExact: boolean): string {
  return isExact
    ? `${plural(total, 'task')}.`
    : `At least ${plural(total - 1, 'task')}; more are read as you scroll.`
}

function allOf(pages: TaskPages, count: number): TaskItem[] {
  return Array.from({ length: count }, (_, place) => pages.row(place)).filter((task) => task !== undefined)
}

interface HeadsProps {
  order: Order
  isSortable: boolean
  onOrder: (order: Order) => void
}

function Heads({ order, isSortable, onOrder }: HeadsProps) {
  return (
    <div class="tasks-head" role="rowgroup">
      <div class="tasks-row" role="row" aria-rowindex={1}>
        {SORTS.map(({ by, name }) => {
          const isThis = isSortable && order.by === by
          const direction = order.isDown ? 'descending' : 'ascending'
          return (
            <div key={by} class={`cell-${by}`} role="columnheader" aria-sort={isThis ? direction : 'none'}>
              {isSortable ? (
                <button type="button" onClick={() => onOrder({ by, isDown: isThis && !order.isDown })}>
                  {name}
                  {isThis && <span aria-hidden="true">{order.isDown ? ' ▾' : ' ▴'}</span>}
                </button>
              ) : (
                name
              )}
            </div>
          )
        })}
      </div>
    </div>
  )
}

interface TaskRowProps {
  place: number
  top: number
  job: string
  task: TaskItem | undefined
}

function TaskRow({ place, top, job, task }: TaskRowProps) {
  const info = task?.executionInfo
  const cell = (name: string, content: ComponentChildren) => (
    <div class={`cell-${name}`} role="cell">
      {content}
    </div>
  )
  return (
    <div class="tasks-row" role="row" aria-rowindex={place + 2} style={{ transform: `translateY(${top}px)` }}>
      {task && info ? (
        <>
          {cell(
            'id',
            <Link href={pageOf.task(job, task.id)} title={task.displayName}>
              {task.id}
            </Link>,
          )}
          {cell('state', <TaskBadge state={task.state} result={info.result} />)}
          {cell('exit', info.exitCode ?? info.failureInfo?.code ?? '')}
          {cell('node', <span title={task.nodeInfo?.nodeId}>{shortId(task.nodeInfo?.nodeId ?? '')}</span>)}
          {cell('start', info.startTime && <Time at={info.startTime} />)}
          {cell(
            'span',
            info.startTime && task.state !== 'active' && <Span from={info.startTime} to={info.endTime} />,
          )}
        </>
      ) : (
        cell('id', <span class="faint">…</span>)
      )}
    </div>
  )
}

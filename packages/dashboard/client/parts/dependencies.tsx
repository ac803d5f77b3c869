// The dependency graph of a job: all of it, or what is near one task where there are too many to follow.

import { useEffect, useMemo, useState } from 'preact/hooks'
import { at, list } from '../api.ts'
import { linksOf, mostTelling, nearest, type LinkedTask } from '../dependency-links.ts'
import { formatNumber, plural } from '../format.ts'
import { useResource } from '../resource.ts'
import { GraphDrawing, type GraphLibrary } from './graph-drawing.tsx'
import { Empty } from './panel.tsx'
import { Loaded } from './problem.tsx'
import { LateInput } from './task-filter-form.tsx'

/** Tasks that are drawn at once: nobody can follow the lines of more. */
const MOST_DRAWN = 200
/** Tasks that are looked through. */
const MOST_READ = 10_000

/** The tasks of a job as boxes, with lines to those that wait for them. */
export function Dependencies({ job }: { job: string }) {
  const library = useLibrary()
  const tasks = useResource({
    key: job,
    load: (signal) =>
      list<LinkedTask>(
        `${at.job(job)}/tasks`,
        { select: 'id,state,dependsOn,executionInfo', limit: MOST_READ },
        signal,
      ),
    topics: [{ kind: 'tasks', id: job }],
    every: 2000,
  })
  if (!library) return <p class="loading">Loading the graph …</p>
  return (
    <Loaded from={tasks} what="the tasks">
      {({ items, isCut }) => (
        <>
          {isCut && <p class="cut">The first {plural(MOST_READ, 'task')} are looked through.</p>}
          {items.length === 0 ? (
            <Empty>The job has no tasks.</Empty>
          ) : (
            <Graph job={job} tasks={items} library={library} />
          )}
        </>
      )}
    </Loaded>
  )
}

function useLibrary(): GraphLibrary | undefined {
  const [library, setLibrary] = useState<GraphLibrary>()
  useEffect(() => void import('../dependency-graph.ts').then(setLibrary), [])
  return library
}

interface GraphProps {
  job: string
  tasks: readonly LinkedTask[]
  library: GraphLibrary
}

function Graph({ job, tasks, library }: GraphProps) {
  const [asked, setAsked] = useState('')
  const links = useMemo(() => linksOf(tasks), [tasks])
  const isWhole = tasks.length <= MOST_DRAWN
  const centre = isWhole ? undefined : (centreOf(asked, tasks) ?? mostTelling(tasks, links))
  const shown = useMemo(
    () => (centre === undefined ? undefined : nearest(centre, links, MOST_DRAWN)),
    [centre, links],
  )
  if (!isWhole && [...links.values()].every((parents) => parents.length === 0))
    return <Empty>No task of the job depends on another.</Empty>
  return (
    <>
      {!isWhole && (
        <form class="filter" aria-label="Part of the graph" onSubmit={(event) => event.preventDefault()}>
          <LateInput label="Around the task" value={asked} onChange={setAsked} />
        </form>
      )}
      {shown && <Note count={tasks.length} drawn={shown.size} centre={centre} />}
      <GraphDrawing
        job={job}
        tasks={shown ? tasks.filter(({ id }) => shown.has(id)) : tasks}
        links={links}
        centre={centre}
        library={library}
      />
    </>
  )
}

interface NoteProps {
  /** Tasks of the job. */
  count: number
  drawn: number
  centre: string | undefined
}

function Note({ count, drawn, centre }: NoteProps) {
  return (
    <p class="list-note">
      {`The job has ${plural(count, 'task')}: `}
      {drawn === 1
        ? `${centre} is linked to none of them.`
        : `the ${formatNumber(drawn)} nearest to ${centre} are drawn.`}
    </p>
  )
}

/** The task that is called so, or whose id begins so. */
function centreOf(asked: string, tasks: readonly LinkedTask[]): string | undefined {
  if (asked === '') return undefined
  const name = asked.toLowerCase()
  const found = tasks.find(({ id }) => id.toLowerCase() === name)
  return (found ?? tasks.find(({ id }) => id.toLowerCase().startsWith(name)))?.id
}

// What has just happened to anything, the latest first: each with its sign and word, tasks with their outcome.

import { Link } from 'wouter-preact'
import { getHistory, type HistoryEntry } from '../api.ts'
import { shortId } from '../format.ts'
import { pageOf } from '../paths.ts'
import { useResource } from '../resource.ts'
import { pastLook } from '../states.ts'
import { Badge } from './badge.tsx'
import { Empty, Panel } from './panel.tsx'
import { Loaded } from './problem.tsx'
import { Ago } from './time.tsx'

const SHOWN = 50

/** The latest events of the account. */
export function Events() {
  const history = useResource({
    key: 'history',
    load: (signal) => getHistory(undefined, signal),
    topics: [{ kind: 'pools' }, { kind: 'nodes' }, { kind: 'jobs' }, { kind: 'tasks' }],
    every: 1500,
  })
  return (
    <Panel title="Recent events">
      <Loaded from={history} what="the events">
        {(entries) =>
          entries.length === 0 ? (
            <Empty>Nothing has happened yet.</Empty>
          ) : (
            <ol class="events" tabIndex={0} role="list" aria-label="Recent events">
              {entries
                .filter(isNews)
                .slice(0, SHOWN)
                .map((entry, i) => (
                  <Event key={`${entry.time} ${entry.id} ${i}`} entry={entry} />
                ))}
            </ol>
          )
        }
      </Loaded>
    </Panel>
  )
}

/** Nodes begin and end to run with every task, which tells of itself. */
function isNews({ kind, from, to }: HistoryEntry): boolean {
  return kind !== 'node' || !isAtWork(from) || !isAtWork(to)
}

function isAtWork(state: string | undefined): boolean {
  return state === 'idle' || state === 'running'
}

function Event({ entry }: { entry: HistoryEntry }) {
  const { kind, id, to, time, detail } = entry
  return (
    <li>
      <span class="event-name">
        <span class="faint">{kind}</span>{' '}
        <Link href={pageOfEntry(entry)} title={id}>
          {id.split('/').map(shortId).join('/')}
        </Link>
      </span>
      <span class="event-state">
        {kind === 'autoscale' && to !== 'failed' ? (
          <span class="faint">evaluated</span>
        ) : (
          <Badge state={pastLook(entry)} />
        )}
        {detail && kind !== 'autoscale' && <span class="faint">{detail}</span>}
        <span class="faint">
          <Ago at={time} />
        </span>
      </span>
    </li>
  )
}

function pageOfEntry({ kind, id }: HistoryEntry): string {
  const [owner = '', name = ''] = id.split('/')
  if (kind === 'job') return pageOf.job(owner)
  if (kind === 'task') return pageOf.task(owner, name)
  return kind === 'node' ? pageOf.node(owner, name) : pageOf.pool(owner)
}

// The latest changes of state, in memory: what a page shows as history. Tasks, and the nodes that they keep busy, are the
// many, so that they have a place of their own, from which they do not push everything else out.

import type { TaskResult } from '@malachite/model'
import type { EngineChange } from './engine/api.ts'

/** A change of state that is over. */
export interface PastEvent {
  /** ISO 8601. */
  time: string
  kind: 'pool' | 'node' | 'job' | 'task' | 'autoscale'
  /** `poolId/nodeId` of a node, `jobId/taskId` of a task. */
  id: string
  /** Absent when it has just come into being, or is not known. */
  from?: string
  to: string
  /** Of a task that is completed. */
  result?: TaskResult
  detail?: string
}

/** What is remembered. */
export interface Past {
  add(change: EngineChange): void
  /** The latest first, at most 200. */
  history(query?: { kind?: string; id?: string }): PastEvent[]
}

/** Events of tasks, and events of everything else. */
const SIZE = 5000
/** Events told at once. */
const MOST = 200

/** Remembers the latest changes of state. */
export function createPast(size = SIZE): Past {
  const [ofTasks, ofOthers] = [createRing<Moved>(size), createRing<Moved>(size)]
  return {
    add(change) {
      if (hasMoved(change)) (isOfTasks(change) ? ofTasks : ofOthers).add(change)
    },
    history({ kind, id } = {}) {
      const isMeant = (change: Moved): boolean =>
        (kind === undefined || change.kind === kind) && (id === undefined || isSameId(idOf(change), id))
      const others = kind === 'task' ? [] : take(ofOthers.newestFirst(), isMeant)
      const isAmongTasks = kind === undefined || kind === 'task' || kind === 'node'
      const tasks = isAmongTasks ? take(ofTasks.newestFirst(), isMeant) : []
      const both = [...others, ...tasks].sort((a, b) => b.move.time - a.move.time)
      return both.slice(0, MOST).map(tell)
    },
  }
}

/** A state of something that a page shows. */
type Moved = EngineChange & Required<Pick<EngineChange, 'id' | 'move'>> & Pick<PastEvent, 'kind'>

function hasMoved(change: EngineChange): change is Moved {
  return change.move !== undefined && change.id !== undefined && change.kind !== 'jobSchedule'
}

/** Nodes begin and end to run as often as tasks do: that must not push out how they failed. */
function isOfTasks({ kind, move }: Moved): boolean {
  return kind === 'task' || (kind === 'node' && isAtWork(move.from) && isAtWork(move.to))
}

function isAtWork(state: string | undefined): boolean {
  return state === 'idle' || state === 'running'
}

/** Ids are the same regardless of case. */
function isSameId(one: string, other: string): boolean {
  return one.length === other.length && one.toLowerCase() === other.toLowerCase()
}

function idOf({ id, parent }: Moved): string {
  return parent === undefined ? id : `${parent}/${id}`
}

function take(changes: Iterable<Moved>, isMeant: (change: Moved) => boolean): Moved[] {
  const taken: Moved[] = []
  for (const change of changes) {
    if (taken.length === MOST) break
    if (isMeant(change)) taken.push(change)
  }
  return taken
}

function tell(change: Moved): PastEvent {
  const { time, from, to, result, detail } = change.move
  return {
    time: new Date(time / 1000).toISOString(),
    kind: change.kind,
    id: idOf(change),
    ...(from !== undefined && { from }),
    to,
    ...(result !== undefined && { result }),
    ...(detail !== undefined && { detail }),
  }
}

/** A list whose oldest items make room for new ones. */
function createRing<Item>(size: number) {
  const items: Item[] = []
  let next = 0
  return {
    add(item: Item): void {
      items[next] = item
      next = (next + 1) % size
    },
    *newestFirst(): Generator<Item> {
      for (let back = 1; back <= items.length; back++) {
        const item = items[(next - back + size) % size]
        if (item !== undefined) yield item
      }
    },
  }
}

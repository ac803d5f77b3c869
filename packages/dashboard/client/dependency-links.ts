// Who waits for whom among the tasks of a job, and which of very many tasks are near one of them.

import type { TaskView } from './api.ts'

export type LinkedTask = Pick<TaskView, 'id' | 'state' | 'dependsOn' | 'executionInfo'>

/** Of one task: ranges name thousands, which nobody draws. */
const MOST_LINKS = 1000

/** The tasks that each task waits for, by id. */
export type Links = ReadonlyMap<string, readonly string[]>

/** The tasks of the list that each of them names, in ranges as well; ids are the same regardless of case. */
export function linksOf(tasks: readonly LinkedTask[]): Links {
  const byName = new Map(tasks.map(({ id }) => [id.toLowerCase(), id]))
  const numbered = tasks
    .filter(({ id }) => /^\d+$/.test(id))
    .map(({ id }) => ({ id, number: Number(id) }))
    .toSorted((a, b) => a.number - b.number)
  const within = ({ start, end }: { start: number; end: number }): string[] => {
    const first = numbered.findIndex(({ number }) => number >= start)
    const after = numbered.findIndex(({ number }) => number > end)
    return first < 0 ? [] : numbered.slice(first, after < 0 ? undefined : after).map(({ id }) => id)
  }
  return new Map(
    tasks.map(({ id, dependsOn }) => {
      const named = dependsOn?.taskIds?.map((name) => byName.get(name.toLowerCase())) ?? []
      const ranged = dependsOn?.taskIdRanges?.flatMap(within) ?? []
      const all = [...new Set([...named, ...ranged])].filter((other) => other !== undefined)
      return [id, all.slice(0, MOST_LINKS)]
    }),
  )
}

/** The tasks nearest to one: what it waits for and what waits for it, step by step, `most` of them at most. */
export function nearest(id: string, links: Links, most: number): Set<string> {
  const followers = invert(links)
  const found = new Set([id])
  for (const task of found) {
    for (const other of [...(links.get(task) ?? []), ...(followers.get(task) ?? [])]) {
      if (found.size >= most) return found
      found.add(other)
    }
  }
  return found
}

function invert(links: Links): Map<string, string[]> {
  const followers = new Map<string, string[]>()
  for (const [id, parents] of links) {
    for (const parent of parents) {
      const known = followers.get(parent)
      if (known) known.push(id)
      else followers.set(parent, [id])
    }
  }
  return followers
}

/** Where to look first: at a failure, at what runs, or at whatever is linked. */
export function mostTelling(tasks: readonly LinkedTask[], links: Links): string | undefined {
  const failed = tasks.find(({ executionInfo }) => executionInfo.result === 'failure')
  const running = tasks.find(({ state }) => state === 'running')
  const linked = tasks.find(({ id }) => (links.get(id)?.length ?? 0) > 0)
  return (failed ?? running ?? linked ?? tasks[0])?.id
}

// What the server says has changed, and whether it concerns what a page shows.

const KINDS = ['pools', 'nodes', 'jobs', 'tasks', 'jobSchedules'] as const
export type Kind = (typeof KINDS)[number]

/** Ids of what changed, nodes by their pool and tasks by their job; `true`: anything of the kind may have. */
export type Change = Partial<Record<Kind, readonly string[] | true>> & { all?: boolean }

/** Something that a page shows: a kind, or one of it. */
export interface Topic {
  kind: Kind
  id?: string
}

export const EVERYTHING: Change = { all: true }

/** Whether a change is about one of the topics. Ids are the same regardless of case. */
export function touches(change: Change, topics: readonly Topic[]): boolean {
  if (change.all) return true
  return topics.some(({ kind, id }) => {
    const ids = change[kind]
    if (ids === undefined || ids === true || id === undefined) return ids !== undefined
    return ids.some((other) => other.toLowerCase() === id.toLowerCase())
  })
}

/** Reads a change from the data of an event. */
export function parseChange(data: string): Change {
  return JSON.parse(data) as Change
}

// What the client knows for certain because it was answered, and what it cannot know because the answer never came.

/** A value that was set: the last acknowledged one, or any of those whose requests had no answer. */
export interface Known<Value> {
  /** Whether it may be this. */
  allows(value: Value): boolean
  /** It was set to this: answered, or not. */
  set(value: Value, isAnswered: boolean): void
  /** It was seen to be this. */
  see(value: Value): void
}

export function known<Value>(first: Value): Known<Value> {
  let values = new Set([first])
  const see = (value: Value): void => void (values = new Set([value]))
  return {
    allows: (value) => values.has(value),
    set: (value, isAnswered) => (isAnswered ? see(value) : void values.add(value)),
    see,
  }
}

/** Whether something is there: `perhaps` after a request without an answer, `leaving` while a deletion takes its time. */
export type Presence = 'there' | 'perhaps' | 'leaving' | 'gone'

export interface PoolFact {
  presence: Presence
  nodes: Known<number>
}

export interface JobFact {
  presence: Presence
  priority: Known<number>
  /** Asked to end: it never runs again. */
  isEnding: Known<boolean>
  isDisabled: Known<boolean>
  tasks: Map<string, TaskFact>
}

export interface TaskFact {
  presence: Presence
  /** Tasks that one request added are there all or none. */
  batch: number
  commandLine: string
  retries: Known<number>
  /** Asked to end, and not to begin anew since. */
  isEnded: Known<boolean>
  /** How it was shown when it was first seen completed: that is how it stays. */
  shown?: { endTime: string; result: string; runs: number } | undefined
}

/** All of it. */
export interface Facts {
  pools: Map<string, PoolFact>
  jobs: Map<string, JobFact>
}

export function createFacts(): Facts {
  return { pools: new Map(), jobs: new Map() }
}

// The filter of a task list: what people choose, as the service's $filter and in the address of the page.

import type { TaskCounts } from '@malachite/model'
import { quote } from './odata.ts'

/** What a task list is narrowed to; empty texts narrow nothing. */
export interface TaskFilter {
  state: '' | keyof typeof STATES
  /** How the ids begin. */
  id: string
  exitCode: string
  node: string
}

const STATES = {
  active: "state eq 'active'",
  running: "(state eq 'running' or state eq 'preparing')",
  succeeded: "executionInfo/result eq 'success'",
  failed: "executionInfo/result eq 'failure'",
  completed: "state eq 'completed'",
} as const

const NAMES = ['state', 'id', 'exitCode', 'node'] as const

/** The states that can be chosen. */
export const STATE_CHOICES: readonly { value: TaskFilter['state']; text: string }[] = [
  { value: '', text: 'all states' },
  { value: 'active', text: 'waiting' },
  { value: 'running', text: 'running' },
  { value: 'succeeded', text: 'succeeded' },
  { value: 'failed', text: 'failed' },
]

/** The filter as the service reads it; empty without one. */
export function toODataFilter({ state, id, exitCode, node }: TaskFilter): string {
  const parts = [
    state && STATES[state],
    id && `startswith(id,${quote(id)})`,
    /^-?\d+$/.test(exitCode) && `executionInfo/exitCode eq ${exitCode}`,
    node && `startswith(nodeInfo/nodeId,${quote(node)})`,
  ]
  return parts.filter(Boolean).join(' and ')
}

/** How many tasks meet the filter, where the job's counts tell. */
export function expectedCount(
  { state, id, exitCode, node }: TaskFilter,
  counts: TaskCounts | undefined,
): number | undefined {
  if (!counts || id || exitCode || node) return undefined
  return state === '' ? counts.active + counts.running + counts.completed : counts[state]
}

/** The filter that an address has. */
export function readTaskFilter(search: string): TaskFilter {
  const params = new URLSearchParams(search)
  const [state = '', id = '', exitCode = '', node = ''] = NAMES.map((name) => params.get(name) ?? '')
  return { state: Object.hasOwn(STATES, state) ? (state as TaskFilter['state']) : '', id, exitCode, node }
}

/** The filter as the end of an address; empty without one. */
export function writeTaskFilter(filter: TaskFilter): string {
  const params = new URLSearchParams()
  for (const name of NAMES) if (filter[name]) params.set(name, filter[name])
  const text = params.toString()
  return text && `?${text}`
}

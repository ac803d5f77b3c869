// Orders of short task lists.

import type { TaskItem } from './task-pages.ts'

const VALUES = {
  id: (task: TaskItem) => task.id,
  state: (task: TaskItem) => `${task.state} ${task.executionInfo.result ?? ''}`,
  exit: (task: TaskItem) => task.executionInfo.exitCode ?? Infinity,
  node: (task: TaskItem) => task.nodeInfo?.nodeId ?? '',
  start: (task: TaskItem) => task.executionInfo.startTime ?? '',
  span: ({ executionInfo: { startTime, endTime } }: TaskItem) =>
    startTime === undefined
      ? -1
      : (endTime === undefined ? Date.now() : Date.parse(endTime)) - Date.parse(startTime),
} as const

/** The columns of the list, by which it can be sorted. */
export const SORTS: readonly { by: keyof typeof VALUES; name: string }[] = [
  { by: 'id', name: 'Task' },
  { by: 'state', name: 'State' },
  { by: 'exit', name: 'Exit' },
  { by: 'node', name: 'Node' },
  { by: 'start', name: 'Started' },
  { by: 'span', name: 'Took' },
]

export interface Order {
  by: keyof typeof VALUES
  isDown: boolean
}

const COLLATOR = new Intl.Collator('en', { numeric: true })

/** The tasks in another order; numbers in texts count as numbers. */
export function sortTasks(tasks: readonly TaskItem[], { by, isDown }: Order): TaskItem[] {
  const valueOf = VALUES[by]
  const compare = (a: TaskItem, b: TaskItem): number => {
    const [x, y] = [valueOf(a), valueOf(b)]
    return typeof x === 'number' && typeof y === 'number'
      ? x === y
        ? 0
        : x - y
      : COLLATOR.compare(String(x), String(y))
  }
  return tasks.toSorted((a, b) => (isDown ? compare(b, a) : compare(a, b)))
}

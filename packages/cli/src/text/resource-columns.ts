// What tables show of each kind of resource, and which properties that takes.

import type { JsonObject } from '@malachite/azure'

/** A column of a table. */
export interface Column {
  title: string
  /** Top-level properties of the service's JSON that it is made of, to ask for no more than these. */
  select: readonly string[]
  value: (item: JsonObject) => unknown
}

/** A column of one property; a dot leads into an object. */
export function property(title: string, path: string): Column {
  const names = path.split('.')
  return {
    title,
    select: names.slice(0, 1),
    value: (item) => names.reduce<unknown>((value, name) => (value as JsonObject | undefined)?.[name], item),
  }
}

/** The column of a time, to the second. */
function time(title: string, path: string): Column {
  const column = property(title, path)
  return { ...column, value: (item) => seconds(column.value(item)) }
}

function seconds(value: unknown): unknown {
  return typeof value === 'string' ? value.replace(/\.\d+Z$/, 'Z') : value
}

/** How many there are of how many there should be. */
function share(title: string, current: string, target: string): Column {
  return {
    title,
    select: [current, target],
    value: ({ [current]: has = 0, [target]: wants = has }) => `${Number(has)}/${Number(wants)}`,
  }
}

export const COLUMNS = {
  pool: [
    property('ID', 'id'),
    property('STATE', 'state'),
    property('ALLOCATION', 'allocationState'),
    share('DEDICATED', 'currentDedicatedNodes', 'targetDedicatedNodes'),
    share('SPOT', 'currentLowPriorityNodes', 'targetLowPriorityNodes'),
    property('VM SIZE', 'vmSize'),
    time('CREATED', 'creationTime'),
  ],
  node: [
    property('ID', 'id'),
    property('STATE', 'state'),
    property('SCHEDULING', 'schedulingState'),
    property('DEDICATED', 'isDedicated'),
    property('TASKS', 'runningTasksCount'),
    time('ALLOCATED', 'allocationTime'),
  ],
  job: [
    property('ID', 'id'),
    property('STATE', 'state'),
    property('POOL', 'poolInfo.poolId'),
    property('PRIORITY', 'priority'),
    time('CREATED', 'creationTime'),
    property('REASON', 'executionInfo.terminateReason'),
  ],
  task: [
    property('ID', 'id'),
    property('STATE', 'state'),
    property('RESULT', 'executionInfo.result'),
    property('EXIT', 'executionInfo.exitCode'),
    property('NODE', 'nodeInfo.nodeId'),
    time('STARTED', 'executionInfo.startTime'),
    time('ENDED', 'executionInfo.endTime'),
  ],
  subtask: [
    property('ID', 'id'),
    property('STATE', 'state'),
    property('EXIT', 'exitCode'),
    property('NODE', 'nodeInfo.nodeId'),
    time('STARTED', 'startTime'),
    time('ENDED', 'endTime'),
  ],
  file: [
    property('NAME', 'name'),
    property('DIRECTORY', 'isDirectory'),
    property('SIZE', 'properties.contentLength'),
    time('MODIFIED', 'properties.lastModified'),
  ],
} satisfies Record<string, readonly Column[]>

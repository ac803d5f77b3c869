// How long tasks ran and on how many nodes, at a few bytes per task.

import type { Task } from '@malachite/model'

/** Times from the start to the end of a task's last try, milliseconds. */
export interface RunTimes {
  minMs: number
  medianMs: number
  maxMs: number
}

/** Figures of a run. */
export interface RunStatistics {
  /** Of the tasks that ran and completed; absent when none did. */
  runTimes?: RunTimes
  /** Nodes on which they ran. */
  nodes: number
  /** Bytes that this process has uploaded and downloaded. */
  bytesUploaded: number
  bytesDownloaded: number
}

/** What is counted of a completed task. */
export type CountedTask = Pick<Task, 'executionInfo' | 'nodeInfo'>

/** What was counted. */
export interface TaskTally {
  succeeded: number
  failed: number
  nodes: number
  runTimes?: RunTimes
}

/** Milliseconds that the last try of a task took; undefined when its program never ran. */
export function runTimeOf({ startTime, endTime }: CountedTask['executionInfo']): number | undefined {
  if (!startTime || !endTime) return undefined
  return Math.max(0, endTime.getTime() - startTime.getTime())
}

/** Counts completed tasks. */
export function createTally() {
  const times: number[] = []
  const nodes = new Set<string>()
  let [succeeded, failed] = [0, 0]
  return {
    add({ executionInfo, nodeInfo }: CountedTask): void {
      if (executionInfo.result === 'failure') failed++
      else succeeded++
      const time = runTimeOf(executionInfo)
      if (time === undefined) return
      times.push(time)
      if (nodeInfo) nodes.add(nodeInfo.nodeId)
    },
    result(): TaskTally {
      const runTimes = summarize(times)
      return { succeeded, failed, nodes: nodes.size, ...(runTimes && { runTimes }) }
    },
  }
}

/** Least, middle and greatest; of an even number of times the lower one in the middle. */
function summarize(times: readonly number[]): RunTimes | undefined {
  const sorted = Float64Array.from(times).sort()
  const at = (index: number): number => sorted[index] ?? 0
  if (sorted.length === 0) return undefined
  return { minMs: at(0), medianMs: at((sorted.length - 1) >> 1), maxMs: at(sorted.length - 1) }
}

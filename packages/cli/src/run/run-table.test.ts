import type { FailedTask, RunResult } from '@malachite/orchestrator'
import { expect, test } from 'vitest'
import { formatBytes, runTable } from './run-table.ts'

const NODE = `tvmps_${'0'.repeat(64)}_d`

function resultOf(more: Partial<RunResult> = {}): RunResult {
  return {
    outcome: 'succeeded',
    runId: 'r',
    taskCounts: { active: 0, running: 0, completed: 3, succeeded: 3, failed: 0 },
    failedTasks: [],
    unfinished: [],
    statistics: {
      runTimes: { minMs: 210, medianMs: 1234, maxMs: 61_000 },
      nodes: 2,
      bytesUploaded: 12_345,
      bytesDownloaded: 678,
    },
    outputs: [],
    refusedBlobs: [],
    lostBlobs: [],
    leftBehind: [],
    startedAt: new Date(0),
    endedAt: new Date(3000),
    elapsedMs: 3000,
    steps: [],
    ...more,
  }
}

function failed(count: number): FailedTask[] {
  return Array.from({ length: count }, (_, i) => ({
    taskId: `topNtask${i}`,
    reason: 'It ended with exit code 3.',
    exitCode: 3,
    runTimeMs: 200,
    nodeId: NODE,
  }))
}

test('a run that succeeded has five figures and no row of a task', () => {
  expect(runTable(resultOf())).toEqual([
    '',
    'Tasks       3 succeeded',
    'Run time    min 0.2 s, median 1.2 s, max 0:01:01',
    'Nodes       2',
    'Files       12.3 kB up, 678 B down',
    'Wall clock  0:00:03',
  ])
})

test('tasks that failed have a row each, ten of them', () => {
  const taskCounts = { active: 4, running: 1, completed: 12, succeeded: 0, failed: 12 }
  const lines = runTable(resultOf({ taskCounts, failedTasks: failed(12) }))
  expect(lines[1]).toBe('Tasks       0 succeeded, 12 failed, 5 not completed')
  expect(lines.slice(6, 9)).toEqual([
    '',
    'Failed task  Exit  Time   Reason                      Node',
    `topNtask0    3     0.2 s  It ended with exit code 3.  ${NODE}`,
  ])
  expect(lines.slice(-2)).toEqual([expect.stringMatching(/^topNtask9 /), '… and 2 more'])
})

test('a task that never ran has empty cells, and control characters are not printed', () => {
  const refused = { taskId: 't', reason: 'Refused:\u001B[2J\nno' }
  const lines = runTable(resultOf({ failedTasks: [refused] }))
  expect(lines.at(-1)).toBe('t                        Refused:\uFFFDno')
})

test.each([40, 60, 80])('nothing is wider than a terminal of %d columns', (columns) => {
  const lines = runTable(resultOf({ failedTasks: failed(2) }), columns)
  expect(lines.filter((line) => line.length > columns)).toEqual([])
  expect(lines.join('\n')).toContain('topNtask1')
})

test('a run whose tasks were never waited for has no figures', () => {
  const taskCounts = { active: 0, running: 0, completed: 0, succeeded: 0, failed: 0 }
  expect(runTable(resultOf({ taskCounts }))).toEqual([])
})

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [2_500_000, '2.5 MB'],
  [3 * 1e9, '3.0 GB'],
  [5 * 1e15, '5000.0 TB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})

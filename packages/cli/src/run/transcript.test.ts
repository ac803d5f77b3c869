import { BatchError } from '@malachite/model'
import type { WorkflowEvent } from '@malachite/orchestrator'
import { expect, test } from 'vitest'
import { createPrinter } from './print.ts'
import { createScreen } from '../terminal/screen.ts'
import { formatTime, progressText } from './transcript.ts'

const counts = { active: 0, running: 0, completed: 3, succeeded: 3, failed: 0 }
const startedAt = new Date(2016, 4, 20, 22, 47, 10)
const endedAt = new Date(2016, 4, 20, 22, 53, 12)
const progress: WorkflowEvent = { type: 'progress', taskCount: 3, counts, elapsedMs: 100 }

const TUTORIAL: WorkflowEvent[] = [
  { type: 'runStarted', startedAt, workload: 'top 3 words', batch: 'a', blob: 'b' },
  { type: 'containerReady', container: 'input', created: true },
  { type: 'uploadStarted', path: '/a/task.py', container: 'application', blob: 'task.py', totalBytes: 9 },
  { type: 'uploadFinished', path: '/a/task.py', container: 'application', blob: 'task.py', bytes: 9 },
  {
    type: 'uploadStarted',
    path: '/a/taskdata1.txt',
    container: 'input',
    blob: 'taskdata1.txt',
    totalBytes: 9,
  },
  { type: 'poolCreating', poolId: 'TutorialPool', vmSize: 'x', nodeCount: 1 },
  { type: 'jobCreating', jobId: 'TutorialJob', poolId: 'TutorialPool' },
  { type: 'tasksAdding', jobId: 'TutorialJob', count: 3 },
  { type: 'monitoringStarted', jobId: 'TutorialJob', taskCount: 3, timeoutMs: 1_200_000 },
  progress,
  progress,
  { type: 'allTasksCompleted', counts },
  { type: 'stepFinished', step: 'monitor', ms: 5 },
  { type: 'downloadStarted', container: 'output', directory: '/home/user' },
  {
    type: 'blobDownloaded',
    container: 'output',
    blob: 'a_OUTPUT.txt',
    path: '/home/user/a_OUTPUT.txt',
    bytes: 1,
    kept: false,
  },
  { type: 'downloadFinished', count: 1 },
  { type: 'containersDeleting', containers: ['application', 'input', 'output'] },
  { type: 'runEnded', startedAt, endedAt, elapsedMs: 362_000 },
  { type: 'jobDeleted', jobId: 'TutorialJob' },
  { type: 'poolDeleted', poolId: 'TutorialPool' },
]

const TRANSCRIPT = `Sample start: 2016-05-20 22:47:10

Uploading file /a/task.py to container [application]...
Uploading file /a/taskdata1.txt to container [input]...
Creating pool [TutorialPool]...
Creating job [TutorialJob]...
Adding 3 tasks to job [TutorialJob]...
Monitoring all tasks for 'Completed' state, timeout in 0:20:00.....
  Success! All tasks reached the 'Completed' state within the specified timeout period.
Downloading all files from container [output]...
  Downloaded blob [a_OUTPUT.txt] from container [output] to /home/user/a_OUTPUT.txt
  Download complete!
Deleting containers...

Sample end: 2016-05-20 22:53:12
Elapsed time: 0:06:02

Delete job? [Y/n]
Delete pool? [Y/n]
`

function printAll(events: readonly WorkflowEvent[], unasked = true): { out: string; err: string } {
  const written = { out: '', err: '' }
  const out = { write: (text: string) => (written.out += text) }
  const err = { write: (text: string) => (written.err += text) }
  const printer = createPrinter({
    screen: createScreen(out, err, false),
    unasked: { job: unasked, pool: unasked },
    isLocal: false,
    logsOf: (taskId) => `  All of it: ${taskId}`,
    verbose: false,
  })
  for (const event of events) printer.report(event)
  return written
}

test("without a terminal a run prints the tutorial's transcript, and nothing on standard error", () => {
  expect(printAll(TUTORIAL)).toEqual({ out: TRANSCRIPT, err: '' })
})

test('a deletion that was asked for on the command line is no question', () => {
  expect(printAll(TUTORIAL, false).out).not.toContain('[Y/n]')
})

test('a failed task is told on standard error with its node, its reason and its last words', () => {
  const { out, err } = printAll([
    { type: 'monitoringStarted', jobId: 'j', taskCount: 3, timeoutMs: 60_000 },
    progress,
    {
      type: 'taskFailed',
      taskId: 'topNtask1',
      nodeId: 'n1',
      reason: 'It ended with exit code 3.',
      stderrTail: 'one\r\ntwo\n',
    },
    progress,
    { type: 'timedOut', timeoutMs: 60_000, counts: { ...counts, completed: 1, running: 2 } },
  ])
  expect(err).toBe(
    'Task topNtask1 failed on node n1. It ended with exit code 3.\n' +
      '  The end of its stderr.txt:\n  | one\n  | two\n' +
      '  All of it: topNtask1\n' +
      'The tasks did not complete within 0:01:00: 1 completed, 2 running, 0 waiting. --timeout sets another limit.\n',
  )
  expect(out).toBe("Monitoring all tasks for 'Completed' state, timeout in 0:01:00....\n.\n")
})

test('an error of the service is told with the hint that belongs to its code', () => {
  const error = new BatchError('AuthenticationFailed', {}, { message: 'Refused' })
  expect(printAll([{ type: 'runFailed', error }]).err).toMatch(
    /^malachite: Refused\n.*AZURE_BATCH_ACCESS_KEY/,
  )
})

test('progress names tasks and the states that nodes are in', () => {
  const none = {
    creating: 0,
    idle: 0,
    leavingPool: 0,
    offline: 0,
    preempted: 0,
    rebooting: 0,
    reimaging: 0,
    running: 0,
    starting: 0,
    startTaskFailed: 0,
    unusable: 0,
    unknown: 0,
    waitingForStartTask: 0,
    total: 0,
  }
  const nodes = {
    poolId: 'p',
    dedicated: { ...none, idle: 1, waitingForStartTask: 2, total: 3 },
    lowPriority: { ...none, idle: 1, total: 1 },
  }
  const event = { type: 'progress', taskCount: 4, counts, elapsedMs: 61_000, nodes } as const
  expect(progressText(event)).toBe(
    '  0:01:01  4 tasks: 3 done, 0 running, 0 failed; nodes: 2 idle, 2 waiting for start task',
  )
  const noNodes = { ...nodes, dedicated: none, lowPriority: none }
  expect(progressText({ ...event, nodes: noNodes })).toMatch(/nodes: none yet$/)
})

test('times are local and have two digits everywhere', () => {
  expect(formatTime(new Date(2026, 0, 2, 3, 4, 5))).toBe('2026-01-02 03:04:05')
})

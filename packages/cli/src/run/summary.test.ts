import { expect, test } from 'vitest'
import { endedLines, leftBehindLines, logsLine, retryLines, stepTable, summaryLines } from './summary.ts'

test('what stays is listed with its reason and the command that deletes it', () => {
  const reason = 'It was not to be deleted.'
  expect(
    leftBehindLines([
      { kind: 'container', id: 'input', reason: 'Lost.' },
      { kind: 'container', id: 'output', reason: 'Lost.' },
      { kind: 'pool', id: 'P', reason },
    ]),
  ).toEqual([
    'Left behind:',
    '  containers input, output: Lost.',
    '    az storage container delete --name input',
    '    az storage container delete --name output',
    '  pool P: It was not to be deleted.',
    '    az batch pool delete --pool-id P',
    '  A pool costs money as long as it has nodes.',
  ])
})

test('nothing is said when nothing stays', () => {
  expect(leftBehindLines([])).toEqual([])
  expect(endedLines([])).toEqual([])
})

test('on this machine what was to be kept ends with the command', () => {
  expect(endedLines([{ kind: 'job', id: 'J', reason: '' }])).toEqual([
    'The local services end with this command, and with them: job J.',
  ])
})

const failedTasks = Array.from({ length: 12 }, (_, i) => ({ taskId: `t${i}`, reason: '' }))
const taskCounts = { active: 1, running: 2, completed: 17, succeeded: 5, failed: 12 }
const result = {
  outcome: 'failed',
  runId: 'r',
  taskCounts,
  failedTasks,
  unfinished: [],
  statistics: { nodes: 0, bytesUploaded: 0, bytesDownloaded: 0 },
  outputs: [],
  refusedBlobs: [],
  lostBlobs: [],
  leftBehind: [],
  startedAt: new Date(0),
  endedAt: new Date(0),
  elapsedMs: 0,
  steps: [],
} as const

test('many failed tasks are counted, ten are named', () => {
  expect(summaryLines(result)).toEqual(['12 of 20 tasks failed: t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, ….'])
  expect(summaryLines({ ...result, failedTasks: [] })).toEqual([])
})

test('a run that was halted says why, and how much of it is left', () => {
  const condition = { when: 'soon', why: 'fail', amount: 30, unit: 'percent' } as const
  const halted = { condition, reason: '6 of 20 tasks had failed' }
  expect(summaryLines({ ...result, failedTasks: [], halted })).toEqual([
    'Halted, because 6 of 20 tasks had failed (--halt soon,fail=30%): 3 tasks did not complete.',
  ])
})

test('what has no result can be run again, unless nothing ran or the user ended it', () => {
  const again = ['To run what has no result: malachite run --retry-failed r']
  const rest = { ...result, unfinished: ['/a'] }
  expect(retryLines(rest)).toEqual(again)
  expect(retryLines(result)).toEqual([])
  expect(retryLines({ ...rest, outcome: 'aborted' })).toEqual([])
  const none = { active: 0, running: 0, completed: 0, succeeded: 0, failed: 0 }
  expect(retryLines({ ...rest, taskCounts: none })).toEqual([])
})

test.each([
  [{ backend: 'emulator', isKept: true }, /^ {2}All of it: malachite logs J t --stderr$/],
  [{ backend: 'emulator', isKept: false }, /as long as the job is not deleted: malachite logs J t --stderr$/],
  [{ backend: 'azure', isKept: true }, /logs J t --stderr --backend azure$/],
  [{ backend: 'local', isKept: true }, /--backend emulator --delete-job no: malachite logs J t --stderr$/],
] as const)('%o decides how to see all of a stderr', (facts, line) => {
  expect(logsLine('J', 't', facts)).toMatch(line)
})

test('step times are aligned', () => {
  expect(
    stepTable([
      { step: 'upload', ms: 12.4 },
      { step: 'createPool', ms: 1234 },
    ]),
  ).toEqual(['  upload          12 ms', '  createPool    1234 ms'])
})

import { expect, test } from 'vitest'
import { endedLines, leftBehindLines, stepTable, summaryLines } from './summary.ts'

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

test('many failed tasks are counted, ten are named', () => {
  const failedTasks = Array.from({ length: 12 }, (_, i) => ({ taskId: `t${i}`, reason: '' }))
  const taskCounts = { active: 1, running: 2, completed: 17, succeeded: 5, failed: 12 }
  const result = {
    outcome: 'failed',
    runId: 'r',
    taskCounts,
    failedTasks,
    outputs: [],
    refusedBlobs: [],
    lostBlobs: [],
    leftBehind: [],
    startedAt: new Date(0),
    endedAt: new Date(0),
    elapsedMs: 0,
    steps: [],
  } as const
  expect(summaryLines(result)).toEqual(['12 of 20 tasks failed: t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, ….'])
  expect(summaryLines({ ...result, failedTasks: [] })).toEqual([])
})

test('step times are aligned', () => {
  expect(
    stepTable([
      { step: 'upload', ms: 12.4 },
      { step: 'createPool', ms: 1234 },
    ]),
  ).toEqual(['  upload          12 ms', '  createPool    1234 ms'])
})

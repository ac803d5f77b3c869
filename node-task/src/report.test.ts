import { expect, test } from 'vitest'

import { formatReport, outputPathOf } from './report.ts'

test('writes the table of words and where the task ran', () => {
  const words = [
    { word: 'the', count: 32 },
    { word: 'été', count: 2 },
  ]
  const environment = {
    AZ_BATCH_NODE_ID: 'tvm-1',
    AZ_BATCH_TASK_ID: 'topNtask0',
    AZ_BATCH_JOB_ID: 'job-1',
    AZ_BATCH_POOL_ID: 'pool-1',
  }
  expect(formatReport(words, environment)).toBe(
    'Word\tCount\n------------------------------\nthe:\t32\nété:\t2\n------------------------------\n' +
      'Node: tvm-1\nTask: topNtask0\nJob:  job-1\nPool: pool-1\n',
  )
})

test('leaves empty what the environment does not say', () => {
  expect(formatReport([], {})).toMatch(/\nNode: \nTask: \nJob: {2}\nPool: \n$/)
})

test.each([
  ['taskdata1.txt', 'taskdata1_OUTPUT.txt'],
  ['/wd/in.tar.gz', '/wd/in.tar_OUTPUT.gz'],
  ['wd.d/README', 'wd.d/README_OUTPUT'],
  ['.hidden', '.hidden_OUTPUT'],
  ['../a b.txt', '../a b_OUTPUT.txt'],
])('writes the words of %s to %s', (input, output) => {
  expect(outputPathOf(input)).toBe(output)
})

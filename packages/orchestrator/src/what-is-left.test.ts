import { expect, test } from 'vitest'
import { whatIsLeft, type InputFacts, type Shown, type TaskState } from './what-is-left.ts'

const INPUT: InputFacts = { taskId: 'Task0', resultName: 'r', isUploaded: true, hasChanged: false }

function shown(state?: TaskState, ...results: string[]): Shown {
  return { tasks: new Map(state ? [['task0', state]] : []), results: new Set(results) }
}

test.each([
  ['nothing is there', false, shown(), { upload: true, task: 'add' }],
  ['the input is uploaded', true, shown(), { upload: false, task: 'add' }],
  ['the task waits or runs', true, shown('open'), { upload: false, task: 'kept' }],
  ['the blob of a task that waits is lost', false, shown('open'), { upload: true, task: 'kept' }],
  ['the task has succeeded', true, shown('succeeded', 'r'), { upload: false, task: 'kept' }],
  [
    'the blob of a task that is over is lost',
    false,
    shown('succeeded', 'r'),
    { upload: false, task: 'kept' },
  ],
  ['the task has failed', false, shown('failed'), { upload: false, task: 'kept' }],
  ['the task has failed for want of its input', false, shown('starved'), { upload: true, task: 'repeat' }],
  ['the result is lost', true, shown('succeeded', 'other'), { upload: false, task: 'repeat' }],
  ['result and input are lost', false, shown('succeeded'), { upload: true, task: 'repeat' }],
  ['the job is lost, the result is there', false, shown(undefined, 'r'), { upload: false, task: 'done' }],
] as const)('when %s', (_, isUploaded, services, expected) => {
  expect(whatIsLeft({ ...INPUT, isUploaded }, services)).toEqual({ ...expected, isStale: false })
})

test('a workload that names no results is believed when it says that a task has succeeded', () => {
  const { resultName: _, ...input } = INPUT
  expect(whatIsLeft(input, shown('succeeded')).task).toBe('kept')
  expect(whatIsLeft(input, shown()).task).toBe('add')
})

test('an input that has changed is uploaded anew, unless a task or a result of the former one is there', () => {
  const changed = { ...INPUT, isUploaded: false, hasChanged: true }
  expect(whatIsLeft(changed, shown())).toEqual({ upload: true, task: 'add', isStale: false })
  expect(whatIsLeft(changed, shown('starved'))).toEqual({ upload: true, task: 'repeat', isStale: false })
  for (const services of [
    shown('open'),
    shown('succeeded', 'r'),
    shown('succeeded'),
    shown(undefined, 'r'),
  ]) {
    expect(whatIsLeft(changed, services).isStale).toBe(true)
  }
})

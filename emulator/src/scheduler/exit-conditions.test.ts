import type { ExitConditions } from '@malachite/model'
import { expect, test } from 'vitest'
import { consequencesOf, type Completion } from './exit-conditions.ts'

const failureOf = (code: string) => ({ category: 'UserError', code, message: code }) as const
const exited = (exitCode: number): Completion =>
  exitCode === 0 ? { exitCode } : { exitCode, failure: failureOf('FailureExitCode') }
const NOT_STARTED: Completion = { failure: failureOf('CommandProgramNotFound') }
const NOT_UPLOADED: Completion = { exitCode: 0, failure: failureOf('FileUploadAccessDenied') }
const ENDED: Completion = { failure: failureOf('TaskEnded') }

const SUCCESS = { jobAction: 'none', dependencyAction: 'satisfy' }
const FAILURE = { jobAction: 'terminate', dependencyAction: 'block' }
/** Options that tell in the result which condition matched. */
const mark = (dependencyAction: 'satisfy' | 'block') => ({ jobAction: 'disable', dependencyAction }) as const

const ALL: ExitConditions = {
  exitCodes: [{ code: 2, exitOptions: { jobAction: 'none' } }],
  exitCodeRanges: [
    { start: 2, end: 4, exitOptions: mark('satisfy') },
    { start: 4, end: 9, exitOptions: mark('block') },
  ],
  preProcessingError: { jobAction: 'none', dependencyAction: 'satisfy' },
  fileUploadError: { jobAction: 'disable' },
  default: { dependencyAction: 'satisfy' },
}

test.each<[string, Completion, object]>([
  ['exit code 0', exited(0), SUCCESS],
  ['another exit code', exited(1), FAILURE],
  ['a program that is not there', NOT_STARTED, FAILURE],
  ['an upload that failed', NOT_UPLOADED, FAILURE],
  ['an end by its user', ENDED, FAILURE],
])('without conditions %s has the default consequences', (_, completion, expected) => {
  expect(consequencesOf(completion)).toEqual(expected)
})

test.each<[string, Completion, object]>([
  ['a listed code comes before the ranges', exited(2), { jobAction: 'none', dependencyAction: 'block' }],
  ['the first of two ranges counts', exited(4), mark('satisfy')],
  ['both ends belong to a range', exited(9), mark('block')],
  ['an unlisted code has the default', exited(10), { jobAction: 'terminate', dependencyAction: 'satisfy' }],
  ['a task that could not start has its own condition', NOT_STARTED, SUCCESS],
  [
    'an upload error has its own condition',
    NOT_UPLOADED,
    { jobAction: 'disable', dependencyAction: 'block' },
  ],
  ['a listed code wins over an upload error', { ...NOT_UPLOADED, exitCode: 4 }, mark('satisfy')],
  ['an end by its user has the default', ENDED, { jobAction: 'terminate', dependencyAction: 'satisfy' }],
  [
    'a subtask that failed has the default',
    { failure: failureOf('FailureExitCode') },
    { jobAction: 'terminate', dependencyAction: 'satisfy' },
  ],
  ['an unlisted success stays one', exited(0), SUCCESS],
])('%s', (_, completion, expected) => {
  expect(consequencesOf(completion, ALL)).toEqual(expected)
})

test('exit code 0 counts otherwise only when it is listed', () => {
  const conditions: ExitConditions = { exitCodes: [{ code: 0, exitOptions: mark('block') }] }
  expect(consequencesOf(exited(0), conditions)).toEqual(mark('block'))
  expect(consequencesOf(exited(0), { default: mark('block') })).toEqual(SUCCESS)
})

test('errors without a condition of their own have the default', () => {
  const conditions: ExitConditions = { default: mark('satisfy') }
  expect(consequencesOf(NOT_STARTED, conditions)).toEqual(mark('satisfy'))
  expect(consequencesOf(NOT_UPLOADED, conditions)).toEqual(mark('satisfy'))
})

test('a range goes from its first to its last exit code', () => {
  const conditions: ExitConditions = {
    exitCodeRanges: [{ start: 4, end: 9, exitOptions: mark('satisfy') }],
    default: mark('block'),
  }
  const actions = [3, 4, 9, 10].map((code) => consequencesOf(exited(code), conditions).dependencyAction)
  expect(actions).toEqual(['block', 'satisfy', 'satisfy', 'block'])
})

import { expect, test } from 'vitest'
import { decide } from './outcome.ts'

test('exit code 0 is success', () => {
  expect(decide({ exitCode: 0, retries: 0, maxRetries: 0 })).toEqual({
    action: 'complete',
    result: 'success',
  })
})

test('three retries are four tries', () => {
  const tries = [0, 1, 2, 3].map((retries) => decide({ exitCode: 1, retries, maxRetries: 3 }).action)
  expect(tries).toEqual(['retry', 'retry', 'retry', 'complete'])
})

test('-1 retries for ever', () => {
  expect(decide({ exitCode: 1, retries: 1_000_000, maxRetries: -1 })).toEqual({ action: 'retry' })
})

test('a launch error is final whatever the retries', () => {
  const failure = { category: 'UserError', code: 'CommandProgramNotFound', message: 'none' } as const
  expect(decide({ failure, retries: 0, maxRetries: 5 })).toEqual({
    action: 'complete',
    result: 'failure',
    failure,
  })
})

test('an upload error fails a task that exited with 0', () => {
  const failure = { category: 'UserError', code: 'FileUploadAccessDenied', message: 'no' } as const
  expect(decide({ exitCode: 0, failure, retries: 0, maxRetries: 5 })).toMatchObject({ result: 'failure' })
})

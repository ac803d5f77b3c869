import { BatchError } from '@malachite/model'
import { expect, test } from 'vitest'
import { failureLines, toFailure } from './failure.ts'

test('wrong settings are exit code 2, with the message alone', () => {
  const failure = toFailure(new BatchError('ConfigurationError', {}, { message: 'No such file.' }))
  expect(failure).toMatchObject({ exitCode: 2, code: 'ConfigurationError', message: 'No such file.' })
  expect(failure && failureLines(failure)).toEqual(['malachite: No such file.'])
})

test('errors of a service are exit code 1, or 3 when something is missing, and show their code', () => {
  expect(toFailure(new BatchError('PoolExists'))).toMatchObject({ exitCode: 1, code: 'PoolExists' })
  const missing = toFailure(new BatchError('PoolNotFound'))
  expect(missing).toMatchObject({ exitCode: 3, code: 'PoolNotFound' })
  expect(missing && failureLines(missing)).toEqual([
    'malachite: The specified pool does not exist (PoolNotFound).',
  ])
})

test('the property that the service objects to is named, its value is not', () => {
  const details = { PropertyName: 'resizeTimeout', PropertyValue: 'secret', Reason: 'No duration\u001B[2J' }
  const failure = toFailure(new BatchError('InvalidPropertyValue', details))
  expect(failure && failureLines(failure).slice(1)).toEqual([
    '  PropertyName: resizeTimeout',
    '  Reason: No duration',
  ])
})

test('Ctrl-C at a question is exit code 130 and needs no words', () => {
  const failure = toFailure(new DOMException('Interrupted', 'AbortError'))
  expect(failure?.exitCode).toBe(130)
  expect(failure && failureLines(failure)).toEqual([])
})

test('a refused key has a hint', () => {
  expect(toFailure(new BatchError('AuthenticationFailed'))?.hint).toContain('malachite env')
})

test('a hint of the emulator counts more', () => {
  const error = new BatchError('AuthenticationFailed', { Hint: 'Set the clock.' })
  expect(toFailure(error)?.hint).toBe('Set the clock.')
})

test('errors of the system keep their code and are no bugs', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
  expect(toFailure(full)).toEqual({ exitCode: 1, code: 'ENOSPC', message: full.message })
})

test('anything else is called a bug, without its stack', () => {
  const failure = toFailure(new TypeError('x is not a function'))
  expect(failure).toMatchObject({ exitCode: 1, code: 'InternalError' })
  const lines = failure === undefined ? [] : failureLines(failure)
  expect(lines.join('\n')).toBe(
    'malachite: x is not a function\nThis is a bug in malachite. MALACHITE_DEBUG=1 shows where it happened.',
  )
})

import { BatchError } from '@malachite/model'
import { expect, test } from 'vitest'
import {
  isTemporaryNetworkError,
  parseRetryAfter,
  redact,
  toBatchError,
  toDetails,
  toSentence,
} from './errors.ts'

const context = { service: 'The Batch service at http://127.0.0.1:1', hint: 'Is it running?' }
const coded = (message: string, fields: object): Error => Object.assign(new Error(message), fields)

test('leaves a BatchError as it is', () => {
  const error = new BatchError('PoolExists')
  expect(toBatchError(error, context)).toBe(error)
})

test('takes the code of the blob service and its first line', () => {
  const message = 'The specified blob does not exist.\nRequestId:1\nTime:2026-01-01T00:00:00Z'
  const error = toBatchError(
    coded(message, { name: 'RestError', code: 'BlobNotFound', statusCode: 404 }),
    context,
  )
  expect(error).toMatchObject({
    code: 'BlobNotFound',
    status: 404,
    message: 'The specified blob does not exist.',
  })
})

test.each([
  [403, 'AuthenticationFailed'],
  [404, 'ResourceNotFound'],
  [418, 'HttpStatus418'],
  [503, 'ServerBusy'],
])('derives the code of an answer %i without a body', (statusCode, code) => {
  expect(toBatchError(coded('', { statusCode }), context)).toMatchObject({ code, status: statusCode })
})

test.each([
  [coded('connect ECONNREFUSED', { code: 'ECONNREFUSED' }), 'ECONNREFUSED', true],
  [
    coded('request to x failed, reason: getaddrinfo ENOTFOUND x', { code: 'REQUEST_SEND_ERROR' }),
    'ENOTFOUND',
    true,
  ],
  [coded('self signed', { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }), 'DEPTH_ZERO_SELF_SIGNED_CERT', false],
  [coded('Premature close', { code: 'ERR_STREAM_PREMATURE_CLOSE' }), 'ERR_STREAM_PREMATURE_CLOSE', true],
])('says that nothing answers: %s', (cause, reason, temporary) => {
  expect(isTemporaryNetworkError(cause)).toBe(temporary)
  const error = toBatchError(cause, context)
  expect(error).toMatchObject({ code: 'ServiceUnreachable', status: 0, cause: { message: cause.message } })
  expect(error.message).toBe(
    `The Batch service at http://127.0.0.1:1 does not answer (${reason}). Is it running?`,
  )
})

test('calls what the client itself refuses an invalid request, which is not worth repeating', () => {
  const error = toBatchError(
    new Error('tasks with value "1" should satisfy the constraint "MaxItems": 100'),
    context,
  )
  expect(error).toMatchObject({ code: 'InvalidRequestBody', status: 400 })
  expect(error.message).toContain('MaxItems')
})

test('reads Retry-After as seconds or as a date', () => {
  const now = Date.parse('2026-01-01T00:00:00Z')
  expect(parseRetryAfter('30', now)).toBe(30_000)
  expect(parseRetryAfter('Thu, 01 Jan 2026 00:01:00 GMT', now)).toBe(60_000)
  expect(parseRetryAfter('Wed, 31 Dec 2025 00:00:00 GMT', now)).toBe(0)
  expect(parseRetryAfter('soon', now)).toBeUndefined()
  expect(parseRetryAfter('', now)).toBeUndefined()
})

test('keeps the lines of a sentence that are not the request id and time', () => {
  expect(toSentence('One.\nTwo.\r\nRequestId:1\r\nTime:2')).toBe('One.\nTwo.')
  expect(toSentence('RequestId: is not at a line start')).toBe('RequestId: is not at a line start')
  expect(toSentence(undefined)).toBeUndefined()
})

test('makes an object of values, without signatures', () => {
  const values = [
    { key: 'Reason', value: 'bad' },
    { key: 'PropertyValue', value: 'https://s/a?sig=abc&se=1' },
  ]
  expect(toDetails(values)).toEqual({ Reason: 'bad', PropertyValue: 'https://s/a?sig=…&se=1' })
  expect(toDetails(undefined)).toEqual({})
})

test('removes signatures, keys and tokens from text', () => {
  const text =
    'https://s/a?sv=1&sig=a%2Bb%3D&sp=r AccountName=x;AccountKey=abc==;Z=1 SharedKey acc:abc= Bearer ey.x.y'
  expect(redact(text)).toBe(
    'https://s/a?sv=1&sig=…&sp=r AccountName=x;AccountKey=…;Z=1 SharedKey acc:… Bearer …',
  )
})

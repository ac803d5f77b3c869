// What answers of the service look like: headers by class, the envelope of errors, ETags.

import { expect } from 'vitest'
import type { Answer, Stamped } from './helpers.ts'

/** The type of every JSON body: no blank, no charset. */
export const JSON_TYPE = 'application/json;odata=minimalmetadata'

/** How the JSON of a job and of a job schedule begins. */
export const HEAD = [
  'odata.metadata',
  'id',
  'url',
  'eTag',
  'lastModified',
  'creationTime',
  'state',
  'stateTransitionTime',
]

/** What follows once there was another state. */
export const PREVIOUS = ['previousState', 'previousStateTransitionTime']

/** Headers that a success of each class in the service's table has besides those that every answer has. */
const CLASS = {
  E: ['etag', 'last-modified'],
  L: ['location'],
  D: ['dataserviceid'],
  J: ['content-type'],
} as const

const ALWAYS = [
  'date',
  'server',
  'request-id',
  'dataserviceversion',
  'strict-transport-security',
  'x-content-type-options',
]
// Between two ends of one connection, not part of the answer.
const HOP_BY_HOP = ['connection', 'keep-alive']

/** Names of an answer's headers in lower case, sorted, without those that every answer has. */
export function ownHeaders({ headers }: Answer): string[] {
  return Object.keys(headers)
    .filter((name) => ![...ALWAYS, ...HOP_BY_HOP].includes(name))
    .sort()
}

/** Asserts status, the classes of headers (`E L D J`) and the framing of a success. */
export function expectSuccess(answer: Answer, status: number, classes: string): void {
  expect({ status: answer.status, text: status === answer.status ? '' : answer.text }).toEqual({
    status,
    text: '',
  })
  const names = classes.split(' ').flatMap((name) => CLASS[name as keyof typeof CLASS] ?? [])
  const framing = status === 204 ? 'content-length' : 'transfer-encoding'
  expect(ownHeaders(answer)).toEqual([...names, framing].sort())
  expect(Object.keys(answer.headers)).toEqual(expect.arrayContaining(ALWAYS))
  expect(answer.text === '').toBe(!classes.includes('J'))
}

/** Asserts an error: status, code, sentence (also the reason phrase), values (a hint only if named), envelope, framing. */
export function expectError(answer: Answer, status: number, code: string, values?: object): void {
  const body = answer.json<{ code: string; message: { value: string }; values?: { key: string }[] }>()
  expect({ status: answer.status, code: body.code }).toEqual({ status, code })
  expect(Object.keys(body)).toEqual(
    ['odata.metadata', 'code', 'message', 'values'].filter((name) => name !== 'values' || body.values),
  )
  const [sentence, id, time, ...others] = body.message.value.split('\n')
  expect(answer.reason).toBe(sentence)
  expect(id).toBe(`RequestId:${answer.headers['request-id']}`)
  expect(time).toMatch(/^Time:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$/)
  expect(others).toEqual([])
  expect(ownHeaders(answer).filter((name) => name !== 'client-request-id')).toEqual([
    'content-length',
    'content-type',
  ])
  expect(answer.headers['content-type']).toBe(JSON_TYPE)
  if (values === undefined) return
  // A hint is the emulator's addition: tests that are not about it need not know it.
  const told = body.values?.filter(({ key }) => key !== 'Hint' || 'Hint' in values)
  expect(told ?? []).toEqual(Object.entries(values).map(([key, value]) => ({ key, value })))
}

/** Asserts that ETag and Last-Modified headers are those of the body. */
export function expectStamp(answer: Answer, body: Stamped): void {
  expect(answer.headers['etag']).toBe(body.eTag)
  expect(answer.headers['last-modified']).toBe(toHttpDate(body.lastModified))
}

/** A time of a body as headers write it: cut to whole seconds. */
function toHttpDate(time: string): string {
  return new Date(Math.floor(Date.parse(time) / 1000) * 1000).toUTCString()
}

/** The ETag that belongs to a time: its .NET ticks in hexadecimal. */
export function eTagOf(time: string): string {
  const [seconds = '', fraction = ''] = time.replace('Z', '').split('.')
  const ticks =
    (BigInt(Date.parse(`${seconds}Z`)) + 62_135_596_800_000n) * 10_000n + BigInt(fraction.padEnd(7, '0'))
  return `0x${ticks.toString(16).toUpperCase()}`
}

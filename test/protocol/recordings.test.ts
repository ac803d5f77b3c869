// Recorded sessions with the real service, sent again: status, header names, order of members, errors. The recordings
// are not part of the repository; MALACHITE_RECORDINGS names the file, one interaction as JSON on each line.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ROUTES } from '@malachite/emulator'
import { expect, test } from 'vitest'
import { VERSIONS } from '../../emulator/src/http/versions.ts'
import { zipOf } from '../helpers/zip.ts'
import { type Answer, API_VERSION, openProtocol } from './helpers.ts'
import { createReplays, type Replay } from './replays.ts'

interface Recording {
  number: number
  /** The api-version; something else when it is not known. */
  api?: string | null
  method: string
  path: string
  status: number | null
  respHeaderNames?: string[]
  respBody?: unknown
  respBodyKeys?: string[]
  errorCode?: string | null
}

const FILE =
  process.env['MALACHITE_RECORDINGS'] ??
  fileURLToPath(new URL('../../../shared/azure-batch/interactions.jsonl', import.meta.url))

const ABSENT = `no recordings: ${FILE} does not exist; MALACHITE_RECORDINGS can name another file`
// A skipped test does not print its reason.
if (!existsSync(FILE)) console.info(ABSENT)

const recordings: Recording[] = existsSync(FILE)
  ? readFileSync(FILE, 'utf8')
      .trim()
      .split('\n')
      .map((line, i) => ({ number: i + 1, ...(JSON.parse(line) as Omit<Recording, 'number'>) }))
  : []

/** Why an interaction is not sent again, by operation and error code; operations that are not emulated need no entry. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  'POST /pools InvalidPropertyValue': 'a network that does not exist: the emulator knows no networks',
  'POST /pools Forbidden': 'there are no networks whose use could be forbidden',
  'POST /pools InsufficientPermissions': 'there are no image galleries with permissions',
  'POST /pools ': 'the error’s code is not known',
  'POST /jobs TooManyRequests': 'requests are not throttled',
  'POST /jobs/{jobId}/disable TooManyRequests': 'requests are not throttled',
  'DELETE /jobs/{jobId}/tasks/{taskId}/files/{filePath} ': 'the status is not known',
  'POST (any) InvalidHeaderValue': 'seen in 2016 only; clients send this header today',
}

/** Members that recordings have and answers here have not, with the reason. */
const LACKING: Readonly<Record<string, string>> = {
  cloudServiceConfiguration: 'pools of cloud services are retired and not emulated',
}

/** Members that answers here may have though the recording has not: they depend on what was set, and on the moment. */
const OPTIONAL: ReadonlySet<string> = new Set(
  `applicationPackageReferences batchSupportEndOfLife certificateReferences currentNodeCommunicationMode
  endpointConfiguration lastBootTime metadata networkConfiguration nodeAgentInfo nodeInfo previousState
  previousStateTransitionTime recentTasks resourceFiles startTask startTaskInfo targetNodeCommunicationMode
  upgradePolicy userAccounts virtualMachineConfiguration`.split(/\s+/),
)

const { call, emulator } = await openProtocol()
mkdirSync(join(emulator.applications, 'app'))
writeFileSync(join(emulator.applications, 'app', '1.0.zip'), zipOf())
const { successes, failures } = await createReplays(call)

/** `GET /jobs/{jobId}`: the operation a recording is of, as the route table writes it. */
function operationOf({ method, path }: Recording): string {
  const [template = ''] = path.split(/\?| \(/)
  const named = template.replace('{alg}', '{thumbprintAlgorithm}').replace('{thumb}', '{thumbprint}')
  return `${method} ${named.replace(/\/files\/.+$/, '/files/{filePath}')}`
}

function failureOf(recording: Recording): string {
  return `${operationOf(recording)} ${recording.errorCode ?? ''}`
}

function replayOf(recording: Recording): Replay | undefined {
  if (recording.status === null) return undefined
  if (recording.status < 300) return successes[operationOf(recording)]
  return failures[`${failureOf(recording)} ${propertyOf(recording)}`] ?? failures[failureOf(recording)]
}

/** The property that an error is about. */
function propertyOf({ respBody }: Recording): string | undefined {
  const { values } = (typeof respBody === 'object' ? (respBody ?? {}) : {}) as Partial<ErrorJson>
  return values?.find(({ key }) => key === 'PropertyName')?.value
}

/** Every recording is sent in the version that it was made with: answers have the shape of the version. */
function versionOf({ api }: Recording): string {
  return VERSIONS.find((version) => version === api) ?? API_VERSION
}

function isEmulated(recording: Recording): boolean {
  const route = ROUTES.find(({ verb, path }) => `${verb} ${path}` === operationOf(recording))
  return route?.supported ?? true
}

test('every recording of an emulated operation is sent again, or it is said why not', ({ skip }) => {
  skip(!existsSync(FILE), ABSENT)
  expect(recordings.filter((recording) => replayOf(recording)).length).toBeGreaterThan(100)
  const forgotten = recordings
    .filter((recording) => isEmulated(recording) && !replayOf(recording))
    .filter((recording) => !(failureOf(recording) in LEFT_OUT) && !(operationOf(recording) in LEFT_OUT))
  expect(forgotten.map((recording) => `${recording.number}: ${failureOf(recording)}`)).toEqual([])
})

test.each(recordings.filter((recording) => isEmulated(recording) && replayOf(recording)))(
  'recording $number, $method $path, is answered with $status as it was',
  async (recording) => {
    const echo = recording.respHeaderNames?.includes('client-request-id')
    const headers = echo ? { 'client-request-id': 'x', 'return-client-request-id': 'true' } : {}
    const answer = await replayOf(recording)?.({
      send: (line, more = {}) =>
        call(line, { version: versionOf(recording), ...more, headers: { ...headers, ...more.headers } }),
      query: recording.path.replace(/^[^?]*/, ''),
    })
    expect(answer?.status).toBe(recording.status)
    if (answer) compare(recording, answer)
  },
)

function compare(recording: Recording, answer: Answer): void {
  compareHeaders(recording, answer)
  if (answer.status < 300) compareMembers(recording, answer)
  else compareErrors(recording, answer)
}

// Recordings of Windows nodes have a creation time where those of Linux have a mode. Some recorders drop the date.
function compareHeaders({ respHeaderNames }: Recording, answer: Answer): void {
  if (!respHeaderNames) return
  const names = respHeaderNames.map((name) =>
    name.toLowerCase().replace('ocp-creation-time', 'ocp-batch-file-mode'),
  )
  expect(headerNames(answer)).toEqual([...new Set([...names, 'date'])].sort())
}

function headerNames(answer: Answer): string[] {
  const hopByHop = ['connection', 'keep-alive']
  return Object.keys(answer.headers)
    .filter((name) => !hopByHop.includes(name))
    .sort()
}

/**
 * Members that both have are in the same order; those that are lacking here have their reason in LACKING, and there are
 * no others but optional ones.
 */
function compareMembers(recording: Recording, answer: Answer): void {
  const recorded = recordedMembers(recording)
  if (answer.text === '' || recorded.length === 0 || typeof recording.respBody === 'string') return
  const ours = membersOf(answer.json())
  for (const [level, names] of recorded.entries()) {
    const here = ours[level]
    if (!here) continue
    expect(here.filter((name) => names.includes(name))).toEqual(names.filter((name) => here.includes(name)))
    expect(names.filter((name) => !here.includes(name) && !(name in LACKING))).toEqual([])
    if (recording.respBodyKeys?.includes('...')) continue
    expect(here.filter((name) => !names.includes(name) && !OPTIONAL.has(name))).toEqual([])
  }
}

/** Names of the members of a body, and of the item that has most if it is a list. */
function membersOf(body: object): string[][] {
  const { value } = body as { value?: object[] }
  const items = Array.isArray(value) ? value.map((item) => Object.keys(item)) : []
  const [most] = items.sort((a, b) => b.length - a.length)
  return most ? [Object.keys(body), most] : [Object.keys(body)]
}

function recordedMembers({ respBody, respBodyKeys }: Recording): string[][] {
  if (typeof respBody === 'object' && respBody !== null) return membersOf(respBody)
  const keys = respBodyKeys?.filter((key) => key !== '...') ?? []
  if (keys.length === 0) return []
  const top = [
    ...new Set(keys.map((key) => key.replace(/^odata\.metadata.*/, 'odata.metadata')).map(firstName)),
  ]
  const item = keys.map((key) => /^value\[\]\.\{(.*)\}$/.exec(key)?.[1]).find(Boolean)
  return item === undefined ? [top] : [top, splitMembers(item)]
}

function firstName(key: string): string {
  return key === 'odata.metadata' ? key : (key.split(/[.[]/)[0] ?? '')
}

/** `id,properties.{a,b},c` → id, properties, c */
function splitMembers(text: string): string[] {
  return text
    .replaceAll(/\.[\w.]*\{[^{}]*\}/g, '')
    .split(',')
    .map(firstName)
}

interface ErrorJson {
  code: string
  message: { value: string }
  values?: { key: string; value: string }[]
}

/** The error as the service would have it: hints are the emulator's addition. */
function withoutHint({ values, ...body }: ErrorJson): ErrorJson {
  const others = values?.filter(({ key }) => key !== 'Hint')
  return others?.length ? { ...body, values: others } : body
}

function compareErrors({ respBody, errorCode }: Recording, answer: Answer): void {
  if (answer.text === '') return
  const body = withoutHint(answer.json<ErrorJson>())
  expect(body.code).toBe(errorCode)
  if (typeof respBody !== 'object' || respBody === null) return
  const recorded = respBody as ErrorJson
  expect(Object.keys(body)).toEqual(Object.keys(recorded))
  expect(body.message.value.split('\n')[0]).toBe(recorded.message.value.split('\n')[0])
  expect(answer.reason).toBe(recorded.message.value.split('\n')[0])
  expect(body.values?.map(({ key }) => key)).toEqual(recorded.values?.map(({ key }) => key))
}

// Hints: what to change, for refusals whose cause people often misread. A hint is one more entry of the error's values
// and part of the request's log line; code, status and message stay the service's.

import { BatchError, DEVELOPMENT_ACCOUNT, type BatchErrorCode } from '@malachite/model'
import type { RequestHeaders } from './context.ts'

/** What of a request tells which mistake it was. */
export interface HintRequest {
  method: string
  /** With or without the host, raw. */
  url: string
  headers: RequestHeaders
}

/** The error with the entry `Hint` when there is one for it; an error that has one keeps it. */
export function withHint(error: BatchError, request: HintRequest): BatchError {
  const { code, status, message, details, cause } = error
  if (status < 400 || status >= 500 || details['Hint'] !== undefined) return error
  const hint = Object.hasOwn(HINTS, code) ? HINTS[code as BatchErrorCode]?.(details, request) : undefined
  return hint === undefined
    ? error
    : new BatchError(code, { ...details, Hint: hint }, { message, status, cause })
}

type Hint = (details: BatchError['details'], request: HintRequest) => string | undefined

const HINTS: Partial<Record<BatchErrorCode, Hint>> = {
  MissingRequiredQueryParameter: ({ QueryParameterName }, { headers }) => {
    if (headers['x-ms-version'] ?? headers['x-ms-date']) return STORAGE_CLIENT
    return QueryParameterName === 'api-version'
      ? 'Every request needs ?api-version=, for example 2022-10-01.16.0. Clients of Azure Batch add it themselves.'
      : undefined
  },
  MissingRequiredHeader: ({ HeaderName }, { url }) => {
    if (HeaderName !== 'Authorization') return undefined
    if (/[?&]sig=/.test(url))
      return 'A shared access signature (SAS) opens blobs, not the Batch service. Sign with the Batch account and its key.'
    return 'Nothing is anonymous here. `eval "$(malachite env)"` gives clients of Azure Batch the account and its key.'
  },
  InvalidAuthenticationInfo: () =>
    'The header must read "SharedKey ACCOUNT:SIGNATURE" with the signature in base64, or "Bearer TOKEN".',
  InvalidHostInfo: ({ HeaderValue = '' }) =>
    `To reach the emulator under this name start it with --allowedHosts ${HeaderValue.replace(/:\d+$/, '')}`,
  ResourceNotFound: (_, request) => {
    const [, account] = /^SharedKey\s+([^:\s]+):/i.exec(request.headers['authorization'] ?? '') ?? []
    const [, first] = pathOf(request).split('/')
    return account !== undefined && first === account
      ? `The URL of the Batch service ends at its port: leave /${account} out of it. The account comes from the Authorization header.`
      : undefined
  },
  RequestBodyTooLarge: () =>
    'One request takes 100 tasks and 1 MiB at most: halve the collection and send both halves.',
  UnsupportedProperty: ({ PropertyName = '' }) => {
    const name = camelCase(PropertyName)
    return name === PropertyName
      ? undefined
      : `Names of properties are written in camel case on the wire: ${name}`
  },
  TaskDependenciesNotSpecifiedOnJob: () =>
    'Create the job with "usesTaskDependencies": true; it cannot be changed afterwards.',
  JobCompleted: (_, request) => {
    const path = pathOf(request)
    if (request.method === 'POST' && /^\/jobs\/?$/i.test(path))
      return 'A completed job keeps its id: delete it and wait until it is gone, or take another id.'
    return /\/(tasks|addtaskcollection)\/?$/i.test(path)
      ? 'The job has ended. With "onAllTasksComplete": "terminatejob" a job without tasks ends at once: create it with "noaction", add the tasks, then change it.'
      : undefined
  },
  JobBeingDeleted: (_, request) => goneHint(request, 'jobs'),
  PoolBeingDeleted: (_, request) => goneHint(request, 'pools'),
  PoolBeingResized: () =>
    'Wait until the pool shows "allocationState": "steady", or end the resize with POST …/stopresize.',
  // With a path it is about that file, not about the task.
  OperationInvalidForCurrentState: ({ FilePath }, request) =>
    FilePath === undefined && /\/tasks\/[^/]+\/files(\/|$)/i.test(pathOf(request))
      ? 'The task has no files before it has a node: wait until its state is "running".'
      : undefined,
  TaskFilesUnavailable: () =>
    'Files of a task go with its node: "outputFiles" or an upload of the task’s own keep them.',
  FileNotFound: (_, request) => workingDirectoryHint(request),
  PathNotFound: (_, request) => workingDirectoryHint(request),
}

function workingDirectoryHint(request: HintRequest): string | undefined {
  const [, path] = /\/tasks\/[^/]+\/files\/(.+)$/i.exec(pathOf(request)) ?? []
  return path === undefined || /^(%2f|%5c)*(wd|certs|std(out|err)\.txt)\b/i.test(path)
    ? undefined
    : `What a task writes into its working directory is below wd: files/wd%2F${path}`
}

const STORAGE_CLIENT =
  'This looks like a request for blobs. The Batch service has a port of its own: give the Storage client the URL of Azurite.'

function goneHint({ method, url, headers }: HintRequest, list: string): string | undefined {
  return method === 'POST' && pathOf({ method, url, headers }).replace(/\/$/, '').toLowerCase() === `/${list}`
    ? 'Deletion takes a while, and the id is taken until then: wait until GET answers 404.'
    : undefined
}

function pathOf({ url }: HintRequest): string {
  return url.replace(/^https?:\/\/[^/?#]*/i, '').replace(/\?.*$/s, '')
}

function camelCase(name: string): string {
  const joined = name.replaceAll(/_+([a-z\d])/gi, (_, letter: string) => letter.toUpperCase())
  return joined.charAt(0).toLowerCase() + joined.slice(1)
}

/** For a request that an account signed which the emulator does not have. */
export function unknownAccountHint(account: string): string {
  const storage = account.startsWith('devstoreaccount') ? 'That is an account for blobs. ' : ''
  return `${storage}The account is ${DEVELOPMENT_ACCOUNT}, unless MALACHITE_ACCOUNTS names others.`
}

/** For a date that is out of the window; `difference` in milliseconds, positive when the client's clock is ahead. */
export function clockHint(difference: number): string {
  if (Number.isNaN(difference)) return 'Dates look like Sun, 06 Nov 1994 08:49:37 GMT (RFC 1123).'
  const minutes = Math.round(Math.abs(difference) / 60_000)
  const side = difference > 0 ? 'ahead of' : 'behind'
  return `The client’s clock is ${minutes} minutes ${side} the emulator’s, or the request was kept and sent again: set the clock, sign each request anew.`
}

/** For a signature that is not of the account's key: `owner` = the account whose key it is of, if that is known. */
export function wrongKeyHint(account: string, owner: string | undefined): string {
  if (owner === account)
    return `That is the published development key, but the key of ${account} here is another (MALACHITE_ACCOUNTS).`
  if (owner !== undefined)
    return `That is the key of the account ${owner}: the name and the key must belong together.`
  return `The key is not that of ${account}, or something changes requests on their way. \`eval "$(malachite env)"\` sets the emulator’s own.`
}

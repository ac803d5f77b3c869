// What usually causes each error of the service here, and what to do. Where the emulator gives a hint for such a request
// the page repeats that hint: the example says for which request.

import type { BatchErrorCode, ErrorDetails } from '@malachite/model'
import type { HintRequest } from '../../../emulator/src/http/hints.ts'
import { STATES } from './advice-states.ts'

/** A refusal for which the emulator has a hint. */
export interface Example extends Partial<HintRequest> {
  details?: ErrorDetails
  /** Says which request it is, where there are several hints. */
  when?: string
}

/** Cause and remedy; the remedy may be left to hints. */
export type Advice = readonly [cause: string, fix: string, ...examples: Example[]]

const IDENTITY = {
  AuthenticationFailed: [
    'Wrong key, unknown account, a clock that is off by more than 15 minutes, or a token that is not for Batch. On Azure also: no role on the account.',
    'Read `AuthenticationErrorDetail` and `Hint` in the error: they name which of these it is. See [the situations](#the-client-is-refused).',
  ],
  InvalidAuthenticationInfo: ['An `Authorization` header written by hand.', '', {}],
  MissingRequiredHeader: [
    'No `Authorization` header, or a SAS instead.',
    '',
    { details: { HeaderName: 'Authorization' } },
    { details: { HeaderName: 'Authorization' }, url: '/pools?sig=x', when: 'With a SAS:' },
  ],
  InvalidHostInfo: [
    'The client reaches the emulator under a name that is not loopback, e.g. a service name of docker-compose.',
    '',
    { details: { HeaderValue: 'NAME' } },
  ],
  Forbidden: [
    'A task used its own token (`AZ_BATCH_AUTHENTICATION_TOKEN`) outside of its job.',
    'Give the task a key in its environment if it must do more.',
  ],
} as const satisfies Partial<Record<BatchErrorCode, Advice>>

const REQUEST = {
  MissingRequiredQueryParameter: [
    'A request without `api-version`, made by hand or by a client for blobs.',
    '',
    { details: { QueryParameterName: 'api-version' } },
    { headers: { 'x-ms-version': '2026-02-06' }, when: 'With headers of the Storage service:' },
  ],
  InvalidQueryParameterValue: [
    'A `$filter`, `$select`, `$expand`, `maxresults` or `api-version` that cannot be read, or a filter on a property that cannot be filtered.',
    'Read `QueryParameterValue` and `Reason`; they name the place and what is possible.',
  ],
  OutOfRangeQueryParameterValue: ['Azure only: a number in the query is too large.', 'Read `Reason`.'],
  UnsupportedQueryParameter: [
    'The operation has no such query parameter in this api-version.',
    'Leave it out, or send a newer `api-version`.',
  ],
  InvalidHeaderValue: [
    'A date, a length, a byte range or an eTag in a header cannot be read.',
    '`HeaderName` and `HeaderValue` say which. Ranges look like `bytes=0-99`, dates like RFC 1123.',
  ],
  MultipleConditionHeadersNotSupported: [
    'More than one of `If-Match`, `If-None-Match`, `If-Modified-Since`, `If-Unmodified-Since`.',
    'Send one.',
  ],
  ConditionNotMet: [
    'The resource has changed since its eTag was read; or a read with `If-None-Match` found no change (304).',
    'Read it again and decide anew.',
  ],
  MissingRequiredProperty: ['The body lacks what `PropertyName` names.', 'Add it.'],
  InvalidPropertyValue: [
    'The value of `PropertyName` has a wrong type or is out of its range; also an id with other characters than `A–Z a–z 0–9 - _`.',
    'Read `PropertyValue` and `Reason`.',
  ],
  UnsupportedProperty: [
    'A misspelt property, one of a newer api-version, or one in the spelling of a language (`vm_size`).',
    '',
    { details: { PropertyName: 'vm_size' } },
  ],
  OutOfRangePriority: ['A priority that is not from −1000 to 1000.', 'Choose one within.'],
  EmptyMetadataKey: ['An entry of `metadata` whose `name` is empty.', 'Name it.'],
  InvalidRequestBody: [
    'The body is not JSON, or no object; often a body that was encoded twice.',
    'Send `Content-Type: application/json; odata=minimalmetadata` and one JSON object.',
  ],
  RequestBodyTooLarge: ['More than 1 MiB, or too many tasks in a collection.', '', {}],
  RequestUrlFailedToParse: [
    'A `%` in the path that encodes nothing.',
    'Encode ids with `encodeURIComponent` or its like.',
  ],
  MissingContentLengthHeader: [
    'Azure only: a POST without `Content-Length`.',
    'Send it, `0` without a body.',
  ],
  UnsupportedHttpVerb: [
    'The path exists, but not with this verb in this api-version.',
    'See [operations](operations.md).',
  ],
  ResourceNotFound: [
    'No operation has this path; often the account is part of the URL.',
    '',
    { url: '/devbatchaccount1/pools', headers: { authorization: 'SharedKey devbatchaccount1:x' } },
  ],
  AutoScalingFormulaSyntaxError: [
    'The formula cannot be read.',
    '`Reason` begins with line and column. `malachite autoscale simulate` tries a formula at once ([how](autoscale.md)).',
  ],
  AutoScalingFormulaTooLong: ['A formula of more than 8,192 characters.', 'Shorten it.'],
  TaskDependenciesNotSpecifiedOnJob: ['`dependsOn` in a job that was created without dependencies.', '', {}],
  TaskDependencyListTooLong: [
    'The ids in `dependsOn.taskIds` have more than 64,000 characters together.',
    'Use `taskIdRanges`, or a task in between that depends on a part of them.',
  ],
  TaskDependencyRangesTooLong: [
    'The numbers in `dependsOn.taskIdRanges` have more than 64,000 characters together.',
    'Join ranges.',
  ],
  NotImplemented: [
    'The request needs what is not emulated, e.g. mounted file systems.',
    '`Reason` names it; all of it is in [differences](differences.md#refused-with-501). Azure has it.',
  ],
} as const satisfies Partial<Record<BatchErrorCode, Advice>>

const SERVER = {
  PoolQuotaReached: [
    'As many pools as `--quota pools=N` allows; on Azure the quota of the account.',
    'Delete a pool (`malachite clean` lists leftovers), raise the quota ([how](failures.md#too-few-machines-quotas)).',
  ],
  ActiveJobAndScheduleQuotaReached: [
    'As many jobs and schedules that are not completed as the quota allows.',
    'Terminate jobs that are done: without `onAllTasksComplete: terminatejob` a job stays active for ever.',
  ],
  TooManyRequests: [
    'Azure only: the account is asked too often.',
    'Wait as `Retry-After` says; the clients do. List with a filter instead of reading one by one.',
  ],
  TooManyEnableAutoScaleRequests: [
    'Autoscale was enabled on this pool less than 30 seconds ago.',
    'Wait; clients repeat it by themselves. `malachite autoscale simulate` needs no waiting.',
  ],
  ServerBusy: ['Azure only.', 'Wait and repeat; the clients do.'],
  OperationTimedOut: ['Azure only.', 'Look whether the operation has happened, then repeat it.'],
  InternalError: [
    'The emulator could not write (full or read-only disk), or has a bug. On Azure: of the service.',
    'See [the disk is full](#the-disk-is-full). Else it is a bug: with `--debug FILE` the log has the cause, by the `RequestId` of the answer.',
  ],
} as const satisfies Partial<Record<BatchErrorCode, Advice>>

/** The chapters of the page; together they have every code. */
export const CHAPTERS = {
  'Who is asking': IDENTITY,
  'What is asked': REQUEST,
  ...STATES,
  'Quotas, and the service itself': SERVER,
} as const

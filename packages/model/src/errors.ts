// Every error of the Batch service in one table: code → HTTP status and sentence. One class carries them all.

// The sentences are the service's own where a recording or Microsoft's live tests show them; the others follow its pattern.
const TABLE = {
  ConditionNotMet: [412, 'The condition specified using HTTP conditional header(s) is not met.'],
  MissingRequiredQueryParameter: [
    400,
    "A query parameter that's mandatory for this request is not specified.",
  ],
  InvalidQueryParameterValue: [
    400,
    'Value for one of the query parameters specified in the request URI is invalid.',
  ],
  OutOfRangeQueryParameterValue: [
    400,
    'A query parameter specified in the request URI is outside the permissible range.',
  ],
  UnsupportedQueryParameter: [
    400,
    'One of the query parameters specified in the request URI is not supported.',
  ],
  MissingRequiredHeader: [400, "An HTTP header that's mandatory for this request is not specified."],
  InvalidHeaderValue: [400, 'The value for one of the HTTP headers is not in the correct format.'],
  InvalidHostInfo: [400, 'The host information in the request is not permitted.'],
  MultipleConditionHeadersNotSupported: [400, 'Multiple condition headers are not supported.'],
  MissingRequiredProperty: [400, 'A required property was not specified in the request body.'],
  InvalidPropertyValue: [400, 'The value provided for one of the properties in the request body is invalid.'],
  OutOfRangePriority: [400, 'The specified priority is outside the permissible range.'],
  EmptyMetadataKey: [400, 'The key for one of the metadata key-value pairs is empty.'],
  UnsupportedProperty: [400, 'One of the properties specified in the request body is not supported.'],
  AutoScalingFormulaSyntaxError: [400, 'The specified auto-scaling formula has a syntax error.'],
  AutoScalingFormulaTooLong: [400, 'The specified auto-scaling formula is too long.'],
  InvalidRequestBody: [400, 'The specified Request Body is not syntactically valid.'],
  RequestUrlFailedToParse: [400, 'The url in the request could not be parsed.'],
  InvalidAuthenticationInfo: [
    400,
    'The authentication information was not provided in the correct format. Verify the value of Authorization header.',
  ],
  TaskDependenciesNotSpecifiedOnJob: [
    400,
    'A task cannot specify dependencies unless the job it belongs to has usesTaskDependencies set to true.',
  ],
  TaskDependencyListTooLong: [400, 'The list of tasks that the task depends on is too long.'],
  TaskDependencyRangesTooLong: [400, 'The list of task id ranges that the task depends on is too long.'],
  AuthenticationFailed: [
    403,
    'Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature.',
  ],
  Forbidden: [403, 'Access is Forbidden'],
  PoolNotFound: [404, 'The specified pool does not exist.'],
  NodeNotFound: [404, 'The specified node does not exist.'],
  NodeUserNotFound: [404, 'The node user does not exist'],
  ApplicationNotFound: [404, 'The specified application does not exist.'],
  CertificateNotFound: [404, 'The specified certificate does not exist.'],
  JobNotFound: [404, 'The specified job does not exist.'],
  TaskNotFound: [404, 'The specified task does not exist.'],
  JobScheduleNotFound: [404, 'The specified job schedule does not exist.'],
  FileNotFound: [404, 'The specified file does not exist.'],
  PathNotFound: [404, 'The specified path does not exist.'],
  ResourceNotFound: [404, 'The specified resource does not exist.'],
  UnsupportedHttpVerb: [405, 'The resource does not support the specified HTTP verb.'],
  PoolExists: [409, 'The specified pool already exists.'],
  PoolBeingDeleted: [409, 'The specified pool has been marked for deletion and is being reclaimed.'],
  PoolBeingResized: [409, 'The specified pool is being resized.'],
  PoolQuotaReached: [409, 'The pool quota for the account has been reached.'],
  ActiveJobAndScheduleQuotaReached: [
    409,
    'The active job and job schedule quota for the account has been reached.',
  ],
  NodeBeingCreated: [409, 'The specified node is being created.'],
  NodeBeingStarted: [409, 'The specified node is being started.'],
  NodeBeingRebooted: [409, 'The specified node is being rebooted.'],
  NodeBeingReimaged: [409, 'The specified node is being reimaged.'],
  NodeUserExists: [409, 'The specified node user already exists'],
  NodeStateUnusable: [409, 'The specified node is unusable.'],
  NodeAlreadyInTargetSchedulingState: [409, 'The specified node is already in the target scheduling state.'],
  OperationNotValidOnPool: [409, 'The specified operation is not valid on the pool.'],
  OperationNotValidOnNode: [409, 'The specified operation is not valid on the node.'],
  OperationInvalidForCurrentState: [
    409,
    'The specified operation is not valid for the current state of the resource.',
  ],
  CertificateExists: [409, 'The specified certificate already exists.'],
  CertificateBeingDeleted: [
    409,
    'The specified certificate has been marked for deletion and is being deleted.',
  ],
  CertificateStateActive: [409, 'The specified certificate is in the active state.'],
  InvalidApplicationPackageReferences: [
    409,
    'One or more of the specified application package references could not be satisfied.',
  ],
  JobExists: [409, 'The specified job already exists.'],
  JobCompleted: [409, 'The specified job is already in a completed state.'],
  JobNotActive: [409, 'The specified job is not in an active state.'],
  JobBeingTerminated: [409, 'The specified job is being terminated.'],
  JobBeingDeleted: [409, 'The specified job has been marked for deletion and is being garbage collected.'],
  JobWithSameIdExists: [409, 'A job with the same id as the specified job schedule already exists.'],
  JobScheduleExists: [409, 'The specified job schedule already exists.'],
  JobScheduleCompleted: [409, 'The specified job schedule is already in completed state.'],
  JobScheduleDisabled: [409, 'The specified job schedule has been disabled.'],
  JobScheduleBeingTerminated: [409, 'The specified job schedule is being terminated.'],
  JobScheduleBeingDeleted: [
    409,
    'The specified job schedule has been marked for deletion and is being garbage collected.',
  ],
  JobScheduleWithSameIdExists: [409, 'A job schedule with the same id as the specified job already exists.'],
  JobPreparationTaskOrReleaseTaskNotSpecified: [
    409,
    'The specified job does not have either job preparation task or job release task.',
  ],
  TaskIdSameAsJobPreparationTask: [409, 'The task id is the same as that of the job preparation task.'],
  TaskIdSameAsJobReleaseTask: [409, 'The task id is the same as that of the job release task.'],
  TaskExists: [409, 'The specified task already exists.'],
  TaskCompleted: [409, 'The specified task is already in a completed state.'],
  TaskNotCompleted: [409, 'The specified task is not in a completed state.'],
  TaskSucceeded: [409, 'The specified task has completed successfully and cannot be reactivated.'],
  TaskFilesUnavailable: [409, 'The specified task files are unavailable.'],
  TaskFilesCleanedup: [409, 'The specified task files have been cleaned up.'],
  MissingContentLengthHeader: [411, 'The Content-Length header was not specified.'],
  RequestBodyTooLarge: [413, 'The request body is too large and exceeds the maximum permissible limit.'],
  InvalidRange: [416, 'The range specified is invalid for the current size of the resource.'],
  TooManyRequests: [429, 'Request failed as server encountered too many requests. Please try again.'],
  InternalError: [500, 'Server encountered an internal error. Please try again after some time.'],
  NotImplemented: [501, 'The requested operation is not implemented on the specified resource.'],
  TooManyEnableAutoScaleRequests: [
    503,
    'Autoscale was enabled on the specified pool less than 30 seconds ago. Please try again after some time.',
  ],
  ServerBusy: [503, 'The server is busy. Please try again after some time.'],
  OperationTimedOut: [503, 'The operation could not be completed within the permitted time.'],
} as const satisfies Record<string, readonly [number, string]>

/** A code of the Batch service that this project raises itself. */
export type BatchErrorCode = keyof typeof TABLE

/** All known codes with their HTTP status and sentence, for documentation and dashboards. */
export const BATCH_ERRORS: Readonly<Record<BatchErrorCode, readonly [status: number, sentence: string]>> =
  TABLE

/** Name–value pairs that say what was wrong: `{ PropertyName: 'id', Reason: '…' }`. */
export type ErrorDetails = Readonly<Record<string, string>>

/**
 * The one error of both interfaces. `code` is the service's own (a blob service's code such as `ContainerNotFound`
 * passes through unchanged), `details` its `values`, `cause` the error of the library underneath.
 */
export class BatchError extends Error {
  override readonly name = 'BatchError'
  /** Of the service, or `ConfigurationError`, `ServiceUnreachable`, `InvalidResponse`. */
  readonly code: string
  /** HTTP status of the service's answer; 0 when no answer came. */
  readonly status: number
  /** The service's `values`; of the emulator sometimes with a `Hint`. */
  readonly details: ErrorDetails

  constructor(
    code: BatchErrorCode | (string & {}),
    details: ErrorDetails = {},
    options: { message?: string; status?: number; cause?: unknown } = {},
  ) {
    const [status, sentence] = isKnown(code) ? TABLE[code] : [0, code]
    super(options.message ?? sentence, 'cause' in options ? { cause: options.cause } : undefined)
    this.code = code
    this.status = options.status ?? status
    this.details = details
  }
}

function isKnown(code: string): code is BatchErrorCode {
  return Object.hasOwn(TABLE, code)
}

/** True for a `BatchError` with one of these codes, or with any code when none is given. */
export function isBatchError(error: unknown, ...codes: string[]): error is BatchError {
  return error instanceof BatchError && (codes.length === 0 || codes.includes(error.code))
}

/** True when the same request may succeed later: no answer, throttling, or an error of the server. */
export function isTransient(error: unknown): boolean {
  return (
    error instanceof BatchError &&
    error.status !== 501 &&
    error.code !== 'ConfigurationError' &&
    (error.status === 0 || error.status === 408 || error.status === 429 || error.status >= 500)
  )
}

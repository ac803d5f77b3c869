// Errors on the wire: the service's envelope, with the request's id and the time in the message.

import { BatchError } from '@malachite/model'
import { metadataUrl } from './list.ts'

/** Where and when an error happened. */
export interface ErrorContext {
  base: string
  requestId: string
  /** Milliseconds since 1970. */
  now: number
}

/** The error as a client may see it: what is not a `BatchError` with a status becomes `InternalError`. */
export function toBatchError(error: unknown): BatchError {
  if (error instanceof BatchError && error.status >= 300) return error
  return new BatchError('InternalError', {}, { cause: error })
}

/** Body of an error answer. */
export function errorBody(error: BatchError, context: ErrorContext): object {
  return {
    'odata.metadata': metadataUrl(
      context.base,
      'Microsoft.Azure.Batch.Protocol.Entities.Container.errors/@Element',
    ),
    ...errorContent(error, context),
  }
}

/** Code, message and values: also what a task of a collection is answered with. */
export function errorContent(error: BatchError, { requestId, now }: ErrorContext): object {
  const values = Object.entries(error.details).map(([key, value]) => ({ key, value }))
  const time = new Date(now).toISOString().replace('Z', '0000Z')
  return {
    code: error.code,
    message: { lang: 'en-US', value: `${error.message}\nRequestId:${requestId}\nTime:${time}` },
    ...(values.length > 0 && { values }),
  }
}

/** The reason phrase of an error answer: the first line of its message, as far as HTTP can carry it. */
export function reasonPhrase(error: BatchError): string {
  return (error.message.split('\n')[0] ?? '').replaceAll(/[^\x20-\x7e]/g, '?')
}

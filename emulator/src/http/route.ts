// One operation of the service: a template such as /jobs/{jobId}/tasks/{taskId}, its marks and its handler.

import { BatchError } from '@malachite/model'
import type { Handler } from './context.ts'
import { rangeOfOperation, type VersionRange } from './versions.ts'

/** The verbs of the service. */
export type Verb = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Names of the `{parameters}` in a template. */
export type ParamNames<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParamNames<Rest>
  : never

/** `D`: the answer names its URL in DataServiceId. `C4`: all four conditional headers are understood. */
export type Marks = '' | 'D' | 'C4' | 'D C4'

/** One operation of the service. */
export interface Route {
  verb: Verb
  path: string
  /** Group and name as in the service's clients, e.g. `pool.add`. */
  operation: string
  /** Status of success. */
  status: number
  marks: Marks
  /** False: the operation is answered with 501. */
  supported: boolean
  handler: Handler
  /** The versions that have the operation. */
  versions: VersionRange
}

/** One row of the table; without a handler the operation is answered with 501 `NotImplemented`. */
export function route<const Path extends string>(
  verb: Verb,
  path: Path,
  operation: string,
  status: number,
  marks: Marks,
  handler?: Handler<ParamNames<Path>>,
): Route {
  return {
    verb,
    path,
    operation,
    status,
    marks,
    supported: handler !== undefined,
    handler: handler ?? notImplemented(operation),
    versions: rangeOfOperation(operation),
  }
}

function notImplemented(operation: string): Handler {
  return () => {
    throw new BatchError('NotImplemented', {
      Operation: operation,
      Hint: 'This emulator does not offer the operation yet; see the table of supported operations in the README.',
    })
  }
}

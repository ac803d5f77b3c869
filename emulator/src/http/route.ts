// Routes: a template such as /jobs/{jobId}/tasks/{taskId}, matched on the raw path, each segment decoded afterwards.

import { BatchError } from '@malachite/model'
import type { Handler } from './context.ts'
import { decodePart } from './target.ts'

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
  /** The template's segments, compiled once. */
  segments: readonly Segment[]
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
    segments: compile(path),
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

/** A route that fits, with the decoded parameters. */
export interface Match {
  route: Route
  params: Record<string, string>
}

/** The route of a request: `ResourceNotFound` when no path fits, `UnsupportedHttpVerb` when only the verb does not. */
export function findRoute(routes: readonly Route[], verb: string, rawPath: string): Match {
  const parts = splitPath(rawPath)
  let known = false
  for (const route of routes) {
    const params = matchSegments(route.segments, parts)
    if (params && route.verb === verb) return { route, params }
    known ||= params !== undefined
  }
  throw new BatchError(known ? 'UnsupportedHttpVerb' : 'ResourceNotFound')
}

/** Literal text (lower case), one parameter, the parameter that takes the rest of the path, or text around several. */
type Segment =
  | { kind: 'literal'; text: string }
  | { kind: 'param'; name: string }
  | { kind: 'rest'; name: string }
  | { kind: 'pattern'; pattern: RegExp; names: readonly string[] }

// Clients send a file's path as one segment with %2F, people type it with slashes.
const REST = 'filePath'

function compile(path: string): Segment[] {
  return path
    .slice(1)
    .split('/')
    .map((text) => {
      const names = Array.from(text.matchAll(/\{(\w+)\}/g), ([, name]) => name ?? '')
      const [name] = names
      if (name === undefined) return { kind: 'literal', text: text.toLowerCase() }
      if (text === `{${REST}}`) return { kind: 'rest', name }
      if (text === `{${name}}`) return { kind: 'param', name }
      const source = text.replace(/[()]/g, '\\$&').replace(/\{\w+\}/g, '([^,()]+)')
      return { kind: 'pattern', pattern: new RegExp(`^${source}$`, 'i'), names }
    })
}

function splitPath(rawPath: string): string[] {
  const parts = rawPath.split('/').map(decodePart)
  parts.shift()
  if (parts.at(-1) === '') parts.pop()
  return parts
}

function matchSegments(
  segments: readonly Segment[],
  parts: readonly string[],
): Record<string, string> | undefined {
  const last = segments.at(-1)
  if (last?.kind === 'rest' ? parts.length < segments.length : parts.length !== segments.length)
    return undefined
  const params: Record<string, string> = {}
  for (const [i, segment] of segments.entries()) {
    const part = segment.kind === 'rest' ? parts.slice(i).join('/') : (parts[i] ?? '')
    if (!matchSegment(segment, part, params)) return undefined
  }
  return params
}

function matchSegment(segment: Segment, part: string, params: Record<string, string>): boolean {
  if (segment.kind === 'literal') return part.toLowerCase() === segment.text
  if (segment.kind === 'pattern') {
    const found = segment.pattern.exec(part)
    segment.names.forEach((name, i) => (params[name] = found?.[i + 1] ?? ''))
    return found !== null
  }
  params[segment.name] = part
  return part !== ''
}

// One request in, one answer out: the order of the checks is the service's. Nothing here knows the HTTP library.

import { randomUUID } from 'node:crypto'
import { BatchError, type Clock } from '@malachite/model'
import type { Accounts } from './accounts.ts'
import { completeAnswer, errorAnswer, replyAnswer, type HttpAnswer } from './answer.ts'
import { parseBody, type Body } from './body.ts'
import type { Call, HttpLogger, Query, RequestHeaders, Services } from './context.ts'
import { toBatchError } from './errors.ts'
import { healthAnswer } from './health.ts'
import type { HostCheck } from './hosts.ts'
import { checkPreconditions, currentResource, isConditional } from './preconditions.ts'
import { invalid, requireTimeout } from './query.ts'
import { findRoute, type Match } from './route.ts'
import { ROUTES } from './routes.ts'
import { authenticate } from './shared-key.ts'
import { parseTarget, type Target } from './target.ts'

/** A request as the HTTP library hands it over. */
export interface HttpRequest {
  method: string
  /** The request target, raw. */
  url: string
  headers: RequestHeaders
  body: Body
}

/** What the service is made of; see `BatchServerOptions`. */
export interface ServiceParts extends Services {
  accounts: Accounts
  clock: Clock
  logger: HttpLogger
  isAllowedHost: HostCheck
  isReady: () => boolean
}

/** Answers one request; never rejects. */
export type BatchService = (request: HttpRequest) => Promise<HttpAnswer>

/** The Batch service as a function. */
export function createService(parts: ServiceParts): BatchService {
  return async (request) => {
    const requestId = randomUUID()
    const now = parts.clock.now()
    const base = `http://${request.headers['host'] ?? ''}`
    let answer: HttpAnswer
    try {
      answer =
        healthAnswer(request, parts.isReady) ?? (await operate(parts, request, { base, requestId, now }))
    } catch (thrown) {
      const error = toBatchError(thrown)
      if (error.code === 'InternalError')
        parts.logger.error(`request ${requestId}: ${request.method} failed unexpectedly`, thrown)
      answer = errorAnswer(request.method, error, { base, requestId, now })
    }
    // Queries hold filters and paging only; headers and bodies, where keys and SAS are, are never logged.
    parts.logger.debug(
      `${request.method} ${request.url} ${answer.status} ${parts.clock.now() - now} ms ${requestId}`,
    )
    return completeAnswer(answer, requestId, request.headers)
  }
}

type Basics = Pick<Call, 'base' | 'requestId' | 'now'>

async function operate(parts: ServiceParts, request: HttpRequest, basics: Basics): Promise<HttpAnswer> {
  const { method, headers } = request
  if (!parts.isAllowedHost(headers['host']))
    throw new BatchError('InvalidHostInfo', { HeaderName: 'Host', HeaderValue: headers['host'] ?? '' })
  const target = parseTarget(request.url)
  // The service checks the version before it authenticates.
  requireApiVersion(target.query)
  authenticate({ method, headers, path: target.path, query: target.query }, parts.accounts, basics.now)
  const match = findRoute(ROUTES, method, target.path)
  requireTimeout(target.query)
  const call = createCall(request, basics, target, match)
  if (match.route.supported && match.route.marks.includes('C4') && isConditional(headers))
    checkPreconditions(method, headers, currentResource(parts.engine, match.params))
  const reply = await match.route.handler(parts, call)
  return replyAnswer(match.route, call, reply)
}

function createCall({ headers, body }: HttpRequest, basics: Basics, target: Target, match: Match): Call {
  return {
    ...basics,
    params: match.params,
    query: target.query,
    search: target.search,
    headers,
    body: parseBody(body),
    url: basics.base + target.path,
  }
}

// Every well-formed version is served, in the shape of 2022-10-01.16.0.
function requireApiVersion(query: Query): void {
  const version = query.get('api-version')
  if (!version) throw new BatchError('MissingRequiredQueryParameter', { QueryParameterName: 'api-version' })
  if (!/^\d{4}-\d{2}-\d{2}(?:\.\d+\.\d+)?$/.test(version))
    throw invalid(query, 'api-version', 'The version is not of the form YYYY-MM-DD.MAJOR.MINOR')
}

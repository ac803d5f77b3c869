// One request in, one answer out: the order of the checks is the service's. Nothing here knows the HTTP library.

import { randomUUID } from 'node:crypto'
import { BatchError, type Clock } from '@malachite/model'
import { completeAnswer, errorAnswer, replyAnswer, type HttpAnswer } from './answer.ts'
import { createVersionWarning, readVersion } from './api-version.ts'
import { authenticate, type AuthenticationRules } from './authentication.ts'
import { parseBody, type Body } from './body.ts'
import type { Call, HttpLogger, RequestHeaders, Services } from './context.ts'
import { toBatchError } from './errors.ts'
import { healthAnswer } from './health.ts'
import { withHint } from './hints.ts'
import type { HostCheck } from './hosts.ts'
import { isOwnPath, OWN_ROUTES } from './own-routes.ts'
import { checkPreconditions, currentResource, isConditional } from './preconditions.ts'
import { foldNames, requireKnownOptions } from './query-options.ts'
import { requireTimeout } from './query.ts'
import { createRouter, type Match } from './router.ts'
import { ROUTES } from './routes.ts'
import { fromVersion } from './shape.ts'
import { parseTarget, type Target, withoutSignature } from './target.ts'
import { NEWEST } from './versions.ts'

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
  authentication: AuthenticationRules
  /** How clients reach the service. */
  scheme: 'http' | 'https'
  clock: Clock
  logger: HttpLogger
  isAllowedHost: HostCheck
  isReady: () => boolean
  /** Refuse versions newer than the newest known one. */
  strictApiVersion: boolean
}

/** Answers one request; never rejects. */
export type BatchService = (request: HttpRequest) => Promise<HttpAnswer>

/** The Batch service as a function. */
export function createService(parts: ServiceParts): BatchService {
  const operate = createOperate(parts)
  return async (request) => {
    const requestId = randomUUID()
    const now = parts.clock.now()
    const base = `${parts.scheme}://${request.headers['host'] ?? ''}`
    let answer: HttpAnswer
    let trouble = ''
    try {
      answer = healthAnswer(request, parts.isReady) ?? (await operate(request, { base, requestId, now }))
    } catch (thrown) {
      const error = withHint(toBatchError(thrown), request)
      if (error.code === 'InternalError')
        parts.logger.error(`request ${requestId}: ${request.method} failed unexpectedly`, thrown)
      answer = errorAnswer(request.method, error, { base, requestId, now })
      trouble = describeTrouble(error)
    }
    // Headers and bodies, where keys and SAS are, are never logged.
    const url = withoutSignature(request.url)
    parts.logger.debug(
      `${request.method} ${url} ${answer.status} ${parts.clock.now() - now} ms ${requestId}${trouble}`,
    )
    return completeAnswer(answer, requestId, request.headers)
  }
}

/** Code and hint for the log; other values repeat what the client sent. */
function describeTrouble({ code, details }: BatchError): string {
  const { Hint } = details
  return Hint === undefined ? ` ${code}` : ` ${code}: ${Hint}`
}

type Basics = Pick<Call, 'base' | 'requestId' | 'now'>

/** They have one version only. */
const OF_OWN_PATHS = { version: NEWEST, isKnown: true }

function createOperate(parts: ServiceParts) {
  const findRoute = createRouter([...ROUTES, ...OWN_ROUTES])
  const warnOf = createVersionWarning(parts)
  return async (request: HttpRequest, basics: Basics): Promise<HttpAnswer> => {
    const { method, headers } = request
    if (!parts.isAllowedHost(headers['host']))
      throw new BatchError('InvalidHostInfo', { HeaderName: 'Host', HeaderValue: headers['host'] ?? '' })
    const target = parseTarget(request.url)
    const query = foldNames(target.query)
    // The service checks the version before it authenticates.
    const { version, isKnown } = isOwnPath(target.path) ? OF_OWN_PATHS : readVersion(query, parts)
    authenticate(
      { method, headers, path: target.path, query: target.query },
      parts.authentication,
      basics.now,
    )
    if (!isKnown) warnOf(query.get('api-version') ?? '', version)
    const match = findRoute(method, target.path, version)
    requireTimeout(query)
    requireKnownOptions(match.route.operation, version, query)
    const params = withStoredIds(parts.engine, match.params)
    const call = createCall(request, { ...basics, version, query }, target, { ...match, params })
    if (match.route.supported && match.route.marks.includes('C4') && isConditional(headers))
      checkPreconditions(method, headers, currentResource(parts.engine, match.params))
    const reply = await match.route.handler(parts, call)
    return replyAnswer(match.route, call, reply)
  }
}

/** Ids are found in any casing; the URLs of an answer have the one that the pool or job was added with. */
function withStoredIds(engine: ServiceParts['engine'], params: Match['params']): Match['params'] {
  const { poolId, jobId } = params
  if (poolId !== undefined) return { ...params, poolId: engine.pools.idOf(poolId) }
  return jobId === undefined ? params : { ...params, jobId: engine.jobs.idOf(jobId) }
}

function createCall(
  { headers, body }: HttpRequest,
  basics: Basics & Pick<Call, 'version' | 'query'>,
  target: Target,
  { route, params }: Match,
): Call {
  return {
    ...basics,
    params,
    search: target.search,
    headers,
    body: fromVersion(basics.version, route.operation, parseBody(body)),
    url: basics.base + target.path,
  }
}

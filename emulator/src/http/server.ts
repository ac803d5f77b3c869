// The service on a port, put together: who is let in, what is answered, where it listens.

import { systemClock, type Clock } from '@malachite/model'
import { DEVELOPMENT_ACCOUNTS, type Accounts } from './accounts.ts'
import type { OAuth } from './bearer.ts'
import type { JobTokens } from './job-token.ts'
import type { HttpLogger, Services } from './context.ts'
import { createExchange } from './exchange.ts'
import { createHostCheck } from './hosts.ts'
import { createPorts, type Tls } from './ports.ts'
import { createService, type BatchService, type ServiceParts } from './service.ts'

/** What a server needs to know. */
export interface BatchServerOptions extends Services {
  /** Asked at every request, so that keys may change while the server runs. @default the development account */
  accounts?: () => Accounts
  /** @default 'basic' */
  oauth?: OAuth
  /** Tokens of tasks for their jobs. @default none */
  jobTokens?: JobTokens
  /** Certificate and key in PEM; clients then use https. @default plain http */
  tls?: Tls
  /** @default the clock on the wall */
  clock?: Clock
  /** @default no log */
  logger?: HttpLogger
  /** Host names besides loopback and the listen address under which clients reach the server; `*` = any. @default [] */
  allowedHosts?: readonly string[]
  /** What the readiness check answers. @default always true */
  isReady?: () => boolean
  /** Refuse api-versions newer than the newest known one instead of serving them as that one. @default false */
  strictApiVersion?: boolean
}

/** A Batch service on a port of this machine. */
export interface BatchServer {
  /** Listens (port 0 = a free one) and resolves to the URL. Rejects with node's error, e.g. code `EADDRINUSE`. */
  listen(address: { host: string; port: number }): Promise<string>
  /** Stops listening and ends all connections, idle or not. Calling it again does nothing. */
  close(): Promise<void>
  /** Answers a request of this process itself, without a socket, a signature and a line in the log. */
  handle: BatchService
}

const SILENT: HttpLogger = { debug() {}, info() {}, warn() {}, error() {} }

/** The REST service over an engine and the files of its nodes. */
export function createBatchServer(options: BatchServerOptions): BatchServer {
  const {
    accounts = () => DEVELOPMENT_ACCOUNTS,
    oauth = 'basic',
    jobTokens,
    clock = systemClock,
    logger = SILENT,
  } = options
  const scheme = options.tls ? 'https' : 'http'
  let isAllowedHost = createHostCheck('', [])
  const parts: ServiceParts = {
    engine: options.engine,
    files: options.files,
    authentication: { accounts, oauth, jobTokens },
    scheme,
    clock,
    logger,
    isAllowedHost: (host) => isAllowedHost(host),
    isReady: options.isReady ?? (() => true),
    strictApiVersion: options.strictApiVersion ?? false,
  }
  const service = createService(parts)
  let inner: BatchService | undefined
  const ports = createPorts(createExchange(service, logger), options.tls)
  return {
    async listen({ host, port }) {
      isAllowedHost = createHostCheck(host, options.allowedHosts)
      return urlOf(scheme, host, await ports.listen({ host, port }))
    },
    close: () => ports.close(),
    handle: (request) => (inner ??= createInner(parts))(request),
  }
}

/** The service for this process itself. */
function createInner(parts: ServiceParts): BatchService {
  const { logger } = parts
  return createService({
    ...parts,
    authentication: { ...parts.authentication, isTrusted: true },
    isAllowedHost: () => true,
    logger: {
      debug() {},
      info: (message) => logger.info(message),
      warn: (message) => logger.warn(message),
      error: (message, error) => logger.error(message, error),
    },
  })
}

function urlOf(scheme: string, host: string, port: number): string {
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`
}

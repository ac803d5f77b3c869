// Reads the api-version of a request, and says once for each version that is newer than this program.

import { BatchError } from '@malachite/model'
import type { HttpLogger, Query } from './context.ts'
import { invalid } from './query.ts'
import { findVersion, NEWEST, type ApiVersion, type ServedVersion } from './versions.ts'

/** What to make of versions that are newer than the newest known one. */
export interface VersionRules {
  /** True: they are refused like every unknown one. False: they are served as the newest known one. */
  strictApiVersion: boolean
  logger: HttpLogger
}

/**
 * The version of a request. `MissingRequiredQueryParameter` without one, `InvalidQueryParameterValue` for one that is
 * not known and is not served as a newer one either.
 */
export function readVersion(query: Query, { strictApiVersion }: VersionRules): ServedVersion {
  const text = query.get('api-version')
  if (!text) throw new BatchError('MissingRequiredQueryParameter', { QueryParameterName: 'api-version' })
  const found = findVersion(text)
  if (found && (found.isKnown || !strictApiVersion)) return found
  const wanted = `The service has no such version; the newest that is known here is ${NEWEST}`
  throw invalid(query, 'api-version', found ? `${wanted}, and --strictApiVersion refuses later ones` : wanted)
}

// Many more than there will ever be; keeps a client that makes up versions from filling memory and log.
const MAX_WARNINGS = 100

/** Warns of each version that is newer than the newest known one, the first time it is asked for. */
export function createVersionWarning({ logger }: VersionRules): (asked: string, served: ApiVersion) => void {
  const warned = new Set<string>()
  return (asked, served) => {
    if (warned.has(asked) || warned.size >= MAX_WARNINGS) return
    warned.add(asked)
    logger.warn(`api-version ${asked} is newer than this program knows: it is answered as ${served}`)
  }
}

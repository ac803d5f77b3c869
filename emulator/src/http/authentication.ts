// Who sends a request: the account whose key signed it, or the first one for a bearer token, which names no account.

import { BatchError } from '@malachite/model'
import type { Accounts } from './accounts.ts'
import { bearerToken, requireBearer, type OAuth } from './bearer.ts'
import { requireOfJob, type JobTokens } from './job-token.ts'
import { verifySharedKey, type SignedRequest } from './shared-key.ts'

/** What is taken as proof. */
export interface AuthenticationRules {
  /** The accounts of this moment: keys can be replaced while the server runs. */
  accounts: () => Accounts
  oauth: OAuth
  /** Those that tasks were given. */
  jobTokens?: JobTokens | undefined
  /** Requests come from this process itself and are not signed. @default false */
  isTrusted?: boolean
}

/**
 * Name of the account that a request acts for. `MissingRequiredHeader` without an Authorization header,
 * `InvalidAuthenticationInfo` when it cannot be read, `AuthenticationFailed` otherwise. `now` in milliseconds.
 */
export function authenticate(request: SignedRequest, rules: AuthenticationRules, now: number): string {
  if (rules.isTrusted) return firstOf(rules.accounts())
  const authorization = request.headers['authorization']
  if (!authorization) throw new BatchError('MissingRequiredHeader', { HeaderName: 'Authorization' })
  const accounts = rules.accounts()
  const token = bearerToken(authorization)
  if (token === undefined) return verifySharedKey(request, authorization, accounts, now)
  const jobId = rules.jobTokens?.jobOf(token)
  if (jobId === undefined) requireBearer(token, rules.oauth, now)
  else requireOfJob(request.path, jobId)
  return firstOf(accounts)
}

function firstOf(accounts: Accounts): string {
  const [first = ''] = accounts.keys()
  return first
}

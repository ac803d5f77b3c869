// Tokens of Microsoft Entra ID: what they say is checked, who signed them is not. The keys that sign them are on the
// internet, where a development tool has nothing to ask; so a made-up token is as good as a real one.

import { BatchError } from '@malachite/model'

/** Whether bearer tokens are taken: `basic` = those that say the right things, `none` = none. */
export type OAuth = 'basic' | 'none'

/** Difference allowed between the clocks of the token's issuer and ours, seconds; Entra's own libraries allow as much. */
const SKEW = 5 * 60

const GUID = '[\\da-f]{8}(?:-[\\da-f]{4}){3}-[\\da-f]{12}'

/** The Batch service in each of Azure's clouds. */
const AUDIENCE =
  /^https:\/\/batch\.(?:core\.windows\.net|core\.usgovcloudapi\.net|chinacloudapi\.cn|cloudapi\.de)\/?$/i

/** Entra ID in each cloud: tokens of version 1, tokens of version 2. */
const ISSUERS = [
  new RegExp(
    `^https://sts\\.(?:windows\\.net|chinacloudapi\\.cn|microsoftonline\\.(?:de|us))/${GUID}/$`,
    'i',
  ),
  new RegExp(
    `^https://login\\.(?:microsoftonline\\.(?:com|us|de)|partner\\.microsoftonline\\.cn|chinacloudapi\\.cn)/${GUID}/v2\\.0/?$`,
    'i',
  ),
]

/** The token of `Authorization: Bearer …`; `undefined` when the header is of another kind. */
export function bearerToken(authorization: string): string | undefined {
  return /^bearer\s+(.*)$/is.exec(authorization)?.[1]?.trim()
}

/**
 * Checks form, audience, issuer and times of a token. `AuthenticationFailed` with status 401 says what is wrong with
 * it, and never repeats it; with 403 that no token is taken. `now` in milliseconds.
 */
export function requireBearer(token: string, oauth: OAuth, now: number): void {
  if (oauth === 'none')
    throw refused('Bearer tokens are not taken here; sign with an account name and its key (SharedKey).', 403)
  const claims = readClaims(token)
  const wrong = wrongClaim(claims, Math.floor(now / 1000))
  if (wrong !== undefined) throw refused(wrong)
}

/** A claim of a token, whatever it is. */
type Claims = Readonly<Record<string, unknown>>

function readClaims(token: string): Claims {
  const [header, payload, ...rest] = token.split('.')
  const parsed = [header, payload].map(readPart)
  const isSigned = rest.length === 1 && /^[\w-]+$/.test(rest[0] ?? '')
  const [head, claims] = parsed
  if (!isSigned || !claims || typeof head?.['alg'] !== 'string')
    throw refused('The bearer token is no JSON web token: three parts of base64url, joined by dots.')
  return claims
}

/** A part of a token that must be a JSON object. */
function readPart(part: string | undefined): Claims | undefined {
  if (part === undefined || !/^[\w-]+$/.test(part)) return undefined
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null ? (value as Claims) : undefined
  } catch {
    // The parser's message would quote the token.
    return undefined
  }
}

function wrongClaim({ aud, iss, exp, nbf }: Claims, now: number): string | undefined {
  if (typeof aud !== 'string' || !AUDIENCE.test(aud))
    return 'The audience (aud) of the bearer token is not https://batch.core.windows.net/.'
  if (typeof iss !== 'string' || !ISSUERS.some((issuer) => issuer.test(iss)))
    return 'The issuer (iss) of the bearer token is no tenant of Microsoft Entra ID.'
  if (typeof exp !== 'number') return 'The bearer token does not say when it expires (exp).'
  if (exp + SKEW <= now) return 'The bearer token has expired (exp).'
  if (nbf !== undefined && typeof nbf !== 'number') return 'The bearer token starts at no time (nbf).'
  if (typeof nbf === 'number' && nbf - SKEW > now) return 'The bearer token is not valid yet (nbf).'
  return undefined
}

function refused(detail: string, status = 401): BatchError {
  return new BatchError('AuthenticationFailed', { AuthenticationErrorDetail: detail }, { status })
}

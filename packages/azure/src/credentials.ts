// Who calls: the account's key, or Microsoft Entra ID. `@azure/identity` takes 160 ms to load, so it is loaded when the
// first token is needed and never with a key.

import type { TokenCredential } from '@azure/identity'
import { BatchError } from '@malachite/model'

/** The scope of tokens for the Batch service. */
export const BATCH_SCOPE = 'https://batch.core.windows.net/.default'

/** A token is renewed so long before it expires, milliseconds. */
const RENEW_BEFORE = 5 * 60_000

/** A credential that finds its own way (environment, managed identity, `az login` …) when it is first asked. */
export function createDefaultCredential(): TokenCredential {
  let loading: Promise<TokenCredential> | undefined
  return {
    async getToken(scopes, options) {
      loading ??= import('@azure/identity').then(({ DefaultAzureCredential }) => new DefaultAzureCredential())
      const credential = await loading
      return credential.getToken(scopes, options)
    },
  }
}

/** A function that yields a valid token of one scope; it asks the credential only when the last one is about to end. */
export function createTokenSource(
  credential: TokenCredential,
  scope: string,
  now: () => number = Date.now,
): () => Promise<string> {
  let latest: Promise<{ token: string; expiresOnTimestamp: number }> | undefined
  const request = async (): Promise<{ token: string; expiresOnTimestamp: number }> => {
    try {
      const token = await credential.getToken(scope)
      if (token) return token
    } catch (error) {
      throw noToken(error)
    }
    throw noToken()
  }
  return async () => {
    const seen = latest
    const known = seen && (await seen.catch(() => undefined)) // a failed request is repeated by the next caller
    if (known && known.expiresOnTimestamp - RENEW_BEFORE > now()) return known.token
    if (!latest || latest === seen) latest = request() // unless another caller did so meanwhile
    const { token } = await latest
    return token
  }
}

/** What a caller without a usable identity is told. */
export function noToken(cause?: unknown): BatchError {
  const message =
    'Microsoft Entra ID gave no token. Sign in with `az login`, or set the key of the account ' +
    '(AZURE_BATCH_ACCESS_KEY for Batch, AZURE_STORAGE_CONNECTION_STRING for blobs).'
  return new BatchError('AuthenticationFailed', {}, { status: 401, message, cause })
}

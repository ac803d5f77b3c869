// Shared access signatures: by the account's key, or by a key that the service lends to a signed-in user.

import type { UserDelegationKey } from '@azure/storage-blob'
import type { SasPermission } from '@malachite/model'

type Sdk = typeof import('@azure/storage-blob')

/** What to sign: a container, or one blob of it. */
export interface SasTarget {
  container: string
  blob?: string
  permissions: readonly SasPermission[]
  expiresOn: Date
}

/** Signs a target; the text of a SAS without `?`. */
export type SasSigner = (target: SasTarget) => Promise<string>

/** Longest life of a user delegation key, and how far its start lies back for clocks that differ. Milliseconds. */
const MAX_KEY_LIFE = 7 * 24 * 3600_000
const KEY_START = 15 * 60_000

/** Signs with the account's key. */
export function createKeySigner(sdk: Sdk, account: string, key: string, url: string): SasSigner {
  const credential = new sdk.StorageSharedKeyCredential(account, key)
  return async (target) =>
    sdk.generateBlobSASQueryParameters(signatureValues(sdk, target, url), credential).toString()
}

/**
 * Signs with a user delegation key that `lend` gets from the service. It lives at most seven days: a SAS cannot outlive it. The key is kept until a
 * target needs a longer one.
 */
export function createDelegationSigner(
  sdk: Sdk,
  lend: (startsOn: Date, expiresOn: Date) => Promise<UserDelegationKey>,
  account: string,
  url: string,
  now: () => number = Date.now,
): SasSigner {
  let latest: { expiresOn: Date; key: Promise<UserDelegationKey> } | undefined
  const keyUntil = async (expiresOn: Date): Promise<UserDelegationKey> => {
    if (latest && latest.expiresOn >= expiresOn) return latest.key
    const startsOn = new Date(now() - KEY_START)
    const key = lend(startsOn, expiresOn)
    const entry = { expiresOn, key }
    latest = entry
    key.catch(() => {
      if (latest === entry) latest = undefined // a failed request is repeated by the next caller
    })
    return key
  }
  return async (target) => {
    const expiresOn = capExpiry(target.expiresOn, now())
    const key = await keyUntil(expiresOn)
    const values = signatureValues(sdk, { ...target, expiresOn }, url)
    return sdk.generateBlobSASQueryParameters(values, key, account).toString()
  }
}

/** The end of a SAS by a user delegation key: as wanted, but within the life that a key can have. */
export function capExpiry(wanted: Date, now: number): Date {
  return new Date(Math.min(wanted.getTime(), now - KEY_START + MAX_KEY_LIFE))
}

// No start time: a clock that is a minute ahead would make the SAS invalid for its first minute.
function signatureValues(
  sdk: Sdk,
  { container, blob, permissions, expiresOn }: SasTarget,
  url: string,
): Parameters<Sdk['generateBlobSASQueryParameters']>[0] {
  const granted = Object.fromEntries(permissions.map((permission) => [permission, true]))
  return {
    containerName: container,
    ...(blob !== undefined && { blobName: blob }),
    permissions:
      blob === undefined ? sdk.ContainerSASPermissions.from(granted) : sdk.BlobSASPermissions.from(granted),
    expiresOn,
    ...(url.startsWith('https:') && { protocol: sdk.SASProtocol.Https }),
  }
}

// Who can reach the service decides what may prove an identity: tasks are programs, so on a network that others use
// neither a key that everybody knows nor a token that nobody verifies is proof.

import { isIPv4 } from 'node:net'
import { BatchError, DEVELOPMENT_KEY } from '@malachite/model'
import type { Accounts } from './accounts.ts'
import type { OAuth } from './bearer.ts'

/** Where the service listens, and what was asked for. */
export interface Exposure {
  host: string
  /** Everybody who reaches the address may run programs here. */
  unsafe: boolean
  oauth?: OAuth
}

/** Whether bearer tokens are taken: on loopback, or when that is called unsafe. `ConfigurationError` when asked otherwise. */
export function resolveOAuth({ host, unsafe, oauth }: Exposure): OAuth {
  if (unsafe || isLoopbackHost(host)) return oauth ?? 'basic'
  if (oauth === 'basic')
    throw refused(
      `On ${host} other machines could run programs here with tokens of their own making: signatures of bearer tokens are not verified. ` +
        'Leave --oauth basic out, or allow it with --unsafe where the network is private.',
    )
  return 'none'
}

/** `ConfigurationError` when other machines could use the published development key. */
export function requirePrivateKeys(accounts: Accounts, { host, unsafe }: Exposure): void {
  if (unsafe || isLoopbackHost(host)) return
  if (![...accounts.values()].flat().includes(DEVELOPMENT_KEY)) return
  throw refused(
    `On ${host} other machines could run programs here with the published development key. ` +
      'Give keys of your own in MALACHITE_ACCOUNTS="name:key", or allow it with --unsafe where the network is private.',
  )
}

function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
}

function refused(message: string): BatchError {
  return new BatchError('ConfigurationError', {}, { message })
}

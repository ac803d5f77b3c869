// Addresses of services: with or without a scheme, in the cloud or on this machine.

import { isIPv4 } from 'node:net'

const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i

/** The origin of an endpoint such as `account.region.batch.azure.com`; `https://` when no scheme is given. */
export function parseEndpoint(text: string): string | undefined {
  const url = URL.parse(SCHEME.test(text) ? text : `https://${text}`)
  return url && /^https?:$/.test(url.protocol) ? url.origin : undefined
}

/** True when the service runs on this machine: waiting does not help when it does not answer. */
export function isLoopback(url: string): boolean {
  const host = URL.parse(url)?.hostname ?? ''
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '[::1]' ||
    (isIPv4(host) && host.startsWith('127.'))
  )
}

// The Host header is checked so that a web page cannot reach the emulator under a name of its own (DNS rebinding).

import { isIP } from 'node:net'

/** Decides whether a Host header is one of ours. */
export type HostCheck = (host: string | undefined) => boolean

const LOOPBACK = ['localhost', '127.0.0.1', '::1']
const WILDCARDS = ['0.0.0.0', '::', '']

/**
 * Allows the loopback names, the listen address and `names` (`*` = any), on every port because containers map ports.
 * Listening on all addresses allows every IP address: rebinding needs a name.
 */
export function createHostCheck(listenHost: string, names: readonly string[] = []): HostCheck {
  const allowed = new Set([...LOOPBACK, listenHost, ...names].map((name) => name.toLowerCase()))
  const anyAddress = WILDCARDS.includes(listenHost)
  return (host) => {
    const name = hostName(host ?? '')
    if (name === undefined) return false
    return (
      allowed.has('*') || allowed.has(name) || name.endsWith('.localhost') || (anyAddress && isIP(name) > 0)
    )
  }
}

function hostName(host: string): string | undefined {
  const match = /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::\d{1,5})?$/i.exec(host)
  return (match?.[1] ?? match?.[2])?.toLowerCase()
}

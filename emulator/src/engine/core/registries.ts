// The passwords of container registries. They are in no body that is stored, so they are kept here, in memory: after a
// restart the container engine's own logins are what is left.

import { isSecret } from '../../schema/secret.ts'
import type { RegistryLogin } from './effects.ts'

/** A registry as bodies name it. */
interface Registry {
  username?: string
  password?: unknown
  registryServer?: string
}

/** What is known of registries. */
export interface Registries {
  /** Remembers every password in a body, however deep; the latest of an account counts. */
  remember(this: void, body: unknown): void
  /** How to get in. */
  logins(this: void, registries: readonly Registry[]): RegistryLogin[]
}

/** The registry of names that have none, as for the engines themselves. */
const DEFAULT_SERVER = 'docker.io'

export function createRegistries(): Registries {
  const passwords = new Map<string, string>()
  const keyOf = ({ username, registryServer = DEFAULT_SERVER }: Registry): string =>
    JSON.stringify([registryServer.toLowerCase(), username])

  function remember(value: unknown): void {
    if (typeof value !== 'object' || value === null) return
    const { password, ...account }: Registry = value
    if (isSecret(password)) passwords.set(keyOf(account), password.reveal())
    for (const member of Object.values(value)) remember(member)
  }
  return {
    remember,
    logins: (registries) =>
      registries.map((registry) => {
        const { username, registryServer: server = DEFAULT_SERVER } = registry
        const password = passwords.get(keyOf(registry))
        return {
          server,
          ...(username !== undefined && { username }),
          ...(password !== undefined && { password }),
        }
      }),
  }
}

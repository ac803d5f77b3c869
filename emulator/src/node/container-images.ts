// Images of containers: fetched once for all nodes, as these are directories of one machine.

import { rmSync } from 'node:fs'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RegistryLogin } from '../engine/core/effects.ts'
import type { ContainerEngine, EngineError } from './container-engine.ts'
import { failure, type CommandFailure } from './failures.ts'
import { remove } from './layout.ts'

/** The images of the engine. */
export interface Images {
  /**
   * Fetches an image that is not there yet; of several that need it at once, the first fetches it.
   * @throws CommandFailure `ContainerInvalidImage` or `ContainerInvalidRegistry`
   */
  fetch(engine: ContainerEngine, name: string, registries: readonly RegistryLogin[]): Promise<void>
  /** Waits until nothing is being fetched. */
  settled(): Promise<void>
}

/** Milliseconds that a download may take. */
const PATIENCE_MS = 3_600_000

/** `root` holds passwords while an image is fetched, in a directory that only the user can read. */
export function createImages(root: string, closing: AbortSignal): Images {
  const logins = join(root, '.logins')
  // What an emulator that was killed meanwhile has left there.
  rmSync(logins, { recursive: true, force: true })
  const fetching = new Map<string, Promise<void>>()

  async function fetch(
    engine: ContainerEngine,
    name: string,
    registries: readonly RegistryLogin[],
  ): Promise<void> {
    if (await isThere(engine, name)) return
    const known = registries.filter(({ password }) => password !== undefined)
    try {
      if (known.length === 0) await pull(engine, name)
      else await withLogins(known, (directory) => pull(engine, name, directory))
    } catch (error) {
      throw pullFailure(name, error as EngineError, known)
    }
  }

  async function withLogins(
    known: readonly RegistryLogin[],
    use: (directory: string) => Promise<void>,
  ): Promise<void> {
    await mkdir(logins, { recursive: true, mode: 0o700 })
    const directory = await mkdtemp(join(logins, 'login-'))
    try {
      await writeFile(join(directory, 'config.json'), JSON.stringify({ auths: authsOf(known) }), {
        mode: 0o600,
      })
      await use(directory)
    } finally {
      await remove(directory)
    }
  }

  async function pull(engine: ContainerEngine, name: string, logins?: string): Promise<void> {
    const { options, env } = logins === undefined ? {} : await loginOptions(engine, logins)
    const [before = [], after = []] = options ?? []
    const args = [...before, 'pull', '--quiet', ...after, name]
    await engine.call(args, { signal: closing, timeoutMs: PATIENCE_MS, ...(env && { env }) })
  }

  return {
    fetch(engine, name, registries) {
      const done = fetching.get(name) ?? fetch(engine, name, registries).finally(() => fetching.delete(name))
      fetching.set(name, done)
      return done
    },
    async settled() {
      await Promise.allSettled(fetching.values())
    },
  }
}

async function isThere(engine: ContainerEngine, name: string): Promise<boolean> {
  try {
    await engine.call(['image', 'inspect', '--format', '{{.Id}}', name])
    return true
  } catch {
    // Whatever else is wrong with the engine, the pull will tell.
    return false
  }
}

/** How each engine is told where the logins are. */
async function loginOptions(engine: ContainerEngine, directory: string) {
  if (engine.kind === 'podman') return { options: [[], ['--authfile', join(directory, 'config.json')]] }
  // Docker's directory names the service that it speaks to, as well.
  const host =
    process.env['DOCKER_HOST'] ??
    (await engine.call(['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}']))
  return { options: [['--config', directory], []], env: { DOCKER_HOST: host } }
}

/** What Docker calls its own registry in the file. */
const DOCKER_HUB = 'https://index.docker.io/v1/'

/** The logins in the form that both engines read. */
function authsOf(logins: readonly RegistryLogin[]): Record<string, { auth: string }> {
  const entries = logins.flatMap(({ server, username = '', password = '' }) => {
    const login = { auth: Buffer.from(`${username}:${password}`).toString('base64') }
    const host = server.replace(/^https?:\/\//, '').replace(/\/+$/, '')
    return host === 'docker.io'
      ? [[host, login] as const, [DOCKER_HUB, login] as const]
      : [[host, login] as const]
  })
  return Object.fromEntries(entries)
}

const DENIED = /unauthorized|authentication required|denied|forbidden|incorrect username|\b40[13]\b/i
const UNREACHABLE =
  /no such host|connection refused|timeout|i\/o timeout|pinging container registry|dial tcp|certificate|server gave HTTP response/i

/** Whose fault it is: without a login, registries deny images that do not exist as well. */
function pullFailure(name: string, error: EngineError, logins: readonly RegistryLogin[]): CommandFailure {
  const { message } = error
  const isRegistry = UNREACHABLE.test(message) || (logins.length > 0 && DENIED.test(message))
  const code = isRegistry ? 'ContainerInvalidRegistry' : 'ContainerInvalidImage'
  return failure(code, { ContainerImage: name, Message: message }, error)
}

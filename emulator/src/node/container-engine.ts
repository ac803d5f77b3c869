// The container engine of this machine: Docker or Podman, by its command line, in the environment of the emulator.

import { execFile, type ExecFileException } from 'node:child_process'
import { failure } from './failures.ts'

/** Which engine runs containers. `auto`: the first that answers, Docker before Podman. */
export type ContainerEngineChoice = 'auto' | 'docker' | 'podman' | 'none'

/** An engine that answers. */
export interface ContainerEngine {
  kind: 'docker' | 'podman'
  /** Its program, looked up in the emulator's PATH. */
  program: string
  /** Root in its containers is the user of the emulator, and nobody else there is. */
  isRootless: boolean
  /**
   * What a command of it prints.
   * @throws EngineError
   */
  call(this: void, args: readonly string[], options?: CallOptions): Promise<string>
}

/** How a command of an engine is run. */
export interface CallOptions {
  /** Variables besides the emulator's own. */
  env?: Readonly<Record<string, string>>
  /** Ends it. */
  signal?: AbortSignal
  /** Milliseconds that it may take. @default a minute */
  timeoutMs?: number
}

/** A command of an engine has failed. */
export class EngineError extends Error {
  override readonly name = 'EngineError'
}

const MINUTE = 60_000
/** Engines whose service hangs must not hold up whoever asks whether there is one. */
const PROBE_MS = 15_000

/**
 * Finds the engine when it is first needed, and asks again as long as there is none: it may have been started since.
 * The result rejects with CommandFailure `ContainerMiscError`, which says why.
 */
export function createEngineFinder(choice: ContainerEngineChoice): () => Promise<ContainerEngine> {
  let finding: Promise<ContainerEngine> | undefined
  return () => {
    finding ??= findEngine(choice).catch((error: unknown) => {
      finding = undefined
      throw error
    })
    return finding
  }
}

async function findEngine(choice: ContainerEngineChoice): Promise<ContainerEngine> {
  if (choice === 'none')
    throw failure('ContainerMiscError', { Message: 'Containers are switched off (--containerEngine none)' })
  const reasons: string[] = []
  for (const program of choice === 'auto' ? (['docker', 'podman'] as const) : [choice]) {
    try {
      return await probe(program)
    } catch (error) {
      reasons.push(`${program}: ${(error as EngineError).message}`)
    }
  }
  throw failure('ContainerMiscError', {
    Message: `No container engine answers (${reasons.join('; ')}). Start Docker or Podman.`,
  })
}

/** What the engines tell of themselves, each in its own way. */
interface EngineInfo {
  /** Docker; empty when only the client is there. */
  ServerVersion?: string
  SecurityOptions?: string[]
  /** Podman, also where it goes by the name of docker. */
  host?: { security?: { rootless?: boolean } }
}

async function probe(program: string): Promise<ContainerEngine> {
  const call: ContainerEngine['call'] = (args, options) => run(program, args, options)
  const info = parse(await call(['info', '--format', '{{json .}}'], { timeoutMs: PROBE_MS }))
  if (info.host) return { kind: 'podman', program, isRootless: info.host.security?.rootless === true, call }
  if (!info.ServerVersion) throw new EngineError('its service does not answer')
  const isRootless = info.SecurityOptions?.some((option) => option.includes('name=rootless')) ?? false
  return { kind: 'docker', program, isRootless, call }
}

function parse(text: string): EngineInfo {
  try {
    return JSON.parse(text) as EngineInfo
  } catch (cause) {
    throw new EngineError('it does not tell what it is', { cause })
  }
}

function run(program: string, args: readonly string[], options: CallOptions = {}): Promise<string> {
  const { env, signal, timeoutMs = MINUTE } = options
  const more = {
    env: { ...process.env, ...env },
    timeout: timeoutMs,
    maxBuffer: 2 ** 24,
    ...(signal && { signal }),
  }
  return new Promise((resolve, reject) => {
    execFile(program, args, more, (error, stdout, stderr) => {
      if (error) reject(new EngineError(reasonOf(error, stderr), { cause: error.code }))
      else resolve(stdout.trim())
    })
  })
}

function reasonOf(error: ExecFileException, stderr: string): string {
  if (error.code === 'ENOENT') return 'it is not installed'
  return (
    engineMessage(stderr) ?? stderr.trim().split('\n').at(-1) ?? `it ended with ${error.code ?? error.signal}`
  )
}

const PREFIX = /^(?:Error: |docker: |Error response from daemon: )+/

/** The last error that an engine's client has written, on one line, if it has. */
export function engineMessage(stderr: string): string | undefined {
  const line = stderr.split('\n').findLast((text) => PREFIX.test(text))
  return line?.replace(PREFIX, '').trim().slice(0, 500)
}

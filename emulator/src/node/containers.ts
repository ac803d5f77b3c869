// Commands in containers: an engine and an image for each, and its run to the end.

import { join } from 'node:path'
import type { ContainerImages } from '../engine/core/effects.ts'
import { containerEnd, mayBeLeft } from './container-end.ts'
import type { ContainerEngine } from './container-engine.ts'
import { createImages } from './container-images.ts'
import { createKeeper, type Keeper, type KeeperOptions } from './container-keeper.ts'
import { type ContainerCommand, engineCommand } from './container-run.ts'
import type { Environment } from './environment.ts'
import type { Launch } from './launch.ts'
import { makeDraftDirectory, remove } from './layout.ts'
import { type ProcessResult, runProcess, type RunProcessOptions } from './process.ts'

/** The containers of all nodes. */
export interface Containers {
  /** Fetches the images for the start of a node; without an engine the commands that need it tell what is missing. */
  prefetch(images: ContainerImages, signal: AbortSignal): Promise<void>
  /**
   * Fetches the images of a command.
   * @throws CommandFailure `ContainerInvalidImage`, `ContainerInvalidRegistry`, or `ContainerMiscError` without an engine
   */
  fetch(images: ContainerImages, signal: AbortSignal): Promise<void>
  /**
   * Runs a command to its end, after which its container is gone.
   * @throws CommandFailure when it never ran; with the container, if there was one
   */
  run(command: ContainerCommand, options: RunProcessOptions): Promise<ProcessResult>
  /** Waits until no container is left; all commands must have ended. */
  close(): Promise<void>
}

/** The containers of the nodes in a directory. */
export function createContainers(options: KeeperOptions): Containers {
  const closing = new AbortController()
  const keeper = createKeeper(options)
  const images = createImages(options.root, closing.signal)
  let count = 0

  async function fetch(
    engine: ContainerEngine,
    { names, registries }: ContainerImages,
    signal: AbortSignal,
  ): Promise<void> {
    for (const name of names) await unlessAborted(images.fetch(engine, name, registries), signal)
  }
  return {
    async prefetch(wanted, signal) {
      const engine = await keeper.engine().catch(() => undefined)
      if (engine) await fetch(engine, wanted, signal)
    },
    async fetch(wanted, signal) {
      await fetch(await unlessAborted(keeper.engine(), signal), wanted, signal)
    },
    async run(command, runOptions) {
      const draft = await makeDraftDirectory(command.place.nodeRoot)
      try {
        const client = { name: String(count++), idFile: join(draft, 'id'), onError: options.onError }
        return await runContainer(command, keeper, client, runOptions)
      } finally {
        await remove(draft)
      }
    },
    async close() {
      closing.abort()
      await images.settled()
      await keeper.close()
    },
  }
}

/** One run of the engine's client. */
interface Client {
  /** Of the container; no other of this emulator has it. */
  name: string
  idFile: string
  onError: (error: Error) => void
}

async function runContainer(
  command: ContainerCommand,
  keeper: Keeper,
  { name, idFile, onError }: Client,
  options: RunProcessOptions,
): Promise<ProcessResult> {
  const engine = await keeper.engine()
  const labels = keeper.owner.labels(name)
  const { argv, env } = engineCommand(command, { engine, user: ownUser(), labels, idFile })
  const { workingDirectory: cwd, stdout, stderr } = command.place
  const launch: Launch = { argv, cwd, env: { ...ownEnvironment(), ...env }, stdout, stderr }
  keeper.guard(engine)
  let result: ProcessResult | undefined
  try {
    result = await runProcess(launch, options)
  } finally {
    // Whatever has become of the client, its container is not needed any more.
    if (!result || mayBeLeft(result, options.signal)) await keeper.owner.remove(engine, name).catch(onError)
  }
  return containerEnd(result, { idFile, stderr, commandLine: options.commandLine })
}

/** What others wait for as well goes on when one of them is ended. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const leave = (): void => reject(signal.reason as Error)
  signal.addEventListener('abort', leave, { once: true })
  if (signal.aborted) leave()
  try {
    return await Promise.race([work, promise])
  } finally {
    signal.removeEventListener('abort', leave)
  }
}

function ownUser(): { uid: number; gid: number } | undefined {
  const { getuid, getgid } = process
  return getuid && getgid && { uid: getuid(), gid: getgid() }
}

/** The engine's client gets what it would have in the terminal of the emulator. */
function ownEnvironment(): Environment {
  const entries = Object.entries(process.env)
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined))
}

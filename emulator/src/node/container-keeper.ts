// The engine of an emulator with all that sees to it that no container outlives its owner: those of killed emulators go
// before the first new one, and a guardian waits for the end of this one.

import { randomUUID } from 'node:crypto'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ContainerEngine, type ContainerEngineChoice, createEngineFinder } from './container-engine.ts'
import { createOwner, type Guardian, type Owner } from './container-owner.ts'

/** Keeps the containers of an emulator. */
export interface Keeper {
  owner: Owner
  /** The engine, free of what others have left. Rejects with CommandFailure `ContainerMiscError` if there is none. */
  engine(): Promise<ContainerEngine>
  /** To be called before a container is made. */
  guard(engine: ContainerEngine): void
  /** Waits until no container of this emulator is left. */
  close(): Promise<void>
}

/** What containers are made with. */
export interface KeeperOptions {
  /** Directory of all nodes. */
  root: string
  /** @default 'auto' */
  containerEngine?: ContainerEngineChoice
  onError: (error: Error) => void
}

/** Asks no engine before the first container is wanted, unless an emulator was killed with some in this directory. */
export function createKeeper({ root, containerEngine = 'auto', onError }: KeeperOptions): Keeper {
  const owner = createOwner(root, randomUUID())
  const find = createEngineFinder(containerEngine)
  const report = (error: unknown): void => onError(error as Error)
  // Stands for containers that may be there; no node can have its name.
  const trace = join(root, '.containers')
  let cleared: Promise<void> | undefined
  let guarded: { engine: ContainerEngine; guardian: Guardian } | undefined

  const engine = async (): Promise<ContainerEngine> => {
    const found = await find()
    await (cleared ??= owner.removeLeftovers(found).catch(report))
    return found
  }
  // Without an engine there is nothing to be cleared, or nobody to do it.
  const clearing = existsSync(trace) ? engine().then(nothing, nothing) : undefined

  return {
    owner,
    engine,
    guard(engine) {
      if (guarded) return
      writeFileSync(trace, '')
      guarded = { engine, guardian: owner.guard(engine) }
    },
    async close() {
      await clearing
      if (!guarded) return
      try {
        await owner.removeAll(guarded.engine)
        rmSync(trace, { force: true })
        guarded.guardian.dismiss()
      } catch (error) {
        // The guardian tries again when the process ends.
        report(error)
      }
    },
  }
}

function nothing(): void {}

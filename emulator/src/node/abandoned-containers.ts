// Containers of tasks that outlived their emulator, for whoever tidies up: the next emulator removes them as well, but not
// before it makes a container of its own.

import { createEngineFinder, type ContainerEngine } from './container-engine.ts'
import { findAbandoned, removeContainer } from './container-owner.ts'

/** A container of a task whose emulator is gone. */
export interface AbandonedContainer {
  /** As its engine calls it. */
  id: string
  engine: ContainerEngine['kind']
  /** Ends and removes it. Rejects with an `EngineError` when that is refused. */
  remove(this: void): Promise<void>
}

/** Finds those of all engines that answer on this machine; none where there is no engine. */
export async function findAbandonedContainers(): Promise<AbandonedContainer[]> {
  const engines = await Promise.allSettled([createEngineFinder('docker')(), createEngineFinder('podman')()])
  const found = new Map<string, AbandonedContainer>()
  for (const engine of engines.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))) {
    // Podman may also go by the name of docker.
    for (const id of await findAbandoned(engine))
      found.set(id, { id, engine: engine.kind, remove: () => removeContainer(engine, id) })
  }
  return [...found.values()]
}

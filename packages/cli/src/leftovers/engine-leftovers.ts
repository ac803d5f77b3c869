// Containers of Docker and Podman in which an emulator ran tasks that was killed together with what removes them.

import type { LeftoverSource } from './leftover.ts'

/** The container engines of this machine. Age does not count: nobody is left who could need the containers. */
export function createEngineSource(): LeftoverSource {
  return {
    name: 'Containers of tasks',
    async find() {
      const { findAbandonedContainers } = await import('@malachite/emulator')
      const containers = await findAbandonedContainers()
      return containers.map(({ id, remove }) => ({
        kind: 'taskContainer',
        id,
        nodes: 0,
        nodeHours: 0,
        remove,
      }))
    },
    close: async () => {},
  }
}

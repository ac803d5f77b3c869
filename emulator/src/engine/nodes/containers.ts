// What the node runtime is told about containers: that of a command, and the images that a node needs at its start.

import type { PoolBody } from '../../schema/pool.ts'
import type { TaskBody } from '../../schema/task.ts'
import type { PoolRow } from '../../storage/pools.ts'
import type { Core } from '../core/core.ts'
import type { ContainerImages, ContainerRun } from '../core/effects.ts'

/** The container of a command that has one; whether the pool is made for it is found out on the node. */
export function containerOf(
  core: Core,
  settings: TaskBody['containerSettings'],
  pool: PoolRow,
): { container?: ContainerRun } {
  if (!settings) return {}
  const { imageName, containerRunOptions, workingDirectory, containerHostBatchBindMounts } = settings
  const configuration = configurationOf(pool)
  const registries = settings.registry ? [settings.registry] : (configuration?.containerRegistries ?? [])
  return {
    container: {
      imageName,
      isSupported: configuration !== undefined,
      registries: core.registries.logins(registries),
      ...(containerRunOptions !== undefined && { runOptions: containerRunOptions }),
      ...(workingDirectory === 'containerImageDefault' && { startsInImage: true }),
      ...(containerHostBatchBindMounts && { mounts: containerHostBatchBindMounts }),
    },
  }
}

/** The images that are fetched before a node of the pool is used. */
export function imagesOf(core: Core, pool: PoolRow): { images?: ContainerImages } {
  const { containerImageNames: names = [], containerRegistries = [] } = configurationOf(pool) ?? {}
  return names.length > 0
    ? { images: { names, registries: core.registries.logins(containerRegistries) } }
    : {}
}

function configurationOf(pool: PoolRow) {
  return (JSON.parse(pool.body) as PoolBody).virtualMachineConfiguration?.containerConfiguration
}

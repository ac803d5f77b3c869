// Containers: which image a command runs in, and which images the nodes of a pool are made for.

import * as v from 'valibot'
import { choice, flag, list, members, nonEmpty, omit, refused, systemText, text } from './common.ts'

const registry = v.pipe(
  members({
    username: v.exactOptional(nonEmpty),
    password: v.exactOptional(nonEmpty),
    registryServer: v.exactOptional(nonEmpty),
    identityReference: refused('containerRegistry.identityReference'),
  }),
  v.transform((registry) => omit(registry, 'password')),
)

const bindMount = members({
  source: v.exactOptional(choice('Shared', 'Startup', 'VfsMounts', 'Task', 'JobPrep', 'Applications')),
  isReadOnly: v.exactOptional(flag),
})

/** The container of a command; the password of its registry is checked and forgotten. */
export const containerSettings = members({
  containerRunOptions: v.exactOptional(systemText),
  imageName: nonEmpty,
  registry: v.exactOptional(registry),
  workingDirectory: v.exactOptional(choice('taskWorkingDirectory', 'containerImageDefault')),
  containerHostBatchBindMounts: v.exactOptional(list(bindMount)),
})

/** Makes a pool one whose tasks may run in containers. */
export const containerConfiguration = members({
  type: v.exactOptional(choice('dockerCompatible', 'criCompatible'), 'dockerCompatible'),
  containerImageNames: v.exactOptional(list(text)),
  containerRegistries: v.exactOptional(list(registry)),
})

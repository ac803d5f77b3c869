// Containers: which image a command runs in, and which images the nodes of a pool are made for.

import * as v from 'valibot'
import { choice, flag, list, members, nonEmpty, refused, systemText, text } from './common.ts'
import { createSecret } from './secret.ts'

const registry = members({
  username: v.exactOptional(nonEmpty),
  password: v.exactOptional(v.pipe(nonEmpty, v.transform(createSecret))),
  registryServer: v.exactOptional(nonEmpty),
  identityReference: refused('containerRegistry.identityReference'),
})

const bindMount = members({
  source: v.exactOptional(choice('Shared', 'Startup', 'VfsMounts', 'Task', 'JobPrep', 'Applications')),
  isReadOnly: v.exactOptional(flag),
})

/** The container of a command; nothing that is stored or answered has the password of its registry. */
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

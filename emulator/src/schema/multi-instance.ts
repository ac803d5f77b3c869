// A task that runs on several nodes at once.

import * as v from 'valibot'
import { commandLine, integer, list, members } from './common.ts'
import { resourceFile } from './files.ts'

/** How many nodes, and what runs on all of them before the task's own command. */
export const multiInstanceSettings = members({
  numberOfInstances: v.exactOptional(integer(1), 1),
  coordinationCommandLine: commandLine,
  commonResourceFiles: v.exactOptional(list(resourceFile)),
})

// Where this user's state is kept between commands.

import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Environment } from './environment.ts'

/** The directory, which may not exist yet. */
export function stateDirectory(environment: Environment): string {
  return join(environment['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'malachite')
}

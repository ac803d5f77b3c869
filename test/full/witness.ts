// Notes which operations of an emulator succeeded, out of the lines that it logs.

import type { HttpLogger } from '@malachite/emulator'
import { createRouter } from '../../emulator/src/http/router.ts'
import { ROUTES } from '../../emulator/src/http/routes.ts'

/** A logger for emulators, and what it has seen. */
export interface Witness {
  logger: HttpLogger
  /** Names such as `pool.add`, sorted. */
  operations: () => string[]
}

/** A witness of any number of emulators. */
export function createWitness(): Witness {
  const seen = new Set<string>()
  const findRoute = createRouter(ROUTES)
  return {
    logger: {
      debug: (line) => {
        const [verb = '', url = '', status] = line.split(' ')
        if (Number(status) < 400) seen.add(findRoute(verb, url.split('?')[0] ?? '').route.operation)
      },
      info() {},
      warn() {},
      error() {},
    },
    operations: () => [...seen].sort(),
  }
}

// The browser of the tests: Debian's Chromium, installed where CI is set and it is not there.

import { findPrograms, type Found } from '../full/install.ts'

/** Path of Chromium, or why there is none. */
export async function findChromium(): Promise<Found<string>> {
  const missing = await findPrograms({ chromium: 'chromium' })
  return missing === undefined ? { tool: '/usr/bin/chromium' } : { missing }
}

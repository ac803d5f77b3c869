// The texts that a run without files of its own counts.

import { fileURLToPath } from 'node:url'

const NAMES = ['taskdata1.txt', 'taskdata2.txt', 'taskdata3.txt']

/** The paths of three short texts in several languages, one with a byte-order mark and one with CRLF line ends. */
export function sampleDataPaths(): string[] {
  return NAMES.map((name) => fileURLToPath(new URL(`../data/${name}`, import.meta.url)))
}

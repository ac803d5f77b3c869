// What `npm run bench -- --help` prints.

import { BENCHMARKS } from './benchmarks.ts'

const list = Object.entries(BENCHMARKS).flatMap(([name, { about, less, isLong }]) => [
  `  ${name.padEnd(12)} ${about}${isLong ? ' (many minutes; only with --only)' : ''}`,
  `  ${''.padEnd(12)}   quick: ${less}`,
])

/** Everything that there is to choose. */
export const HELP = `npm run bench -- [--quick] [--only NAME]... [--json FILE]
npm run bench -- --docs

Measures Malachite beside its peers, in turn, and prints one table. Takes less than 10 minutes on two cores; nothing else
should run meanwhile. Exit code 1 when a bound is not kept or a benchmark failed, 2 when the command is wrong.

  --quick       less of everything, less than a minute; bounds are shown and not judged
  --only NAME   only this benchmark; may be repeated
  --json FILE   writes the results; those of other benchmarks that are in the file stay
  --docs        draws docs/benchmarks.md and its pictures from docs/benchmarks.json, and measures nothing
  --help, -h    this text

${list.join('\n')}`

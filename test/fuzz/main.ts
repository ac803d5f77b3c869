// npm run fuzz -- --runs N --seed S: hostile inputs for everything that reads what clients write. A table of what was
// tried; exit code 1 and the inputs when any of them is a finding. `--only NAME` runs one target, `--from INDEX --runs 1`
// a single input again.

import { readOptions, wholeNumber } from '../helpers/tool-options.ts'
import { fuzzAll } from './all.ts'
import type { Outcome } from './run.ts'

const USAGE = `npm run fuzz -- [--runs N] [--seed S] [--only NAME] [--from INDEX] [--verbose]

Gives hostile inputs to everything that reads what clients write. Prints a table; exit code 1 and the inputs when any of
them is a finding: an unexpected error, more than a second, a file outside of its node.

  --runs N      inputs for each target (default: 100000)
  --seed S      which (default: others each time)
  --only NAME   only this target
  --from INDEX  begins there; with --runs 1 a single input again (default: 0)
  --verbose     with the slowest input of each target`

const values = readOptions(USAGE, {
  runs: { type: 'string', default: '100000' },
  seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  from: { type: 'string', default: '0' },
  only: { type: 'string' },
  verbose: { type: 'boolean', default: false },
})
const runs = wholeNumber('runs', values.runs)
const seed = wholeNumber('seed', values.seed)
const from = wholeNumber('from', values.from)
const only = values.only === undefined ? {} : { only: values.only }
console.log(`seed ${seed}\n`)
console.log('| target | inputs | seconds | slowest input, ms | findings |')
console.log('|---|---:|---:|---:|---:|')
const outcomes = await fuzzAll({ runs, seed, from, ...only, onOutcome: print })
for (const { name, findings } of outcomes) {
  for (const { index, input, error } of findings)
    console.log(
      `\n${name} ${index} (--only ${name} --seed ${seed} --from ${index} --runs 1)\n${input}\n${error}`,
    )
}
if (outcomes.some(({ findings }) => findings.length > 0)) process.exitCode = 1

function print({ name, inputs, seconds, slowest, slowestInput, findings }: Outcome): void {
  const cells = [name, inputs.toLocaleString('en'), seconds.toFixed(1), slowest.toFixed(1), findings.length]
  console.log(`| ${cells.join(' | ')} |`)
  if (values.verbose) console.log(`  slowest: ${slowestInput}`)
}

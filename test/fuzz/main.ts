// npm run fuzz -- --runs N --seed S: hostile inputs for everything that reads what clients write. A table of what was
// tried; exit code 1 and the inputs when any of them is a finding. `--only NAME` runs one target, `--from INDEX --runs 1`
// a single input again.

import { parseArgs } from 'node:util'
import { fuzzAll } from './all.ts'
import type { Outcome } from './run.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    from: { type: 'string', default: '0' },
    only: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
})
const [runs, seed, from] = [wholeNumber('runs'), wholeNumber('seed'), wholeNumber('from')]
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

function wholeNumber(name: 'runs' | 'seed' | 'from'): number {
  const number = Number(values[name])
  if (!Number.isSafeInteger(number) || number < 0) throw new Error(`--${name} must be a whole number`)
  return number
}

function print({ name, inputs, seconds, slowest, slowestInput, findings }: Outcome): void {
  const cells = [name, inputs.toLocaleString('en'), seconds.toFixed(1), slowest.toFixed(1), findings.length]
  console.log(`| ${cells.join(' | ')} |`)
  if (values.verbose) console.log(`  slowest: ${slowestInput}`)
}

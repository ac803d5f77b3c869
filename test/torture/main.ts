// npm run torture -- --rounds N --seed S [--minutes M]: the emulator is killed N times while clients work on it, at moments
// that the seed chooses, and must have lost nothing. Exit code 1 and what was found when it has. Needs Linux (/proc).

import { readOptions, wholeNumber } from '../helpers/tool-options.ts'
import { torture } from './torture.ts'

const USAGE = `npm run torture -- [--rounds N] [--seed S] [--minutes M] [--verbose]

Kills an emulator again and again while clients work on it, and looks for what is lost or should not be. Prints a table;
exit code 1 and what was found when there is anything.

  --rounds N    kills (default: 100; about a second each)
  --seed S      what is asked, and when it is killed (default: another each time)
  --minutes M   ends after so long, however many rounds that are
  --verbose     a line for each round`

const values = readOptions(USAGE, {
  rounds: { type: 'string', default: '100' },
  seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  minutes: { type: 'string' },
  verbose: { type: 'boolean', default: false },
})
const [rounds, seed] = [wholeNumber('rounds', values.rounds), wholeNumber('seed', values.seed)]
const minutes = values.minutes === undefined ? undefined : wholeNumber('minutes', values.minutes)
const started = Date.now()
console.log(`seed ${seed}`)
const outcome = await torture({
  rounds,
  seed,
  minutes,
  onRound: ({ number, phase, end }) => {
    if (values.verbose) console.log(`${number}: ${end} at ${phase}`)
    else if (number % 50 === 0) console.log(`${number} rounds`)
  },
})
const minutesTaken = ((Date.now() - started) / 60_000).toFixed(1)
console.log(`\n| | |\n|---|---:|`)
for (const [name, figure] of [
  ['rounds', outcome.rounds],
  ['minutes', minutesTaken],
  ...outcome.ends,
  ['requests answered with success', outcome.acknowledged],
  ['requests without an answer', outcome.unanswered],
  ['commands that ran to their end', outcome.runs],
  ['violations', outcome.violations.length],
] as const)
  console.log(`| ${name} | ${figure.toLocaleString('en')} |`)
for (const violation of outcome.violations) console.log(`\n${violation}`)
if (outcome.violations.length > 0) {
  console.log(
    `\nround ${outcome.rounds} of seed ${seed}: npm run torture -- --rounds ${outcome.rounds} --seed ${seed}`,
  )
  process.exitCode = 1
}

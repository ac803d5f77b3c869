// The part of the command line that is about autoscale formulas.

import { type Command, InvalidArgumentError, Option } from 'commander'
import { HELP } from './help.ts'
import { parseText, parseTimeLimit, wholeNumber } from './values.ts'

/** Flags of `malachite autoscale simulate`; times are milliseconds. */
export interface SimulateFlags {
  formula: string
  load: string
  for: number
  interval: number
  slots: number
  boot: number
  step: number
  start?: Date
  json?: true
  svg?: string
}

const MINUTE = 60_000

/** Adds `malachite autoscale simulate`; the command to give an action to. */
export function addSimulate(program: Command): Command {
  const time = (flags: string, description: string, usual: number, shown: string): Option =>
    new Option(flags, description).argParser(parseTimeLimit).default(usual, shown)
  return program
    .command('autoscale')
    .summary('try autoscale formulas')
    .description('Tries autoscale formulas.')
    .helpCommand(false)
    .command('simulate')
    .description(
      'Plays hours of load against a formula in virtual time and prints nodes, waiting tasks and node-hours.',
    )
    .requiredOption('--formula <file>', 'the formula', parseText)
    .requiredOption(
      '--load <file>',
      'the load: lines of time, tasks, duration, such as 2h, 200, 5m',
      parseText,
    )
    .addOption(time('--for <time>', 'how long the load is watched', 8 * 60 * MINUTE, '8h'))
    .addOption(time('--interval <time>', 'between two evaluations', 15 * MINUTE, '15m'))
    .addOption(time('--boot <time>', 'until a node that was asked for takes tasks', 2 * MINUTE, '2m'))
    .addOption(time('--step <time>', 'between two rows of the result', 5 * MINUTE, '5m'))
    .option('--slots <n>', 'tasks that may run at once on a node, 1-256', wholeNumber(1, 256), 1)
    .option(
      '--start <time>',
      'when it begins, ISO 8601 (default: 2026-01-05T00:00:00Z, a Monday)',
      parseStart,
    )
    .option('--json', 'print one JSON document')
    .option('--svg <file>', 'draw a chart', parseText)
    .addHelpText('after', HELP.simulate)
}

function parseStart(text: string): Date {
  const date = new Date(text)
  if (/^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(date.getTime())) return date
  throw new InvalidArgumentError('It must be a time such as 2026-01-05T08:00:00Z.')
}

// The part of the command line that asks a running emulator for more than the service offers.

import { type Command, Option } from 'commander'
import type { ResourcePath } from '@malachite/azure'
import { HELP } from './help.ts'
import { parseText, parseTimeLimit, wholeNumber } from './values.ts'

/** Flags of `malachite why`. */
export interface WhyFlags {
  endpointsFile?: string
  json?: true
}

/** Flags of `malachite preempt`. */
export interface PreemptFlags extends WhyFlags {
  count?: number
  /** Milliseconds. */
  absence?: number
}

type Act = (resource: ResourcePath, flags: WhyFlags) => Promise<void>

/** Adds `malachite why`; `act` is what its commands do. */
export function addWhy(program: Command, act: Act): void {
  const parent = program
    .command('why')
    .summary('tell why a task, job, pool, node or job schedule of an emulator is as it is')
    .description('Tells why something on a running emulator is as it is, and what to do about it.')
    .helpCommand(false)
    .addHelpText('after', HELP.why)
  const command = (name: string, description: string): Command =>
    addConnection(parent.command(name).description(description))
  command('task', 'Why a task does not run, or why it failed.')
    .argument('<job>', 'its job')
    .argument('<task>', 'the task')
    .action((job: string, task: string, flags: WhyFlags) => act(['jobs', job, 'tasks', task], flags))
  command('job', 'Why a job does not end.')
    .argument('<job>', 'the job')
    .action((job: string, flags: WhyFlags) => act(['jobs', job], flags))
  command('pool', 'Why a pool is not steady, has not its size, or has nodes that take no tasks.')
    .argument('<pool>', 'the pool')
    .action((pool: string, flags: WhyFlags) => act(['pools', pool], flags))
  command('node', 'Why a node takes no tasks.')
    .argument('<pool>', 'its pool')
    .argument('<node>', 'the node')
    .action((pool: string, node: string, flags: WhyFlags) => act(['pools', pool, 'nodes', node], flags))
  command('schedule', 'Why a job schedule makes no job.')
    .argument('<schedule>', 'the job schedule')
    .action((schedule: string, flags: WhyFlags) => act(['jobschedules', schedule], flags))
}

/** Adds `malachite preempt`; the command to give an action to. */
export function addPreempt(program: Command): Command {
  const command = program
    .command('preempt')
    .summary('take the machines of spot nodes of an emulator away, as Azure may at any time')
    .description('Takes the machines of spot nodes away: their tasks wait anew, other machines come.')
    .argument('<pool>', 'the pool')
    .argument('[node]', 'the node (default: the first ones that have a machine)')
    .option('--count <n>', 'how many nodes, if none is named (default: 1)', wholeNumber(1, 999_999))
    .option('--absence <time>', 'until other machines come: 30s, 5m (default: at once)', parseTimeLimit)
  return addConnection(command).addHelpText('after', HELP.preempt)
}

function addConnection(command: Command): Command {
  return command
    .addOption(
      new Option('--endpointsFile <file>', "the emulator's endpoints file (default: the usual ports)")
        .env('MALACHITE_ENDPOINTS_FILE')
        .argParser(parseText),
    )
    .option('--json', 'print one JSON document')
}

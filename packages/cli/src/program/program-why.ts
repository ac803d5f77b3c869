// The part of the command line that asks a running emulator for more than the service offers.

import type { ResourcePath } from '@malachite/azure'
import { type Command, Option } from 'commander'
import type { ExitCode } from '../text/exit-code.ts'
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

/** Flags of `malachite fail allocation`. */
export interface FailAllocationFlags extends WhyFlags {
  code?: string
  nodes?: number
  times?: number
}

/** Flags of `malachite fail node`. */
export interface FailNodeFlags extends WhyFlags {
  code?: string
  lost?: true
  /** Milliseconds. */
  recovery?: number
}

/** What these commands do; each resolves to the exit code. */
export interface WhyCommands {
  why(resource: ResourcePath, flags: WhyFlags): Promise<ExitCode>
  preempt(poolId: string, nodeId: string | undefined, flags: PreemptFlags): Promise<ExitCode>
  fail: FailCommands
}

/** What the commands of `malachite fail` do. */
export interface FailCommands {
  allocation(poolId: string, flags: FailAllocationFlags): Promise<ExitCode>
  node(poolId: string, nodeId: string, flags: FailNodeFlags): Promise<ExitCode>
}

type End = (code: number) => void

/** Adds `malachite why`; `end` takes the exit code. */
export function addWhy(program: Command, commands: WhyCommands, end: End): void {
  const act = async (resource: ResourcePath, flags: WhyFlags): Promise<void> =>
    end(await commands.why(resource, flags))
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

/** Adds `malachite preempt`. */
export function addPreempt(program: Command, commands: WhyCommands, end: End): void {
  const command = program
    .command('preempt')
    .summary('take the machines of spot nodes of an emulator away, as Azure may at any time')
    .description('Takes the machines of spot nodes away: their tasks wait anew, other machines come.')
    .argument('<pool>', 'the pool')
    .argument('[node]', 'the node (default: the first ones that have a machine)')
    .option('--count <n>', 'how many nodes, if none is named (default: 1)', wholeNumber(1, 999_999))
    .option('--absence <time>', 'until other machines come: 30s, 5m (default: at once)', parseTimeLimit)
  addConnection(command)
    .addHelpText('after', HELP.preempt)
    .action(async (pool: string, node: string | undefined, flags: PreemptFlags) =>
      end(await commands.preempt(pool, node, flags)),
    )
}

/** Adds `malachite fail`. */
export function addFail(program: Command, commands: FailCommands, end: End): void {
  const parent = program
    .command('fail')
    .summary('let allocations of machines, or nodes, of an emulator fail')
    .description('Lets something fail on a running emulator, so that you see how your program copes.')
    .helpCommand(false)
    .addHelpText('after', HELP.fail)
  addFailAllocation(parent).action(async (pool: string, flags: FailAllocationFlags) =>
    end(await commands.allocation(pool, flags)),
  )
  addFailNode(parent).action(async (pool: string, node: string, flags: FailNodeFlags) =>
    end(await commands.node(pool, node, flags)),
  )
}

function addFailAllocation(parent: Command): Command {
  const command = parent
    .command('allocation')
    .description('Lets the next allocation of machines for a pool fail, which need not exist yet.')
    .argument('<pool>', 'the pool')
    .option('--code <code>', 'code of the resize error (default: AllocationFailed)', parseText)
    .option('--nodes <n>', 'machines that come before it fails (default: 0)', wholeNumber(0, 999_999))
    .option(
      '--times <n>',
      'how many allocations fail; 0 = none after all (default: 1)',
      wholeNumber(0, 999_999),
    )
  return addConnection(command)
}

function addFailNode(parent: Command): Command {
  const command = parent
    .command('node')
    .description('Lets a node fail: its tasks wait anew, and it takes none until it has restarted.')
    .argument('<pool>', 'its pool')
    .argument('<node>', 'the node')
    .addOption(
      new Option('--code <code>', 'code of the error that the node shows (default: DiskFull)')
        .argParser(parseText)
        .conflicts('lost'),
    )
    .option('--lost', 'the service loses contact: the node is unknown instead of unusable')
    .option('--recovery <time>', 'until it restarts by itself: 30s, 5m (default: never)', parseTimeLimit)
  return addConnection(command)
}

function addConnection(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--endpointsFile <file>',
        "the emulator's endpoints file (default: AZURE_BATCH_*, or the usual port)",
      )
        .env('MALACHITE_ENDPOINTS_FILE')
        .argParser(parseText),
    )
    .option('--json', 'print one JSON document')
}

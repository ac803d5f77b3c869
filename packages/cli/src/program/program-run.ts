// The flags of `malachite run`, and those that a run takes when it is resumed.

import type { HaltCondition } from '@malachite/orchestrator'
import { Option, type Command } from 'commander'
import { parseHalt } from './halt-flag.ts'
import { HELP } from './help.ts'
import { parseText, parseTimeLimit, wholeNumber } from './values.ts'

export const PROFILES = ['local', 'emulator', 'azure'] as const
/** Where a run takes place. */
export type Profile = (typeof PROFILES)[number]

const DELETE_CHOICES = ['yes', 'no', 'ask'] as const

/** Flags of `malachite run` as typed; what is absent takes the orchestrator's default. */
export interface RunFlags {
  backend: Profile
  /** Of the emulator, for that backend. */
  endpointsFile?: string
  numWords: number
  nodes?: number
  slots?: number
  outputDir: string
  /** Milliseconds. */
  timeout?: number
  deleteJob: (typeof DELETE_CHOICES)[number]
  deletePool: (typeof DELETE_CHOICES)[number]
  jobId?: string
  poolId?: string
  vmSize?: string
  halt?: HaltCondition | 'never'
  /** `+FILE` adds to it. */
  joblog?: string
  dryRun?: true
  json?: true
  verbose?: true
}

/** Flags of `malachite run --resume`: what a run that is resumed may be told. */
export interface ResumeFlags extends Partial<
  Pick<RunFlags, 'backend' | 'endpointsFile' | 'timeout' | 'deleteJob' | 'deletePool' | 'json' | 'verbose'>
> {
  /** Id of the run; true = the last unfinished one of this directory. */
  resume: string | true
}

/** Flags of `malachite run --retry-failed`: what is not given is as of the earlier run. */
export interface RetryFlags extends Partial<RunFlags> {
  /** Id of the run; true = the last of this directory that has ended. */
  retryFailed: string | true
}

/** Adds the command. */
export function addRun(program: Command): Command {
  const choice = (flags: string, what: string): Option =>
    new Option(flags, `delete the ${what} at the end; without a terminal "ask" means yes`)
      .choices(DELETE_CHOICES)
      .default('ask')
  return program
    .command('run')
    .summary('run the workload: count the most frequent words of files')
    .description(
      'Runs the workload: one task per file finds its most frequent words. Without files: sample data.',
    )
    .argument('[files...]', 'input files; their names must differ')
    .addOption(
      new Option('--backend <backend>', 'where: in this process, on an emulator, or in Azure')
        .choices(PROFILES)
        .default('local'),
    )
    .addOption(
      new Option(
        '--endpointsFile <file>',
        'for --backend emulator: its endpoints file (default: AZURE_*, or the usual ports)',
      )
        .env('MALACHITE_ENDPOINTS_FILE')
        .argParser(parseText),
    )
    .option('--num-words <n>', 'words to find per file', wholeNumber(1), 3)
    .option('--nodes <n>', 'nodes of the pool (default: one per file, at most 2)', wholeNumber(1))
    .option('--slots <n>', 'tasks that may run at once on a node, 1-256 (default: 1)', wholeNumber(1, 256))
    .option('--output-dir <dir>', 'directory for the results', parseText, './output')
    .option('--timeout <time>', 'time limit for the tasks: 90s, 20m, 1.5h (default: 20m)', parseTimeLimit)
    .addOption(choice('--delete-job <choice>', 'job'))
    .addOption(choice('--delete-pool <choice>', 'pool'))
    .option('--job-id <id>', 'id of the job, which must be free (default: MalachiteTutorialJob)')
    .option('--pool-id <id>', 'id of the pool, which must be free (default: MalachiteTutorialPool)')
    .option('--vm-size <size>', 'size of the virtual machines (default: standard_d2s_v3)')
    .option(
      '--halt <when>',
      'end the run early: now or soon, then fail, success or done with a number or a percentage of tasks, ' +
        'such as now,fail=1 or soon,fail=30% (default: never)',
      parseHalt,
    )
    .option(
      '--joblog <file>',
      'write a line as each task ends, as GNU parallel does; +FILE adds to one',
      parseText,
    )
    .option('--dry-run', 'only print what would be created, uploaded, run and deleted')
    .option('--resume [run]', 'go on with a run that was killed (default: the last one of this directory)')
    .option(
      '--retry-failed [run]',
      'a new run of what an earlier one has left without a result (default: the last one of this directory)',
    )
    .option('--json', 'print one JSON document at the end and nothing else; asks nothing')
    .option('-v, --verbose', 'print more, also where the time went, on standard error')
    .addHelpText('after', HELP.run)
}

const WITH_RESUME = [
  'resume',
  'backend',
  'endpointsFile',
  'timeout',
  'deleteJob',
  'deletePool',
  'json',
  'verbose',
]

/** What was typed beside --resume; everything else is as the run was begun. */
export function resumeFlags(files: readonly string[], command: Command): ResumeFlags | undefined {
  const typed = typedFlags(command)
  if (typed['resume'] === undefined) return undefined
  const other = command.options.find((option) => {
    const name = option.attributeName()
    return name in typed && !WITH_RESUME.includes(name)
  })
  if (files.length > 0 || other) {
    const what = other ? `${other.long} cannot be given` : 'no files can be given'
    command.error(`error: with --resume ${what}: the run goes on as it was begun.`)
  }
  return typed as unknown as ResumeFlags
}

/** What was typed beside --retry-failed; everything else is as of the earlier run. */
export function retryFlags(files: readonly string[], command: Command): RetryFlags | undefined {
  const typed = typedFlags(command)
  if (typed['retryFailed'] === undefined) return undefined
  if (files.length > 0) {
    command.error('error: with --retry-failed no files can be given: they are those of the earlier run.')
  }
  return typed as unknown as RetryFlags
}

/** A file that the environment names may be for other commands; one that was typed is meant for this run. */
export function requireEmulator({ backend }: RunFlags, command: Command): void {
  if (backend !== 'emulator' && command.getOptionValueSource('endpointsFile') === 'cli')
    command.error('error: --endpointsFile is for --backend emulator, which is not given.')
}

function typedFlags(command: Command): Record<string, unknown> {
  const names = command.options.map((option) => option.attributeName())
  const typed = names.filter((name) => ['cli', 'env'].includes(command.getOptionValueSource(name) ?? ''))
  return Object.fromEntries(typed.map((name) => [name, command.getOptionValue(name)]))
}

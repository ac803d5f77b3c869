// The part of the command line that watches, serves and tidies: resources, logs, wait, exec, doctor, clean, completion.

import { Argument, type Command, Option } from 'commander'
import type { ConnectionFlags } from './connection-flags.ts'
import type { ExitCode } from '../text/exit-code.ts'
import { HELP } from './help.ts'
import { EMULATOR_PROFILES, type EmulatorProfile } from './program-emulator.ts'
import { addConnectionFlags, addResources, type ResourceCommandFlags } from './program-resources.ts'
import type { ResourceRow } from './resource-table.ts'
import { parseOptionalPort, parseText, parseTimeLimit } from './values.ts'

/** Flags of `malachite logs`. */
export interface LogsFlags extends ConnectionFlags {
  follow?: true
  stderr?: true
  file?: string
}

/** Flags of `malachite wait job`. */
export interface WaitFlags extends ConnectionFlags {
  /** Milliseconds. */
  timeout?: number
  output?: 'json'
}

/** Flags of `malachite exec`. */
export interface ExecFlags {
  blobPort: number | 'none'
  profile?: EmulatorProfile
  location?: string
}

/** Flags of `malachite doctor`. */
export interface DoctorFlags extends ConnectionFlags {
  output?: 'json'
}

/** Flags of `malachite clean`. */
export interface CleanFlags extends ConnectionFlags {
  dryRun?: true
  yes?: true
  /** Milliseconds. */
  olderThan?: number
  output?: 'json'
}

const COMPLETION_SHELLS = ['bash', 'zsh', 'fish'] as const
/** Shells that can complete the command line. */
export type CompletionShell = (typeof COMPLETION_SHELLS)[number]

/** What these commands do; each resolves to the exit code. */
export interface ToolCommands {
  resource(
    row: ResourceRow,
    names: Readonly<Record<string, string>>,
    flags: ResourceCommandFlags,
  ): Promise<ExitCode>
  logs(jobId: string, taskId: string, flags: LogsFlags): Promise<ExitCode>
  waitJob(jobId: string, flags: WaitFlags): Promise<ExitCode>
  /** The exit code of the command that was run. */
  exec(command: readonly string[], flags: ExecFlags): Promise<number>
  doctor(flags: DoctorFlags): Promise<ExitCode>
  clean(flags: CleanFlags): Promise<ExitCode>
  completion(shell: CompletionShell, program: Command): Promise<ExitCode>
}

/** Adds the commands; `end` takes the exit code of the one that is performed. */
export function addTools(program: Command, commands: ToolCommands, end: (code: number) => void): void {
  addResources(program, async (...args) => end(await commands.resource(...args)))
  addLogs(program).action(async (job: string, task: string, flags: LogsFlags) =>
    end(await commands.logs(job, task, flags)),
  )
  addWait(program).action(async (job: string, flags: WaitFlags) => end(await commands.waitJob(job, flags)))
  addExec(program).action(async (command: string, args: string[], flags: ExecFlags) =>
    end(await commands.exec([command, ...args], flags)),
  )
  addDoctor(program).action(async (flags: DoctorFlags) => end(await commands.doctor(flags)))
  addClean(program).action(async (flags: CleanFlags) => end(await commands.clean(flags)))
  addCompletion(program).action(async (shell: CompletionShell) =>
    end(await commands.completion(shell, program)),
  )
}

function jsonOutput(): Option {
  return new Option('-o, --output <format>', 'json = one JSON document').choices(['json'])
}

function addLogs(program: Command): Command {
  const command = program
    .command('logs')
    .summary('print what a task writes, while it runs or afterwards')
    .description('Prints what a task has written to its standard output.')
    .argument('<job>', 'its job')
    .argument('<task>', 'the task')
    .option('-f, --follow', 'go on until the task has ended, through retries and restarts')
    .option('--stderr', 'its standard error instead')
    .addOption(
      new Option('--file <path>', 'another file of the task, such as wd/progress.log')
        .argParser(parseText)
        .conflicts('stderr'),
    )
  return addConnectionFlags(command).addHelpText('after', HELP.logs)
}

function addWait(program: Command): Command {
  const parent = program
    .command('wait')
    .summary('wait until all tasks of a job have completed')
    .description('Waits for the end of something.')
    .helpCommand(false)
    .addHelpText('after', HELP.wait)
  const command = parent
    .command('job')
    .description('Waits until the tasks of a job have completed; exit code 0 means that all succeeded.')
    .argument('<job>', 'the job')
    .option('--timeout <time>', 'longest wait: 90s, 20m, 1.5h (default: for ever)', parseTimeLimit)
    .addOption(jsonOutput())
  return addConnectionFlags(command).addHelpText('after', HELP.wait)
}

function addExec(program: Command): Command {
  return program
    .command('exec')
    .summary('run a command with an emulator of its own')
    .description(
      'Starts an emulator and Azurite on free ports, runs a command whose Azure clients find them, and ends both.',
    )
    .argument('<command>', 'the program, after --')
    .argument('[arguments...]', 'its arguments')
    .addOption(
      new Option('--blobPort <port>', 'port of Azurite; 0 = a free one, none = no Azurite')
        .argParser(parseOptionalPort)
        .default(0),
    )
    .addOption(
      new Option(
        '--profile <profile>',
        'how long allocation, boot, deletion … take (default: instant)',
      ).choices(EMULATOR_PROFILES),
    )
    .option('-l, --location <dir>', 'directory that keeps everything for the next time', parseText)
    .passThroughOptions()
    .addHelpText('after', HELP.exec)
}

function addDoctor(program: Command): Command {
  const command = program
    .command('doctor')
    .summary('check this machine, the settings and the service, and tell how to mend them')
    .description('Checks what Malachite needs. Exit code 1 when something is a problem.')
    .addOption(jsonOutput())
  return addConnectionFlags(command).addHelpText('after', HELP.doctor)
}

function addClean(program: Command): Command {
  const command = program
    .command('clean')
    .summary('find and delete what runs have left behind')
    .description(
      'Finds jobs, pools and containers that runs have left behind, with their node-hours, and deletes them.',
    )
    .option('--dry-run', 'only list them')
    .option('-y, --yes', 'delete them without asking; without a terminal nothing is deleted otherwise')
    .option(
      '--older-than <time>',
      'only what was made so long ago: 90s, 20m, 1.5h (default: 1h)',
      parseTimeLimit,
    )
    .addOption(jsonOutput())
  return addConnectionFlags(command).addHelpText('after', HELP.clean)
}

function addCompletion(program: Command): Command {
  return program
    .command('completion')
    .summary('print what lets a shell complete this command line')
    .description('Prints a script that lets a shell complete commands, flags and their values.')
    .addArgument(new Argument('<shell>', 'whose syntax').choices(COMPLETION_SHELLS))
    .addHelpText('after', HELP.completion)
}

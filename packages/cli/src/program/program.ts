// The command line: every command, flag, unit, default and example. What the commands do is loaded only when one runs,
// so that the help is there at once.

import type { ResourcePath } from '@malachite/azure'
import type { Quotas } from '@malachite/model'
import { Command, Option } from 'commander'
import { EXIT, type ExitCode } from '../text/exit-code.ts'
import { HELP } from './help.ts'
import { addSimulate, type SimulateFlags } from './program-autoscale.ts'
import { addRunning, addTools, type ToolCommands } from './program-tools.ts'
import {
  addFail,
  addPreempt,
  addWhy,
  type FailAllocationFlags,
  type FailNodeFlags,
  type PreemptFlags,
  type WhyFlags,
} from './program-why.ts'
import { addDashboardFlags, addUi, type DashboardFlags, type UiFlags } from './program-ui.ts'
import { addRun, resumeFlags, type ResumeFlags, type RunFlags } from './program-run.ts'
import {
  decimalNumber,
  parseNames,
  parseOptionalPort,
  parsePort,
  parseQuotas,
  parseText,
  wholeNumber,
} from './values.ts'

export const SHELLS = ['bash', 'fish', 'powershell', 'json'] as const
/** Whose syntax `malachite env` writes. */
export type Shell = (typeof SHELLS)[number]

const CONTAINER_ENGINES = ['auto', 'docker', 'podman', 'none'] as const
const EMULATOR_PROFILES = ['instant', 'fast', 'azure'] as const
/** What runs the containers of tasks on the emulator. */
export type ContainerEngine = (typeof CONTAINER_ENGINES)[number]

/** How long things take on the emulator that need no time there. */
export type EmulatorProfile = (typeof EMULATOR_PROFILES)[number]

const OAUTH_CHOICES = ['basic', 'none'] as const

/** Flags of `malachite emulator`; each can also be given by its environment variable. */
export interface EmulatorFlags extends DashboardFlags {
  batchHost: string
  batchPort: number
  blobPort: number | 'none'
  location?: string
  fsync?: boolean
  applications?: string
  containerEngine?: ContainerEngine
  inMemoryPersistence?: boolean
  endpointsFile?: string
  allowedHosts?: string[]
  accountsFile?: string
  oauth?: (typeof OAUTH_CHOICES)[number]
  cert?: string
  key?: string
  unsafe?: boolean
  strictApiVersion?: boolean
  profile?: EmulatorProfile
  seed?: number
  timeScale?: number
  quota?: Quotas
  silent?: boolean
  debug?: string
  detach?: true
}

/** Flags of the commands of `malachite application`: where the packages are. */
export interface ApplicationFlags {
  applications?: string
  endpointsFile?: string
}

/** Flags of `malachite env`. */
export interface EnvFlags {
  shell: Shell
  endpointsFile?: string
}

/** What the commands do; each resolves to the exit code. */
export interface Commands {
  run(files: string[], flags: RunFlags): Promise<ExitCode>
  resume(flags: ResumeFlags): Promise<ExitCode>
  emulator(flags: EmulatorFlags): Promise<ExitCode>
  detach(flags: EmulatorFlags): Promise<ExitCode>
  env(flags: EnvFlags): Promise<ExitCode>
  tools: ToolCommands
  ui(flags: UiFlags): Promise<ExitCode>
  simulate(flags: SimulateFlags): Promise<ExitCode>
  why(resource: ResourcePath, flags: WhyFlags): Promise<ExitCode>
  preempt(poolId: string, nodeId: string | undefined, flags: PreemptFlags): Promise<ExitCode>
  fail: {
    allocation(poolId: string, flags: FailAllocationFlags): Promise<ExitCode>
    node(poolId: string, nodeId: string, flags: FailNodeFlags): Promise<ExitCode>
  }
  application: {
    add(id: string, file: string, flags: ApplicationFlags & { version: string }): Promise<ExitCode>
    list(flags: ApplicationFlags): Promise<ExitCode>
    remove(id: string, flags: ApplicationFlags & { version: string }): Promise<ExitCode>
  }
}

/** Reads the command line and performs its command. Rejects with commander's error when it cannot be read. */
export async function perform(argv: readonly string[], version: string, commands: Commands): Promise<number> {
  let code: number = EXIT.ok
  const program = createCommandLine(version, commands, (result) => {
    code = result
  })
  await program.parseAsync([...argv], { from: 'user' })
  return code
}

/** The command line; `end` takes the exit code of the command that was performed. */
export function createCommandLine(version: string, commands: Commands, end: (code: number) => void): Command {
  const program = createProgram(version)
  addRun(program).action(async (files: string[], flags: RunFlags, command: Command) => {
    const resumption = resumeFlags(files, command)
    end(await (resumption ? commands.resume(resumption) : commands.run(files, flags)))
  })
  const emulator = addDashboardFlags(addEmulator(program))
  emulator.action(async (flags: EmulatorFlags) => {
    end(await (flags.detach ? commands.detach(flags) : commands.emulator(flags)))
  })
  addRunning(emulator, commands.tools, end)
  addEnv(program).action(async (flags: EnvFlags) => {
    end(await commands.env(flags))
  })
  const application = addApplication(program)
  application.add.action(async (id: string, file: string, flags: ApplicationFlags & { version: string }) => {
    end(await commands.application.add(id, file, flags))
  })
  application.list.action(async (flags: ApplicationFlags) => {
    end(await commands.application.list(flags))
  })
  application.remove.action(async (id: string, flags: ApplicationFlags & { version: string }) => {
    end(await commands.application.remove(id, flags))
  })
  addSimulate(program).action(async (flags: SimulateFlags) => {
    end(await commands.simulate(flags))
  })
  addWhy(program, async (resource, flags) => {
    end(await commands.why(resource, flags))
  })
  addPreempt(program).action(async (poolId: string, nodeId: string | undefined, flags: PreemptFlags) => {
    end(await commands.preempt(poolId, nodeId, flags))
  })
  const fail = addFail(program)
  fail.allocation.action(async (poolId: string, flags: FailAllocationFlags) => {
    end(await commands.fail.allocation(poolId, flags))
  })
  fail.node.action(async (poolId: string, nodeId: string, flags: FailNodeFlags) => {
    end(await commands.fail.node(poolId, nodeId, flags))
  })
  addTools(program, commands.tools, end)
  addUi(program, (flags) => commands.ui(flags), end)
  return program
}

function createProgram(version: string): Command {
  return new Command('malachite')
    .description(
      'Run Azure Batch workloads on this machine or in Azure, and serve an emulator of Azure Batch.',
    )
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .enablePositionalOptions() // an application has a --version of its own
    .configureHelp({ helpWidth: 110 })
    .configureOutput({ outputError: () => {} }) // errors are told in one place, together with all others
    .exitOverride()
    .addHelpText('after', HELP.program)
}

function addEmulator(program: Command): Command {
  const option = (flags: string, description: string, env: string): Option =>
    new Option(flags, description).env(`MALACHITE_${env}`)
  return program
    .command('emulator')
    .summary('serve an emulator of Azure Batch, with Azurite for blobs beside it')
    .description('Serves an emulator of Azure Batch, with Azurite for blobs beside it, until Ctrl-C.')
    .addOption(
      option('--batchHost <host>', 'address of the Batch service', 'BATCH_HOST')
        .argParser(parseText)
        .default('127.0.0.1'),
    )
    .addOption(
      option('--batchPort <port>', 'port of the Batch service; 0 = a free one', 'BATCH_PORT')
        .argParser(parsePort)
        .default(10_003),
    )
    .addOption(
      option('--blobPort <port>', 'port of Azurite; 0 = a free one, none = no Azurite', 'BLOB_PORT')
        .argParser(parseOptionalPort)
        .default(10_000),
    )
    .addOption(
      option('-l, --location <dir>', 'directory that keeps everything across restarts', 'LOCATION')
        .argParser(parseText)
        .conflicts('inMemoryPersistence'),
    )
    .option('--fsync', 'what the location keeps survives a loss of power, too (env: MALACHITE_FSYNC=1)')
    .addOption(
      option(
        '--applications <dir>',
        'directory of application packages, ID/VERSION.zip (default: in the location)',
        'APPLICATIONS',
      ) //
        .argParser(parseText),
    )
    .addOption(
      option(
        '--containerEngine <engine>',
        'what runs containers; auto = docker or podman, whichever answers (default: auto)',
        'CONTAINER_ENGINE',
      ) //
        .choices(CONTAINER_ENGINES),
    )
    .option('--inMemoryPersistence', 'keep nothing across restarts (the default)')
    .addOption(
      option('--endpointsFile <file>', 'write addresses and keys there (JSON) when ready', 'ENDPOINTS_FILE') //
        .argParser(parseText),
    )
    .addOption(
      option(
        '--allowedHosts <names>',
        'host names, a,b, under which clients may call; * = any',
        'ALLOWED_HOSTS',
      ) //
        .argParser(parseNames),
    )
    .addOption(
      new Option(
        '--accountsFile <file>',
        'file with name:key[:key2] a line, read again when it changes (env: MALACHITE_ACCOUNTS=@FILE)',
      ) //
        .argParser(parseText),
    )
    .addOption(
      option('--oauth <level>', 'tokens of Entra ID: basic = all but the signature is checked', 'OAUTH') //
        .choices(OAUTH_CHOICES),
    )
    .addOption(option('--cert <file>', 'certificate (PEM): serve https', 'CERT').argParser(parseText))
    .addOption(option('--key <file>', 'key of the certificate (PEM)', 'KEY').argParser(parseText))
    .option(
      '--unsafe',
      'let other machines use the published key and tokens that nobody verified (env: MALACHITE_UNSAFE=1)',
    )
    .option(
      '--strictApiVersion',
      'refuse api-versions newer than those it knows (env: MALACHITE_STRICT_API_VERSION=1)',
    )
    .addOption(
      option(
        '--profile <profile>',
        'how long allocation, boot, deletion … take (default: instant)',
        'PROFILE',
      ) //
        .choices(EMULATOR_PROFILES),
    )
    .addOption(
      option(
        '--seed <n>',
        'other times of the profile azure, the same for the same seed (default: 0)',
        'SEED',
      ) //
        .argParser(wholeNumber(0)),
    )
    .addOption(
      option('--timeScale <n>', 'let the clock go so many times faster, 1-10000 (default: 1)', 'TIME_SCALE') //
        .argParser(decimalNumber(1, 10_000)),
    )
    .addOption(
      option('--quota <name=n>', 'what the account may have, a=1,b=2 or repeated (default: all)', 'QUOTA') //
        .argParser(parseQuotas),
    )
    .option('-s, --silent', 'print the ready line only, no banner, no requests (env: MALACHITE_SILENT=1)')
    .addOption(
      option('-d, --debug <file>', 'log to this file (JSON lines)', 'DEBUG_FILE').argParser(parseText),
    )
    .option('--detach', 'serve in the background, until "malachite emulator stop"')
    .addHelpText('after', HELP.emulator)
}

function addEnv(program: Command): Command {
  return program
    .command('env')
    .summary('print the environment variables that point clients at the emulator')
    .description('Prints the environment variables that point Azure clients at the emulator on this machine.')
    .addOption(new Option('--shell <shell>', 'whose syntax to write').choices(SHELLS).default('bash'))
    .addOption(
      new Option('--endpointsFile <file>', "the emulator's endpoints file (default: the usual ports)")
        .env('MALACHITE_ENDPOINTS_FILE')
        .argParser(parseText),
    )
    .addHelpText('after', HELP.env)
}

function addApplication(program: Command): Record<'add' | 'list' | 'remove', Command> {
  const parent = program
    .command('application')
    .summary('add, list and remove the application packages of an emulator')
    .description('Adds, lists and removes application packages, which pools and tasks can refer to.')
    .helpCommand(false)
    .addHelpText('after', HELP.application)
  const command = (name: string, description: string): Command =>
    parent
      .command(name)
      .description(description)
      .addOption(
        new Option('--applications <dir>', "the emulator's directory of packages")
          .env('MALACHITE_APPLICATIONS')
          .argParser(parseText),
      )
      .addOption(
        new Option('--endpointsFile <file>', "the emulator's endpoints file, which names that directory")
          .env('MALACHITE_ENDPOINTS_FILE')
          .argParser(parseText),
      )
  const versioned = (name: string, description: string): Command =>
    command(name, description)
      .argument('<name>', 'the application')
      .requiredOption('--version <version>', 'its version', parseText)
  return {
    add: versioned('add', 'Adds a package to an application.').argument('<file>', 'the zip file'),
    list: command('list', 'Lists the applications with their versions.'),
    remove: versioned('remove', 'Removes a package from an application.'),
  }
}

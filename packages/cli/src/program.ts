// The command line: every command, flag, unit, default and example. What the commands do is loaded only when one runs,
// so that the help is there at once.

import type { ResourcePath } from '@malachite/azure'
import type { Quotas } from '@malachite/model'
import { Command, Option } from 'commander'
import { EXIT, type ExitCode } from './exit-code.ts'
import { HELP } from './help.ts'
import { addSimulate, type SimulateFlags } from './program-autoscale.ts'
import {
  addFail,
  addPreempt,
  addWhy,
  type FailAllocationFlags,
  type FailNodeFlags,
  type PreemptFlags,
  type WhyFlags,
} from './program-why.ts'
import {
  decimalNumber,
  parseNames,
  parseOptionalPort,
  parsePort,
  parseQuotas,
  parseText,
  parseTimeLimit,
  wholeNumber,
} from './values.ts'

export const PROFILES = ['local', 'emulator', 'azure'] as const
/** Where a run takes place. */
export type Profile = (typeof PROFILES)[number]

export const SHELLS = ['bash', 'fish', 'powershell', 'json'] as const
/** Whose syntax `malachite env` writes. */
export type Shell = (typeof SHELLS)[number]

const CONTAINER_ENGINES = ['auto', 'docker', 'podman', 'none'] as const
const EMULATOR_PROFILES = ['instant', 'fast', 'azure'] as const
/** What runs the containers of tasks on the emulator. */
export type ContainerEngine = (typeof CONTAINER_ENGINES)[number]

/** How long things take on the emulator that need no time there. */
export type EmulatorProfile = (typeof EMULATOR_PROFILES)[number]

const DELETE_CHOICES = ['yes', 'no', 'ask'] as const
const OAUTH_CHOICES = ['basic', 'none'] as const

/** Flags of `malachite run` as typed; what is absent takes the orchestrator's default. */
export interface RunFlags {
  backend: Profile
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
  json?: true
  verbose?: true
}

/** Flags of `malachite emulator`; each can also be given by its environment variable. */
export interface EmulatorFlags {
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
  emulator(flags: EmulatorFlags): Promise<ExitCode>
  env(flags: EnvFlags): Promise<ExitCode>
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
export async function perform(
  argv: readonly string[],
  version: string,
  commands: Commands,
): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok
  const program = createProgram(version)
  addRun(program).action(async (files: string[], flags: RunFlags) => {
    code = await commands.run(files, flags)
  })
  addEmulator(program).action(async (flags: EmulatorFlags) => {
    code = await commands.emulator(flags)
  })
  addEnv(program).action(async (flags: EnvFlags) => {
    code = await commands.env(flags)
  })
  const application = addApplication(program)
  application.add.action(async (id: string, file: string, flags: ApplicationFlags & { version: string }) => {
    code = await commands.application.add(id, file, flags)
  })
  application.list.action(async (flags: ApplicationFlags) => {
    code = await commands.application.list(flags)
  })
  application.remove.action(async (id: string, flags: ApplicationFlags & { version: string }) => {
    code = await commands.application.remove(id, flags)
  })
  addSimulate(program).action(async (flags: SimulateFlags) => {
    code = await commands.simulate(flags)
  })
  addWhy(program, async (resource, flags) => {
    code = await commands.why(resource, flags)
  })
  addPreempt(program).action(async (poolId: string, nodeId: string | undefined, flags: PreemptFlags) => {
    code = await commands.preempt(poolId, nodeId, flags)
  })
  const fail = addFail(program)
  fail.allocation.action(async (poolId: string, flags: FailAllocationFlags) => {
    code = await commands.fail.allocation(poolId, flags)
  })
  fail.node.action(async (poolId: string, nodeId: string, flags: FailNodeFlags) => {
    code = await commands.fail.node(poolId, nodeId, flags)
  })
  await program.parseAsync([...argv], { from: 'user' })
  return code
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

function addRun(program: Command): Command {
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
    .option('--json', 'print one JSON document at the end and nothing else; asks nothing')
    .option('-v, --verbose', 'print more, also where the time went, on standard error')
    .addHelpText('after', HELP.run)
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

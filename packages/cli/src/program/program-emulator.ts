// The part of the command line that serves an emulator, finds a running one, and points clients at it.

import type { Quotas } from '@malachite/model'
import { Option, type Command } from 'commander'
import type { ExitCode } from '../text/exit-code.ts'
import { SHELLS, type Shell } from '../text/shell-syntax.ts'
import { HELP } from './help.ts'
import { addDashboardFlags, type DashboardFlags } from './program-ui.ts'
import {
  decimalNumber,
  parseNames,
  parseOptionalPort,
  parsePort,
  parseQuotas,
  parseText,
  wholeNumber,
} from './values.ts'

const CONTAINER_ENGINES = ['auto', 'docker', 'podman', 'none'] as const
/** What runs the containers of tasks on the emulator. */
export type ContainerEngine = (typeof CONTAINER_ENGINES)[number]

export const EMULATOR_PROFILES = ['instant', 'fast', 'azure'] as const
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

/** Flags of `malachite emulator stop` and `malachite emulator status`. */
export interface RunningFlags {
  endpointsFile?: string
  output?: 'json'
}

/** Flags of `malachite env`. */
export interface EnvFlags {
  shell: Shell
  endpointsFile?: string
}

/** What these commands do; each resolves to the exit code. */
export interface EmulatorCommands {
  emulator(flags: EmulatorFlags): Promise<ExitCode>
  detach(flags: EmulatorFlags): Promise<ExitCode>
  stop(flags: RunningFlags): Promise<ExitCode>
  status(flags: RunningFlags): Promise<ExitCode>
  env(flags: EnvFlags): Promise<ExitCode>
}

/** Adds `malachite emulator` with `stop` and `status`; `end` takes the exit code of the one that is performed. */
export function addEmulator(program: Command, commands: EmulatorCommands, end: (code: number) => void): void {
  const emulator = program
    .command('emulator')
    .summary('serve an emulator of Azure Batch, with Azurite for blobs beside it')
    .description('Serves an emulator of Azure Batch, with Azurite for blobs beside it, until Ctrl-C.')
  addServiceFlags(emulator)
  addStateFlags(emulator)
  addAccessFlags(emulator)
  addBehaviourFlags(emulator)
  addOutputFlags(emulator)
  addDashboardFlags(emulator.addHelpText('after', HELP.emulator)).action(async (flags: EmulatorFlags) =>
    end(await (flags.detach ? commands.detach(flags) : commands.emulator(flags))),
  )
  addRunning(emulator, commands, end)
}

/** A flag that an environment variable can stand for. */
function option(flags: string, description: string, variable: string): Option {
  return new Option(flags, description).env(`MALACHITE_${variable}`)
}

function addServiceFlags(command: Command): void {
  command
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
}

function addStateFlags(command: Command): void {
  const location = option(
    '-l, --location <dir>',
    'directory that keeps everything across restarts',
    'LOCATION',
  )
  const applications = option(
    '--applications <dir>',
    'directory of application packages, ID/VERSION.zip (default: in the location)',
    'APPLICATIONS',
  )
  const containerEngine = option(
    '--containerEngine <engine>',
    'what runs containers; auto = docker or podman, whichever answers (default: auto)',
    'CONTAINER_ENGINE',
  )
  const endpointsFile = option(
    '--endpointsFile <file>',
    'write addresses and keys there (JSON) when ready',
    'ENDPOINTS_FILE',
  )
  command
    .addOption(location.argParser(parseText).conflicts('inMemoryPersistence'))
    .option('--fsync', 'what the location keeps survives a loss of power, too (env: MALACHITE_FSYNC=1)')
    .addOption(applications.argParser(parseText))
    .addOption(containerEngine.choices(CONTAINER_ENGINES))
    .option('--inMemoryPersistence', 'keep nothing across restarts (the default)')
    .addOption(endpointsFile.argParser(parseText))
}

function addAccessFlags(command: Command): void {
  const allowedHosts = option(
    '--allowedHosts <names>',
    'host names, a,b, under which clients may call; * = any',
    'ALLOWED_HOSTS',
  )
  const oauth = option(
    '--oauth <level>',
    'tokens of Entra ID: basic = all but the signature is checked',
    'OAUTH',
  )
  command
    .addOption(allowedHosts.argParser(parseNames))
    .option(
      '--accountsFile <file>',
      'file with name:key[:key2] a line, read again when it changes (env: MALACHITE_ACCOUNTS=@FILE)',
      parseText,
    )
    .addOption(oauth.choices(OAUTH_CHOICES))
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
}

function addBehaviourFlags(command: Command): void {
  const profile = option(
    '--profile <profile>',
    'how long allocation, boot, deletion … take (default: instant)',
    'PROFILE',
  )
  const seed = option(
    '--seed <n>',
    'other times of the profile azure, the same for the same seed (default: 0)',
    'SEED',
  )
  const timeScale = option(
    '--timeScale <n>',
    'let the clock go so many times faster, 1-10000 (default: 1)',
    'TIME_SCALE',
  )
  const quota = option(
    '--quota <name=n>',
    'what the account may have, a=1,b=2 or repeated (default: all)',
    'QUOTA',
  )
  command
    .addOption(profile.choices(EMULATOR_PROFILES))
    .addOption(seed.argParser(wholeNumber(0)))
    .addOption(timeScale.argParser(decimalNumber(1, 10_000)))
    .addOption(quota.argParser(parseQuotas))
}

function addOutputFlags(command: Command): void {
  command
    .option('-s, --silent', 'print the ready line only, no banner, no requests (env: MALACHITE_SILENT=1)')
    .addOption(
      option('-d, --debug <file>', 'log to this file (JSON lines)', 'DEBUG_FILE').argParser(parseText),
    )
    .option('--detach', 'serve in the background, until "malachite emulator stop"')
}

function addRunning(emulator: Command, commands: EmulatorCommands, end: (code: number) => void): void {
  const command = (name: string, description: string): Command =>
    emulator
      .command(name)
      .description(description)
      .addOption(
        option('--endpointsFile <file>', 'its endpoints file (default: that of --detach)', 'ENDPOINTS_FILE') //
          .argParser(parseText),
      )
      .addOption(new Option('-o, --output <format>', 'json = one JSON document').choices(['json']))
  emulator.helpCommand(false)
  command('stop', 'Ends an emulator and waits until it has ended.').action(async (flags: RunningFlags) =>
    end(await commands.stop(flags)),
  )
  command('status', 'Tells whether an emulator runs, and where.').action(async (flags: RunningFlags) =>
    end(await commands.status(flags)),
  )
}

/** Adds `malachite env`. */
export function addEnv(program: Command, commands: EmulatorCommands, end: (code: number) => void): void {
  program
    .command('env')
    .summary('print the environment variables that point clients at the emulator')
    .description('Prints the environment variables that point Azure clients at the emulator on this machine.')
    .addOption(new Option('--shell <shell>', 'whose syntax to write').choices(SHELLS).default('bash'))
    .addOption(
      option(
        '--endpointsFile <file>',
        "the emulator's endpoints file (default: the usual ports)",
        'ENDPOINTS_FILE',
      ).argParser(parseText),
    )
    .addHelpText('after', HELP.env)
    .action(async (flags: EnvFlags) => end(await commands.env(flags)))
}

// Flags and environment become one frozen configuration per command. Nothing else reads the environment.

import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { BatchError, type Quotas } from '@malachite/model'
import type { WorkflowSettings } from '@malachite/orchestrator'
import type { Environment } from './environment.ts'
import type { ContainerEngine, EmulatorFlags, EmulatorProfile } from '../program/program.ts'
import type { Profile, ResumeFlags, RunFlags } from '../program/program-run.ts'

/** What surrounds the command. */
export interface Surroundings {
  /** @default the process's */
  environment?: Environment
  /** Directory that relative paths start from. @default the process's */
  directory?: string
}

/** Configuration of a run. */
export interface RunConfig {
  readonly profile: Profile
  readonly environment: Environment
  /** Where the command was given. */
  readonly directory: string
  /** Where runs are kept until they have ended. */
  readonly stateDirectory: string
  /** Absolute paths; none = the sample data. */
  readonly files: readonly string[]
  readonly numWords: number
  readonly settings: Readonly<Omit<WorkflowSettings, 'workload' | 'inputFiles'>>
  readonly json: boolean
  readonly verbose: boolean
}

/** The configuration that the flags and the environment give. */
export function resolveRunConfig(
  files: readonly string[],
  flags: RunFlags,
  surroundings: Surroundings = {},
): RunConfig {
  const { environment = process.env, directory = process.cwd() } = surroundings
  return Object.freeze({
    profile: flags.backend,
    environment,
    directory,
    stateDirectory: runsDirectory(environment),
    files: files.map((file) => resolve(directory, file)),
    numWords: flags.numWords,
    settings: runSettings(flags, directory),
    json: flags.json ?? false,
    verbose: flags.verbose ?? false,
  })
}

/** The configuration of a run that is resumed, without what its record tells. */
export function resolveResumeConfig(flags: ResumeFlags, surroundings: Surroundings = {}): RunConfig {
  const { json, verbose } = flags
  const rest = { backend: 'local', numWords: 1, outputDir: '.', deleteJob: 'ask', deletePool: 'ask' } as const
  return resolveRunConfig([], { ...rest, ...(json && { json }), ...(verbose && { verbose }) }, surroundings)
}

/** Below the user's state directory of the XDG specification. */
function runsDirectory(environment: Environment): string {
  const home = environment['XDG_STATE_HOME'] || join(homedir(), '.local', 'state')
  return join(home, 'malachite', 'runs')
}

function runSettings(flags: RunFlags, directory: string): RunConfig['settings'] {
  const { nodes, slots, timeout, jobId, poolId, vmSize, deleteJob, deletePool } = flags
  return {
    outputDirectory: resolve(directory, flags.outputDir),
    deleteJob,
    deletePool,
    ...(nodes !== undefined && { nodeCount: nodes }),
    ...(slots !== undefined && { taskSlotsPerNode: slots }),
    ...(timeout !== undefined && { timeoutMs: timeout }),
    ...(jobId !== undefined && { jobId }),
    ...(poolId !== undefined && { poolId }),
    ...(vmSize !== undefined && { vmSize }),
  }
}

/** Configuration of a served emulator. */
export interface EmulatorConfig {
  readonly batchHost: string
  readonly batchPort: number
  readonly blobPort: number | 'none'
  /** Absolute; absent = nothing is kept. */
  readonly location?: string
  readonly fsync: boolean
  /** Absolute; absent = within the location. */
  readonly applications?: string
  readonly containerEngine?: ContainerEngine
  /** `name:key[:key2];…`; absent with `accountsFile` absent = the development account. Secret. */
  readonly accounts?: string
  /** Absolute. */
  readonly accountsFile?: string
  readonly oauth?: 'basic' | 'none'
  /** Absolute paths of PEM files; absent = plain http. */
  readonly tlsFiles?: { readonly cert: string; readonly key: string }
  readonly unsafe: boolean
  readonly allowedHosts: readonly string[]
  readonly strictApiVersion: boolean
  readonly profile?: EmulatorProfile
  readonly seed?: number
  readonly timeScale?: number
  readonly quotas?: Quotas
  readonly endpointsFile?: string
  readonly debugFile?: string
  readonly silent: boolean
  /** Absent = no dashboard. */
  readonly ui?: UiConfig
}

/** Where the dashboard is served. */
export interface UiConfig {
  /** 0 = a free one. */
  readonly port: number
  /** This port and no other; otherwise the emulator can do without. */
  readonly isAsked: boolean
}

/** The configuration that the flags and the environment give. A `ConfigurationError` when they contradict each other. */
export function resolveEmulatorConfig(flags: EmulatorFlags, surroundings: Surroundings = {}): EmulatorConfig {
  const { environment = process.env, directory = process.cwd() } = surroundings
  const { batchHost, batchPort, blobPort, location, applications, endpointsFile, debug, oauth } = flags
  const { containerEngine, profile, seed, timeScale, quota } = flags
  return Object.freeze({
    batchHost,
    batchPort,
    blobPort,
    ...(location !== undefined && { location: resolve(directory, location) }),
    fsync: flags.fsync ?? isOn(environment, 'MALACHITE_FSYNC'),
    ...(applications !== undefined && { applications: resolve(directory, applications) }),
    ...(containerEngine !== undefined && { containerEngine }),
    ...accountSettings(flags, environment, directory),
    ...(oauth !== undefined && { oauth }),
    ...tlsSettings(flags, directory),
    unsafe: flags.unsafe ?? isOn(environment, 'MALACHITE_UNSAFE'),
    allowedHosts: flags.allowedHosts ?? [],
    strictApiVersion: flags.strictApiVersion ?? isOn(environment, 'MALACHITE_STRICT_API_VERSION'),
    ...(profile !== undefined && { profile }),
    ...(seed !== undefined && { seed }),
    ...(timeScale !== undefined && { timeScale }),
    ...(quota !== undefined && { quotas: quota }),
    ...(endpointsFile !== undefined && { endpointsFile: resolve(directory, endpointsFile) }),
    ...(debug !== undefined && { debugFile: resolve(directory, debug) }),
    silent: flags.silent ?? isOn(environment, 'MALACHITE_SILENT'),
    ...uiSettings(flags, environment),
  })
}

const UI_DISTANCE = 1000

/** The dashboard is as far from the Batch service as people can remember; beside a free port it has one, too. */
function uiSettings(
  { uiPort, headless, batchPort }: EmulatorFlags,
  environment: Environment,
): Pick<EmulatorConfig, 'ui'> {
  if (headless ?? (uiPort === undefined && isOn(environment, 'MALACHITE_HEADLESS'))) return {}
  if (uiPort !== undefined) return { ui: { port: uiPort, isAsked: true } }
  const usual = batchPort + UI_DISTANCE
  return { ui: { port: batchPort === 0 || usual > 65_535 ? 0 : usual, isAsked: false } }
}

/** MALACHITE_ACCOUNTS holds the accounts, or names their file as `@FILE`; the flag wins. */
function accountSettings(
  { accountsFile }: EmulatorFlags,
  environment: Environment,
  directory: string,
): Pick<EmulatorConfig, 'accounts' | 'accountsFile'> {
  const accounts = environment['MALACHITE_ACCOUNTS']?.trim() ?? ''
  const file = accountsFile ?? (accounts.startsWith('@') ? accounts.slice(1) : undefined)
  if (file !== undefined) return { accountsFile: resolve(directory, file) }
  return accounts === '' ? {} : { accounts }
}

function tlsSettings({ cert, key }: EmulatorFlags, directory: string): Pick<EmulatorConfig, 'tlsFiles'> {
  if (cert === undefined && key === undefined) return {}
  if (cert === undefined || key === undefined) {
    const message = 'https needs both the certificate (--cert) and its key (--key).'
    throw new BatchError('ConfigurationError', {}, { message })
  }
  return { tlsFiles: { cert: resolve(directory, cert), key: resolve(directory, key) } }
}

/** Whether stack traces are wanted: `MALACHITE_DEBUG` is on. */
export function isDebugging(environment: Environment = process.env): boolean {
  return isOn(environment, 'MALACHITE_DEBUG')
}

/** Whether a terminal on standard output can redraw a line. */
export function canRedraw(stream: { isTTY?: boolean }, environment: Environment = process.env): boolean {
  return stream.isTTY === true && environment['TERM'] !== 'dumb'
}

/** A switch is off when it is unset, empty, `0`, `false`, `no` or `off`. */
function isOn(environment: Environment, name: string): boolean {
  return !['', '0', 'false', 'no', 'off'].includes(environment[name]?.trim().toLowerCase() ?? '')
}

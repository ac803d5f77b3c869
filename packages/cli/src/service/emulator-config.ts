// Flags and surroundings of `malachite emulator` become one frozen configuration.

import { resolve } from 'node:path'
import { type Quotas } from '@malachite/model'
import type { ContainerEngine, EmulatorFlags, EmulatorProfile } from '../program/program-emulator.ts'
import type { Environment } from '../settings/environment.ts'
import { mistake } from '../settings/mistake.ts'
import { isOn, type Surroundings } from '../settings/surroundings.ts'

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
export function resolveEmulatorConfig(
  flags: EmulatorFlags,
  { environment, directory }: Surroundings,
): EmulatorConfig {
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
    throw mistake(message)
  }
  return { tlsFiles: { cert: resolve(directory, cert), key: resolve(directory, key) } }
}

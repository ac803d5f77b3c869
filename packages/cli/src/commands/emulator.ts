// `malachite emulator`: serves the emulator until it is told to end.

import { readFile } from 'node:fs/promises'
import type { Dashboard } from '@malachite/dashboard'
import { startEmulator, type Emulator, type EmulatorOptions } from '@malachite/emulator'
import { type Quotas } from '@malachite/model'
import type { EmulatorFlags } from '../program/program-emulator.ts'
import { watchInterrupts } from '../terminal/interrupts.ts'
import { openDashboard } from '../service/dashboard.ts'
import { writeEndpoints, type Endpoints } from '../service/endpoints.ts'
import { resolveEmulatorConfig, type EmulatorConfig } from '../service/emulator-config.ts'
import { mistake } from '../settings/mistake.ts'
import type { Surroundings } from '../settings/surroundings.ts'
import { EXIT, type ExitCode } from '../text/exit-code.ts'
import { complain, print } from '../text/lines.ts'
import { combineLoggers, createLineLogger, openFileLogger, type Logger } from '../text/logger.ts'

/** Starts the emulator, says when it is ready, and ends it at the first SIGINT or SIGTERM. */
export async function emulator(
  flags: EmulatorFlags,
  version: string,
  surroundings: Surroundings,
): Promise<ExitCode> {
  const config = resolveEmulatorConfig(flags, surroundings)
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>()
  const interrupts = watchInterrupts({ onFirst: stop, onSecond: () => process.exit(EXIT.interrupted) })
  try {
    const tls = await readTls(config)
    const logger = await openLogger(config)
    const running = await startEmulator({ ...config, ...tls, logger })
    let dashboard: Dashboard | undefined
    try {
      dashboard = config.ui && (await openDashboard(running, config.ui, (message) => logger.warn(message)))
      await serve(toEndpoints(running, dashboard), config, version, stopped)
    } finally {
      print('Batch service is closing...')
      await dashboard?.close()
      await running.close()
    }
    print('Batch service is successfully closed')
    return EXIT.ok
  } finally {
    interrupts.stop()
  }
}

async function readTls({ tlsFiles }: EmulatorConfig): Promise<Pick<EmulatorOptions, 'tls'>> {
  if (!tlsFiles) return {}
  try {
    const [cert, key] = await Promise.all([readFile(tlsFiles.cert, 'utf8'), readFile(tlsFiles.key, 'utf8')])
    return { tls: { cert, key } }
  } catch (cause) {
    const message = `The certificate or its key cannot be read: ${(cause as Error).message}`
    throw mistake(message, cause)
  }
}

async function serve(
  endpoints: Endpoints,
  config: EmulatorConfig,
  version: string,
  stopped: Promise<void>,
): Promise<void> {
  if (!config.silent) for (const line of banner(endpoints, config, version)) print(line)
  const { endpointsFile } = config
  const removeFile = endpointsFile === undefined ? undefined : await writeEndpoints(endpointsFile, endpoints)
  try {
    print(`Batch service is successfully listening at ${endpoints.batch.url}`)
    await stopped
  } finally {
    await removeFile?.()
  }
}

function toEndpoints({ batch, blob, applications }: Emulator, dashboard: Dashboard | undefined): Endpoints {
  return {
    pid: process.pid,
    batch: { ...batch, url: reachable(batch.url) },
    ...(blob && {
      blob: { url: blob.url, account: blob.account, connectionString: blob.connectionString },
    }),
    applications,
    ...(dashboard && { ui: { url: dashboard.url } }),
  }
}

/** The URL for clients on this machine of a service that listens on all addresses. */
function reachable(url: string): string {
  return url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:')
}

/** What one needs to know, one fact a line. */
export function banner({ batch, blob, ui }: Endpoints, config: EmulatorConfig, version: string): string[] {
  const facts: [name: string, value: string][] = [
    ['Malachite', version],
    ['Batch', batch.url],
    ['Blobs', blob?.url ?? 'none'],
    ['Dashboard', ui?.url ?? 'none'],
    ['Account', batch.account],
    ['Persistence', config.location ?? 'in memory'],
    ...(config.endpointsFile === undefined ? [] : [['Endpoints', config.endpointsFile] as [string, string]]),
    ...(config.debugFile === undefined ? [] : [['Log', config.debugFile] as [string, string]]),
    ...(config.profile === undefined ? [] : [['Profile', describeProfile(config)] as [string, string]]),
    ...(config.timeScale === undefined ? [] : [['Time', `× ${config.timeScale}`] as [string, string]]),
    ...(config.quotas === undefined ? [] : [['Quotas', describeQuotas(config.quotas)] as [string, string]]),
    ['Clients', clientCommand(config)],
  ]
  const width = Math.max(...facts.map(([name]) => name.length)) + 2
  return [...facts.map(([name, value]) => `${`${name}:`.padEnd(width)}${value}`), '']
}

function describeProfile({ profile = 'instant', seed = 0 }: EmulatorConfig): string {
  return profile === 'azure' ? `azure, seed ${seed}` : profile
}

function describeQuotas(quotas: Quotas): string {
  return Object.entries(quotas)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')
}

function clientCommand({ endpointsFile }: EmulatorConfig): string {
  return `eval "$(malachite env${endpointsFile === undefined ? '' : ` --endpointsFile '${endpointsFile}'`})"`
}

/** Requests and troubles go to the screen; in silence only troubles do, and never to standard output. */
async function openLogger({ silent, debugFile }: EmulatorConfig): Promise<Logger> {
  const write = silent ? complain : print
  const screen = createLineLogger((line) => write(`${new Date().toISOString()} ${line}`), {
    verbose: !silent,
  })
  return debugFile === undefined ? screen : combineLoggers(screen, await openFileLogger(debugFile))
}

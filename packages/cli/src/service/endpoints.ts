// Where a running emulator is and how to sign in: as a file for other programs, and as environment variables for clients.

import { rmSync } from 'node:fs'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { BatchError, DEVELOPMENT_ACCOUNT, DEVELOPMENT_KEY } from '@malachite/model'
import type { Environment } from '../settings/environment.ts'
import { mistake } from '../settings/mistake.ts'

/** The endpoints file. */
export interface Endpoints {
  /** Process id of the emulator. */
  pid: number
  batch: { url: string; account: string; key: string }
  /** Absent when no Azurite was started. */
  blob?: { url: string; account: string; connectionString: string }
  /** The directory of the application packages. */
  applications?: string
  /** The dashboard; absent without one. */
  ui?: { url: string }
}

/** Endpoints of an emulator on the usual ports with the development accounts. */
export async function developmentEndpoints(): Promise<Omit<Endpoints, 'pid'>> {
  const azurite = await import('@malachite/azurite')
  const url = `http://127.0.0.1:10000/${azurite.DEVELOPMENT_ACCOUNT}`
  return {
    batch: { url: 'http://127.0.0.1:10003', account: DEVELOPMENT_ACCOUNT, key: DEVELOPMENT_KEY },
    blob: {
      url,
      account: azurite.DEVELOPMENT_ACCOUNT,
      connectionString: azurite.developmentConnectionString(url),
    },
  }
}

/** The variables that Azure clients read: those of the az CLI, then those of the SDKs. */
export function clientEnvironment({ batch, blob }: Omit<Endpoints, 'pid'>): Environment {
  return {
    AZURE_BATCH_ACCOUNT: batch.account,
    AZURE_BATCH_ACCESS_KEY: batch.key,
    AZURE_BATCH_ENDPOINT: batch.url,
    AZURE_BATCH_ACCOUNT_NAME: batch.account,
    AZURE_BATCH_ACCOUNT_KEY: batch.key,
    ...(blob && { AZURE_STORAGE_CONNECTION_STRING: blob.connectionString }),
  }
}

/**
 * Writes the file so that it is complete or absent, for its owner only. Returns a function that removes it; it is
 * removed as well when the process ends without calling it.
 */
export async function writeEndpoints(path: string, endpoints: Endpoints): Promise<() => Promise<void>> {
  const draft = `${path}.${process.pid}.tmp`
  try {
    await writeFile(draft, `${JSON.stringify(endpoints, null, 2)}\n`, { mode: 0o600 })
    await rename(draft, path)
  } catch (cause) {
    await rm(draft, { force: true })
    throw unusable(path, 'cannot be written', cause)
  }
  const removeNow = (): void => rmSync(path, { force: true })
  process.once('exit', removeNow)
  return async () => {
    process.removeListener('exit', removeNow)
    await rm(path, { force: true })
  }
}

/** The endpoints of a running emulator. `ConfigurationError` when there is no such file or it is something else. */
export async function readEndpoints(path: string): Promise<Endpoints> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    throw unusable(path, 'cannot be read; is `malachite emulator` running with this --endpointsFile?', cause)
  }
  try {
    return checkEndpoints(JSON.parse(text))
  } catch (cause) {
    throw unusable(path, 'is not one that `malachite emulator` has written', cause)
  }
}

function checkEndpoints(value: unknown): Endpoints {
  const { pid, batch, blob, applications, ui } = value as Partial<Endpoints>
  const texts = [batch?.url, batch?.account, batch?.key, ...(blob ? [blob.connectionString] : [])]
  if (batch === undefined || !texts.every((text) => typeof text === 'string') || !isProcess(pid))
    throw new TypeError('incomplete')
  return {
    pid,
    batch,
    ...(blob && { blob }),
    ...(typeof applications === 'string' && { applications }),
    ...(typeof ui?.url === 'string' && { ui: { url: ui.url } }),
  }
}

/** Signals to 0 and below go to whole groups of processes. */
function isProcess(pid: unknown): pid is number {
  return typeof pid === 'number' && Number.isInteger(pid) && pid > 0
}

function unusable(path: string, why: string, cause: unknown): BatchError {
  const code = (cause as NodeJS.ErrnoException).code
  const message = `The endpoints file ${path} ${why}${code ? ` (${code})` : ''}.`
  return mistake(message, cause)
}

// Application packages on a node: unpacked below `applications/<id>/<version>`, once, for all tasks that refer to them.

import { existsSync } from 'node:fs'
import { mkdir, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ApplicationPackage } from '../engine/core/effects.ts'
import { failure, type CommandFailure } from './failures.ts'
import { makeDraftDirectory, remove } from './layout.ts'

/** Puts packages on nodes. */
export interface PackageInstaller {
  /**
   * Unpacks those packages that are not on the node yet.
   * @throws CommandFailure `ApplicationPackageError` or `DiskFull`
   */
  install(
    this: void,
    packages: readonly ApplicationPackage[],
    nodeRoot: string,
    signal: AbortSignal,
  ): Promise<void>
}

/** Makes the installer. Of several tasks that need a package at once, the first unpacks it and the others wait. */
export function createPackageInstaller(): PackageInstaller {
  const latest = new Map<string, Promise<void>>()

  async function inTurn(directory: string, work: () => Promise<void>): Promise<void> {
    const done = (latest.get(directory) ?? Promise.resolve()).then(work)
    // How it ends is the business of whoever waits for `done`; the next one only waits for the end.
    const ended = done.then(nothing, nothing)
    latest.set(directory, ended)
    try {
      await done
    } finally {
      if (latest.get(directory) === ended) latest.delete(directory)
    }
  }
  return {
    async install(packages, nodeRoot, signal) {
      for (const item of packages) {
        // First of all: the name of a package that does not exist may be anything, a path as well.
        if (item.path === undefined) throw packageFailure(item, 'There is no such package')
        const { path } = item
        const directory = packageDirectory(nodeRoot, item)
        if (existsSync(directory)) continue
        await inTurn(directory, () => unpack(item, path, nodeRoot, directory, signal))
      }
    },
  }
}

function nothing(): void {}

/** The variables that name the directories of packages: with the id as it is written, and in capitals. */
export function packageVariables(
  packages: readonly ApplicationPackage[],
  nodeRoot: string,
): Record<string, string> {
  const pairs = packages.flatMap((item) => {
    const named = item.isDefault ? item.applicationId : `${item.applicationId}_${item.version}`
    const name = named.replaceAll(/[.\-#]/g, '_')
    const directory = packageDirectory(nodeRoot, item)
    return [name, name.toUpperCase()].map((end) => [`AZ_BATCH_APP_PACKAGE_${end}`, directory] as const)
  })
  return Object.fromEntries(pairs)
}

function packageDirectory(nodeRoot: string, { applicationId, version }: ApplicationPackage): string {
  return join(nodeRoot, 'applications', applicationId, version)
}

async function unpack(
  item: ApplicationPackage,
  path: string,
  nodeRoot: string,
  directory: string,
  signal: AbortSignal,
): Promise<void> {
  if (existsSync(directory)) return
  signal.throwIfAborted()
  const draft = await makeDraftDirectory(nodeRoot)
  try {
    // Only now: the library and zlib are 5 MB of every start.
    const { unzip } = await import('./unzip.ts')
    await unzip(path, draft, signal)
    await mkdir(dirname(directory), { recursive: true, mode: 0o700 })
    await rename(draft, directory)
  } catch (error) {
    await remove(draft)
    throw packageFailure(item, (error as Error).message, error)
  }
}

function packageFailure(item: ApplicationPackage, message: string, cause?: unknown): CommandFailure {
  const { applicationId, version } = item
  const details = { ApplicationId: applicationId, Version: version || undefined, Message: message }
  return failure('ApplicationPackageError', details, cause)
}

// The applications of the account as a folder: `<id>/<version>.zip`. In Azure the management plane fills them; here
// files do, so whoever can copy a file can add a package. It is read whenever it matters, so nothing has to be watched.

import { readdirSync } from 'node:fs'
import { copyFile, mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { BatchError } from '@malachite/model'
import type { Application } from '../engine/core/effects.ts'

const ID = /^[A-Za-z0-9_-]{1,64}$/
/** No leading dot: such files are drafts, and `..` is no directory of its own. */
const VERSION = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$/
const ZIP = '.zip'

/** What a folder holds, by id and version; versions are compared number by number, so 2.10 comes after 2.9. */
export function readApplications(folder: string): Application[] {
  return entriesOf(folder)
    .filter((entry) => entry.isDirectory() && ID.test(entry.name))
    .map(({ name }) => readApplication(folder, name))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}

function readApplication(folder: string, id: string): Application {
  const versions = entriesOf(join(folder, id))
    .filter((entry) => !entry.isDirectory() && entry.name.endsWith(ZIP))
    .map(({ name }) => name.slice(0, -ZIP.length))
    .filter((version) => VERSION.test(version))
    .sort((a, b) => versionOrder().compare(a, b))
  return { id, packages: versions.map((version) => ({ version, path: packagePath(folder, id, version) })) }
}

let order: Intl.Collator | undefined

// Made when there is something to compare: the first collator reads Unicode's tables, 9 ms and 3 MB of every start.
function versionOrder(): Intl.Collator {
  return (order ??= new Intl.Collator('en', { numeric: true }))
}

function entriesOf(directory: string) {
  try {
    return readdirSync(directory, { withFileTypes: true })
  } catch {
    // What cannot be read is not there: whoever refers to it is told that it is missing.
    return []
  }
}

/** Names a package. */
export interface PackageName {
  id: string
  version: string
}

/**
 * Copies a zip into the folder; a reader sees it complete or not at all. `ConfigurationError` says what is wrong with
 * the names or the file.
 */
export async function addApplicationPackage(folder: string, name: PackageName, file: string): Promise<void> {
  requireName(name)
  if (findPackage(folder, name)) {
    throw configurationError(`Application ${name.id} has a version ${name.version} already; remove it first`)
  }
  await requireZip(file)
  const directory = join(folder, name.id)
  const draft = join(directory, `.${name.version}.${process.pid}.draft`)
  await mkdir(directory, { recursive: true, mode: 0o700 })
  try {
    await copyFile(file, draft)
    await rename(draft, packagePath(folder, name.id, name.version))
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}

/** Removes a package, the application too if it was the last one. `ApplicationNotFound` when there is none. */
export async function removeApplicationPackage(folder: string, name: PackageName): Promise<void> {
  requireName(name)
  const path = findPackage(folder, name)
  if (path === undefined) throw new BatchError('ApplicationNotFound', { ApplicationId: name.id })
  await rm(path)
  const directory = join(folder, name.id)
  const rest = await readdir(directory)
  if (rest.length === 0) await rmdir(directory)
}

function packagePath(folder: string, id: string, version: string): string {
  return join(folder, id, `${version}${ZIP}`)
}

function findPackage(folder: string, { id, version }: PackageName): string | undefined {
  return readApplication(folder, id).packages.find((item) => item.version === version)?.path
}

function requireName({ id, version }: PackageName): void {
  if (!ID.test(id))
    throw configurationError(`'${id}' cannot name an application: 1 to 64 of A-Z, a-z, 0-9, - and _`)
  if (!VERSION.test(version))
    throw configurationError(`'${version}' cannot be a version: 1 to 64 of A-Z, a-z, 0-9, ., - and _`)
}

async function requireZip(file: string): Promise<void> {
  try {
    const { checkZip } = await import('./unzip.ts')
    await checkZip(file)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const reason = isMissing(error) ? 'there is no such file' : (code ?? message)
    throw configurationError(`${file} cannot be used as an application package: ${reason}`, error)
  }
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === 'ENOENT' || code === 'ENOTDIR'
}

function configurationError(message: string, cause?: unknown): BatchError {
  return new BatchError('ConfigurationError', {}, { message, cause })
}

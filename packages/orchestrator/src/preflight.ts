// What can be known to fail is found before anything is created: unreadable inputs, names used twice, a directory for
// the results that cannot be written.

import { access, constants, mkdir, mkdtemp, rmdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { configurationError } from './configuration-error.ts'
import type { ResolvedSettings } from './settings.ts'

/**
 * Checks files and directories; creates the output directory once the files are fine. All problems of the files come in
 * one `ConfigurationError`. A run does this itself; do it before if starting the backends is expensive.
 */
export async function checkFiles(settings: ResolvedSettings): Promise<void> {
  const { workload, inputFiles, outputDirectory } = settings
  const problems = await Promise.all([
    ...inputFiles.map((path) => fileProblem('input file', path)),
    ...workload.applicationFiles.map((path) => fileProblem('application file', path)),
  ])
  const found = [
    ...sameNames('input files', inputFiles),
    ...sameNames('application files', workload.applicationFiles),
    ...problems.filter((problem) => problem !== undefined),
  ]
  if (found.length > 0) throw configurationError(found)
  const problem = await directoryProblem(outputDirectory)
  if (problem !== undefined) throw configurationError([problem])
}

async function fileProblem(what: string, path: string): Promise<string | undefined> {
  try {
    const stats = await stat(path)
    if (stats.isDirectory()) return `The ${what} ${path} is a directory.`
    if (!stats.isFile()) return `The ${what} ${path} is not a regular file.`
    await access(path, constants.R_OK)
    return undefined
  } catch (error) {
    return `The ${what} ${path} ${errorWords(error)}.`
  }
}

async function directoryProblem(path: string): Promise<string | undefined> {
  try {
    await mkdir(path, { recursive: true })
    // Permissions do not tell everything (a read-only file system, a privileged user): a directory in it does.
    await rmdir(await mkdtemp(join(path, '.malachite-')))
    return undefined
  } catch (error) {
    return `The output directory ${path} ${errorWords(error)}.`
  }
}

const WORDS: Record<string, string> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'is not a directory, or lies below a file',
  EEXIST: 'is not a directory',
  EACCES: 'cannot be accessed: permission denied',
  EPERM: 'cannot be accessed: not permitted',
  EROFS: 'is on a read-only file system',
}

function errorWords(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return WORDS[code ?? ''] ?? `cannot be used: ${message}`
}

/** A blob is called as its file: two files of one name would be one blob. */
function sameNames(what: string, paths: readonly string[]): string[] {
  const byName = Map.groupBy(paths, (path) => basename(path))
  return [...byName]
    .filter(([, same]) => same.length > 1)
    .map(([name, same]) => `Two ${what} are called ${name}: ${same.join(' and ')}.`)
}

// What can be known to fail is found before anything is created: unreadable inputs, names used twice, a directory for
// the results that cannot be written.

import { access, constants, mkdir, mkdtemp, rmdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { configurationError } from './configuration-error.ts'
import type { FileMark } from './run-state.ts'
import type { ResolvedSettings } from './settings.ts'
import { transferAll } from './transfers.ts'

/** Node's own threads for files are four. */
const FILES_AT_ONCE = 16

/**
 * Checks files and directories; creates the output directory once the files are fine. All problems of the files come in
 * one `ConfigurationError`. A run does this itself; do it before if starting the backends is expensive.
 */
export async function checkFiles(settings: ResolvedSettings): Promise<void> {
  await checkInputs(settings)
  await refuse(directoryProblem(settings.outputDirectory, tryDirectory))
}

/** The same without writing anything: a file system that is full, or mounted read-only, is not noticed. */
export async function checkPaths(settings: ResolvedSettings): Promise<void> {
  await checkInputs(settings)
  await refuse(directoryProblem(settings.outputDirectory, lookAtDirectory))
}

async function checkInputs({ workload, inputFiles }: ResolvedSettings): Promise<void> {
  const found = [
    ...sameNames('input files', inputFiles),
    ...sameNames('application files', workload.applicationFiles),
    ...(await fileProblems('input file', inputFiles)),
    ...(await fileProblems('application file', workload.applicationFiles)),
  ]
  if (found.length > 0) throw configurationError(found)
}

async function refuse(looking: Promise<string | undefined>): Promise<void> {
  const problem = await looking
  if (problem !== undefined) throw configurationError([problem])
}

/** What tells later whether the files have been written since. */
export async function markFiles(paths: readonly string[]): Promise<FileMark[]> {
  const marks: FileMark[] = []
  await transferAll(
    paths,
    { concurrency: FILES_AT_ONCE, onResult: (mark: FileMark) => marks.push(mark) },
    mark,
  )
  return marks
}

async function mark(path: string): Promise<FileMark> {
  const { size, mtimeMs } = await stat(path)
  return { size, modifiedMs: mtimeMs }
}

async function fileProblems(what: string, paths: readonly string[]): Promise<string[]> {
  const problems: string[] = []
  const onResult = (problem: string | undefined): void => void (problem && problems.push(problem))
  await transferAll(paths, { concurrency: FILES_AT_ONCE, onResult }, (path) => fileProblem(what, path))
  return problems
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

async function directoryProblem(
  path: string,
  look: (path: string) => Promise<void>,
): Promise<string | undefined> {
  try {
    await look(path)
    return undefined
  } catch (error) {
    return `The output directory ${path} ${errorWords(error)}.`
  }
}

/** Permissions do not tell everything (a read-only file system, a privileged user): a directory in it does. */
async function tryDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true })
  await rmdir(await mkdtemp(join(path, '.malachite-')))
}

/** The directory, or the nearest above it that is there, must be one that can be written to. */
async function lookAtDirectory(path: string): Promise<void> {
  try {
    if (!(await stat(path)).isDirectory()) throw Object.assign(new Error(path), { code: 'ENOTDIR' })
    await access(path, constants.W_OK | constants.X_OK)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(path) === path) throw error
    await lookAtDirectory(dirname(path))
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

// Where things are on a node. Everything lies below the node's root, as on the real service, so that the File API,
// the tasks and the clean-up agree about it.

import { mkdirSync, renameSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { BatchError } from '@malachite/model'
import { failure } from './failures.ts'

/** Directories of a node, relative to its root; made at boot. */
export const NODE_DIRECTORIES = [
  'applications',
  'fsmounts',
  'shared',
  'startup',
  'volatile',
  'workitems',
] as const

/** Only the user of the emulator may look into a node. */
const OWNER_ONLY = 0o700

/** Absolute paths of one command's files. */
export interface CommandPlace {
  nodeRoot: string
  root: string
  workingDirectory: string
  certificates: string
  stdout: string
  stderr: string
}

/** The root of a node below the directory of all nodes. `NodeNotFound` when the id is not the name of a directory. */
export function nodeDirectory(root: string, nodeId: string): string {
  if (!/^[\w-][\w.-]*$/.test(nodeId)) throw new BatchError('NodeNotFound', { NodeId: nodeId })
  return join(root, nodeId)
}

/** The start task's place. */
export function startTaskPlace(nodeRoot: string): CommandPlace {
  return place(nodeRoot, join(nodeRoot, 'startup'))
}

/** A task's place; `job-1` is literal for every job that no schedule made, those of a schedule `s` are `s:job-<n>`. */
export function taskPlace(nodeRoot: string, jobId: string, taskId: string): CommandPlace {
  const [owner = '', run = 'job-1'] = jobId.split(':')
  return place(nodeRoot, `${nodeRoot}/workitems/${owner}/${run}/${taskId}`)
}

/** The place of one instance of a multi-instance task: the primary, 0, has the task's own. */
export function instancePlace(nodeRoot: string, jobId: string, taskId: string, id: number): CommandPlace {
  const primary = taskPlace(nodeRoot, jobId, taskId)
  return id === 0 ? primary : place(nodeRoot, `${primary.root}/${id}`)
}

function place(nodeRoot: string, root: string): CommandPlace {
  return {
    nodeRoot,
    root,
    workingDirectory: `${root}/wd`,
    certificates: `${root}/certs`,
    stdout: `${root}/stdout.txt`,
    stderr: `${root}/stderr.txt`,
  }
}

/** Makes the directories of a node; with `wipe` none of its old files are left. */
export async function makeNodeDirectories(nodeRoot: string, wipe: boolean): Promise<void> {
  if (wipe) await remove(nodeRoot)
  for (const name of NODE_DIRECTORIES) {
    await mkdir(join(nodeRoot, name), { recursive: true, mode: OWNER_ONLY })
  }
  // What an emulator that was killed had not finished to delete.
  await remove(trash(nodeRoot))
}

/**
 * Makes the root, working and certificate directories of a command, empty; answers where the files of an earlier try
 * were moved, for `remove`. Synchronous: on the hot path each of the three calls takes about 25 µs, less than one trip
 * through the thread pool. (ext4 takes 170 µs for some minutes after thousands of files were deleted: it looks for
 * inodes that were not used lately. On tmpfs it is 7 µs.)
 * @throws CommandFailure `ResourceDirectoryCreateFailed` or `DiskFull`
 */
export function makeCommandDirectories(place: CommandPlace): string | undefined {
  try {
    const isNew = mkdirSync(place.root, { recursive: true, mode: OWNER_ONLY }) !== undefined
    const old = isNew ? undefined : discard(place.nodeRoot, place.root)
    if (!isNew) mkdirSync(place.root, OWNER_ONLY)
    mkdirSync(place.workingDirectory, OWNER_ONLY)
    mkdirSync(place.certificates, OWNER_ONLY)
    return old
  } catch (cause) {
    throw failure('ResourceDirectoryCreateFailed', { Path: place.root, Message: String(cause) }, cause)
  }
}

/**
 * Moves a directory of the node out of the way at once and answers where it is now, `undefined` if there was none.
 * So whoever makes a directory of that name a moment later does not meet its deletion.
 */
export function discard(nodeRoot: string, directory: string): string | undefined {
  const target = join(trash(nodeRoot), `${process.pid}-${discarded++}`)
  mkdirSync(trash(nodeRoot), { recursive: true, mode: OWNER_ONLY })
  try {
    renameSync(directory, target)
    return target
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

let discarded = 0

/** Makes a directory in which something is prepared before it is moved to its place; the next boot deletes it. */
export async function makeDraftDirectory(nodeRoot: string): Promise<string> {
  await mkdir(trash(nodeRoot), { recursive: true, mode: OWNER_ONLY })
  return mkdtemp(join(trash(nodeRoot), 'draft-'))
}

/** Deletes a directory with all that is in it; that it is gone already is fine. */
export async function remove(directory: string): Promise<void> {
  // A killed process may have been adding files while the directory was read.
  await rm(directory, { recursive: true, force: true, maxRetries: 5 })
}

function trash(nodeRoot: string): string {
  return join(nodeRoot, 'volatile', 'trash')
}

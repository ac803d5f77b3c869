// The files of the nodes for the File API. Tasks put what they like there, so every path that is followed must still
// be below the node's root after links are resolved.

import { createReadStream } from 'node:fs'
import { readdir, realpath, rm, rmdir, stat } from 'node:fs/promises'
import { basename, extname, join, sep } from 'node:path'
import { Readable } from 'node:stream'
import { BatchError, type NodeFile } from '@malachite/model'
import { nodeDirectory } from './layout.ts'

/** Which bytes of a file. */
export interface FileRange {
  /** @default 0 */
  offset?: number
  /** @default up to the end */
  length?: number
}

/** The files below each node's root. Paths are relative to it; all methods reject with `BatchError`. */
export interface NodeFiles {
  /**
   * What is in a directory (`''` = the root): sorted by name, with `recursive` level by level. `PathNotFound` when it
   * is no directory. Names are relative to it.
   */
  list(nodeId: string, directory: string, options?: { recursive?: boolean }): Promise<NodeFile[]>
  /** `FileNotFound` when there is none. */
  stat(nodeId: string, path: string): Promise<NodeFile>
  /** The bytes of a file, as many as it has now. `FileNotFound`, `InvalidRange`. */
  read(nodeId: string, path: string, range?: FileRange): Promise<ReadableStream<Uint8Array>>
  /** A directory that is not empty needs `recursive`, else `OperationInvalidForCurrentState`. `FileNotFound`. */
  remove(nodeId: string, path: string, options?: { recursive?: boolean }): Promise<void>
}

/** @param root the directory of all nodes, absolute */
export function createNodeFiles(root: string): NodeFiles {
  const locate = (nodeId: string, path: string): Promise<string | undefined> =>
    resolveInside(nodeDirectory(root, nodeId), path)

  const statFile: NodeFiles['stat'] = async (nodeId, path) => {
    const real = await locate(nodeId, path)
    const file = real && (await describe(real, path))
    if (!file) throw new BatchError('FileNotFound', { FilePath: path })
    return file
  }
  return {
    stat: statFile,
    async list(nodeId, directory, { recursive = false } = {}) {
      const real = await locate(nodeId, directory)
      const home = await realpath(nodeDirectory(root, nodeId)).catch(noEntry)
      const files = real && home && (await listLevels(home, real, recursive))
      if (!files) throw new BatchError('PathNotFound', { FilePath: directory })
      return files
    },
    async read(nodeId, path, range = {}) {
      const { properties } = await statFile(nodeId, path)
      const real = await locate(nodeId, path)
      if (!properties || real === undefined) throw new BatchError('FileNotFound', { FilePath: path })
      return openRange(real, properties.contentLength, range)
    },
    async remove(nodeId, path, { recursive = false } = {}) {
      const home = nodeDirectory(root, nodeId)
      const target = await locateEntry(home, path)
      const { isDirectory } = target ? await statFile(nodeId, path) : { isDirectory: false }
      if (!target) throw new BatchError('FileNotFound', { FilePath: path })
      await removeEntry(target, isDirectory, recursive, path)
    },
  }
}

/** The real path behind `path`; `undefined` when there is nothing, or it is outside of `home`. */
async function resolveInside(home: string, path: string): Promise<string | undefined> {
  const asked = join(home, path)
  if (path.includes('\0') || !isInside(home, asked)) return undefined
  const [realHome, real] = await Promise.all([realpath(home).catch(noEntry), realpath(asked).catch(noEntry)])
  return realHome !== undefined && real !== undefined && isInside(realHome, real) ? real : undefined
}

/** The same for the name itself, which may be a link: what is removed is the link. */
async function locateEntry(home: string, path: string): Promise<string | undefined> {
  const asked = join(home, path)
  if (!isInside(home, asked) || asked === home || asked === home + sep) return undefined
  const parent = await resolveInside(home, join(path, '..'))
  return parent && join(parent, basename(asked))
}

function isInside(home: string, path: string): boolean {
  return path === home || path.startsWith(home + sep)
}

function noEntry(error: NodeJS.ErrnoException): undefined {
  if (['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'].includes(error.code ?? '')) return undefined
  throw error
}

/** Breadth first, as the service lists; `undefined` when `directory` is none. Links to directories are not entered. */
async function listLevels(
  home: string,
  directory: string,
  recursive: boolean,
): Promise<NodeFile[] | undefined> {
  const found: NodeFile[] = []
  let level = ['']
  while (level.length > 0) {
    const next: string[] = []
    for (const prefix of level) {
      const entries = await readdir(join(directory, prefix), { withFileTypes: true }).catch(noEntry)
      if (!entries && prefix === '') return undefined
      for (const entry of entries?.sort((a, b) => compare(a.name, b.name)) ?? []) {
        const name = prefix + entry.name
        const path = entry.isSymbolicLink()
          ? await resolveInside(home, join(directory, name).slice(home.length))
          : join(directory, name)
        const file = path && (await describe(path, name))
        if (file) found.push(file)
        if (entry.isDirectory()) next.push(`${name}/`)
      }
    }
    level = recursive ? next : []
  }
  return found
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}

/** `undefined` when it is gone, or neither a file nor a directory: reading a pipe would never end. */
async function describe(path: string, name: string): Promise<NodeFile | undefined> {
  const stats = await stat(path).catch(noEntry)
  if (stats?.isDirectory()) return { name, isDirectory: true }
  if (!stats?.isFile()) return undefined
  const properties = {
    lastModified: stats.mtime,
    contentLength: stats.size,
    contentType: contentTypeOf(name),
    fileMode: `0o${stats.mode.toString(8)}`,
  }
  return { name, isDirectory: false, properties }
}

const TEXT = new Set([
  '.txt',
  '.log',
  '.json',
  '.csv',
  '.tsv',
  '.md',
  '.xml',
  '.yaml',
  '.yml',
  '.out',
  '.err',
])

/** The content type a file of this name is served with. Exported for its tests. */
export function contentTypeOf(name: string): string {
  return TEXT.has(extname(name).toLowerCase()) ? 'text/plain' : 'application/octet-stream'
}

function openRange(
  path: string,
  size: number,
  { offset = 0, length }: FileRange,
): ReadableStream<Uint8Array> {
  const end = Math.min(size, offset + (length ?? Infinity))
  if (offset < 0 || (offset > 0 && offset >= size) || end < offset) throw new BatchError('InvalidRange')
  // A file that grows meanwhile is answered as long as it was.
  const bytes = end === offset ? Readable.from([]) : createReadStream(path, { start: offset, end: end - 1 })
  return Readable.toWeb(bytes) as ReadableStream<Uint8Array>
}

const NOT_EMPTY = 'The directory is not empty; recursive=true deletes what is in it, too.'

async function removeEntry(
  target: string,
  isDirectory: boolean,
  recursive: boolean,
  path: string,
): Promise<void> {
  try {
    if (isDirectory && !recursive) await rmdir(target)
    else await rm(target, { recursive, maxRetries: 3 })
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT') throw new BatchError('FileNotFound', { FilePath: path }, { cause })
    const Reason = code === 'ENOTEMPTY' || code === 'EEXIST' ? NOT_EMPTY : (code ?? '')
    throw new BatchError('OperationInvalidForCurrentState', { FilePath: path, Reason }, { cause })
  }
}

// Paths and parts of files, and of their lists. Nodes have few files, so lists are filtered and cut here.

import { BatchError, type NodeFile } from '@malachite/model'
import type { Page } from '../engine/api.ts'
import { pageOf } from '../odata/page.ts'
import type { Query } from './context.ts'
import { readListQuery } from './list.ts'

/** The page of a listing that the query asks for. The only filter is `startswith(name,'…')`. */
export function pageOfFiles(files: readonly NodeFile[], query: Query): Page<NodeFile> {
  return pageOf(selectFiles(files, query.get('$filter')), readListQuery(query), ({ name }) => name)
}

/** The files whose names a `$filter` of the form `startswith(name,'…')` selects; all of them without one. */
export function selectFiles(files: readonly NodeFile[], filter: string | undefined): readonly NodeFile[] {
  if (!filter) return files
  const match = /^\s*startswith\(\s*name\s*,\s*'((?:[^']|'')*)'\s*\)\s*$/i.exec(filter)
  if (!match) {
    throw new BatchError('InvalidQueryParameterValue', {
      QueryParameterName: '$filter',
      QueryParameterValue: filter,
      Reason: "Files can be filtered by startswith(name,'…') only",
    })
  }
  const prefix = (match[1] ?? '').replaceAll("''", "'")
  return files.filter(({ name }) => name.startsWith(prefix))
}

/**
 * Path of a file relative to its node's root. Windows clients send backslashes and some send a leading slash; a
 * directory's files end at the directory itself: `FileNotFound` for a path that would leave it.
 */
export function resolveFilePath(directory: string, filePath: string): string {
  const parts = filePath.split(/[\\/]/).filter((part) => part !== '' && part !== '.')
  if (parts.length === 0 || parts.includes('..')) throw new BatchError('FileNotFound')
  return [directory, ...parts].filter(Boolean).join('/')
}

/**
 * The bytes that `ocp-range: bytes=FIRST-LAST` asks for in a file of `size` bytes; everything without the header.
 * `InvalidRange` when the file has none of them, `InvalidHeaderValue` when it is no range.
 */
export function readRange(header: string | undefined, size: number): { offset?: number; length?: number } {
  if (header === undefined) return {}
  const match = /^bytes=(\d*)-(\d*)$/.exec(header.trim())
  const [first, last] = [match?.[1] ?? '', match?.[2] ?? '']
  if (first === '' && last === '')
    throw new BatchError('InvalidHeaderValue', { HeaderName: 'ocp-range', HeaderValue: header })
  const offset = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1)
  if (offset >= end) throw new BatchError('InvalidRange')
  return { offset, length: end - offset }
}

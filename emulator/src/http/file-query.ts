// Parts of files and of their lists. Nodes have few files, so lists are filtered and cut here.

import { BatchError, type NodeFile } from '@malachite/model'
import type { Page } from '../engine/api.ts'
import type { Query } from './context.ts'
import { invalid, readListQuery } from './list.ts'

/** The page of a listing that the query asks for. The only filter is `startswith(name,'…')`. */
export function pageOfFiles(files: readonly NodeFile[], query: Query): Page<NodeFile> {
  const { maxResults = 1000, skipToken = '0' } = readListQuery(query)
  if (!/^\d+$/.test(skipToken)) throw invalid(query, '$skiptoken', 'The token is not one of this list')
  const prefix = readPrefix(query)
  const start = Number(skipToken)
  const end = start + maxResults
  const found = files.filter(({ name }) => name.startsWith(prefix))
  return { items: found.slice(start, end), ...(end < found.length && { next: String(end) }) }
}

function readPrefix(query: Query): string {
  const filter = query.get('$filter')?.trim()
  if (!filter) return ''
  const match = /^startswith\(\s*name\s*,\s*'((?:[^']|'')*)'\s*\)$/i.exec(filter)
  if (!match) throw invalid(query, '$filter', "Files can be filtered by startswith(name,'…') only")
  return (match[1] ?? '').replaceAll("''", "'")
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

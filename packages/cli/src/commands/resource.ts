// `malachite pool|node|job|task|subtask|file VERB`: performs a row of the table of resources.

import type { JsonObject, RestClient } from '@malachite/azure'
import type { ResourceCommandFlags } from '../program/program-resources.ts'
import { fill, type ActRow, type ListRow, type ResourceRow, type ShowRow } from '../program/resource-table.ts'
import { connect } from '../service/connection.ts'
import { mistake } from '../settings/mistake.ts'
import type { Surroundings } from '../settings/surroundings.ts'
import { EXIT, type ExitCode } from '../text/exit-code.ts'
import { print } from '../text/lines.ts'
import { selectedColumns, writeItem, writeList, type Listing } from '../text/output.ts'
import { confirmed } from '../terminal/confirm.ts'
import { create } from './create.ts'
import { download } from './download.ts'

/** The arguments of a command by their names. */
export type Names = Readonly<Record<string, string>>

/** Performs a command on the account that the flags name. */
export async function resource(
  row: ResourceRow,
  names: Names,
  flags: ResourceCommandFlags,
  { environment }: Surroundings,
): Promise<ExitCode> {
  const client = await connect(flags, environment)
  try {
    return await perform(client, row, names, flags)
  } finally {
    await client.close()
  }
}

function perform(
  client: RestClient,
  row: ResourceRow,
  names: Names,
  flags: ResourceCommandFlags,
): Promise<ExitCode> {
  if (row.kind === 'list') return list(client, row, names, flags)
  if (row.kind === 'act') return act(client, row, names, flags)
  if (row.kind === 'create') return create(client, row, pathOf(row.path, names), names, flags)
  if (row.kind === 'download') return download(client, pathOf(row.path, names), names['file'] ?? '', flags)
  return show(client, row, names, flags)
}

/** No page of the service is larger. */
const LARGEST_PAGE = 1000

async function list(
  client: RestClient,
  row: ListRow,
  names: Names,
  flags: ResourceCommandFlags,
): Promise<ExitCode> {
  const { filter, select, top, output = 'table' } = flags
  const columns = select ? selectedColumns(select) : row.columns
  const items = client.list(pathOf(row.path, names), {
    query: {
      ...row.query?.(flags),
      $filter: filter,
      $select: row.lacks?.includes('select') ? undefined : selection(columns, select, output),
      maxresults: top === undefined ? undefined : Math.min(top, LARGEST_PAGE),
    },
  })
  await writeList(items, { format: output, columns, ...(top !== undefined && { top }) })
  return EXIT.ok
}

/** A table needs its columns only; JSON has everything that was not deselected. The service selects whole members. */
function selection(
  columns: Listing['columns'],
  select: readonly string[] | undefined,
  output: Listing['format'],
): string | undefined {
  if (select) return [...new Set(select.map((name) => name.split(/[./]/, 1)[0]))].join(',')
  return output === 'json' ? undefined : [...new Set(columns.flatMap((column) => column.select))].join(',')
}

async function show(
  client: RestClient,
  row: ShowRow,
  names: Names,
  flags: ResourceCommandFlags,
): Promise<ExitCode> {
  const path = pathOf(row.path, names)
  const item =
    row.kind === 'file' ? toFile(names['file'] ?? '', await client.head(path)) : await client.get(path)
  await writeItem(item, { format: flags.output ?? 'json', columns: row.columns })
  return EXIT.ok
}

/** A file as lists of files show it. */
function toFile(name: string, headers: Readonly<Record<string, string>>): JsonObject {
  const text = (header: string, property: string) =>
    headers[header] === undefined ? {} : { [property]: headers[header] }
  const time = (header: string, property: string) =>
    headers[header] === undefined ? {} : { [property]: new Date(headers[header]).toISOString() }
  return {
    name,
    ...(headers['ocp-batch-file-url'] !== undefined && {
      url: decodeURIComponent(headers['ocp-batch-file-url']),
    }),
    isDirectory: headers['ocp-batch-file-isdirectory']?.toLowerCase() === 'true',
    properties: {
      ...time('ocp-creation-time', 'creationTime'),
      ...time('last-modified', 'lastModified'),
      ...text('content-length', 'contentLength'),
      ...text('content-type', 'contentType'),
      ...text('ocp-batch-file-mode', 'fileMode'),
    },
  }
}

async function act(
  client: RestClient,
  row: ActRow,
  names: Names,
  flags: ResourceCommandFlags,
): Promise<ExitCode> {
  if (row.asks !== undefined && !(await confirmed(`Delete ${fill(row.asks, names)}?`, flags)))
    return EXIT.failed
  const path = pathOf(row.path, names)
  if (row.isLastInBody) path.pop()
  const operation = row.operation?.(flags)
  if (operation !== undefined) path.splice(-1, 1, operation)
  const body = given(row.body?.(flags, names))
  if (
    row.verb === 'resize' &&
    body &&
    body['targetDedicatedNodes'] === undefined &&
    body['targetLowPriorityNodes'] === undefined
  )
    throw mistake('Give --target-dedicated-nodes, --target-low-priority-nodes, or --abort.')
  await client.send(row.method, path, body)
  print(fill(row.said, names))
  return EXIT.ok
}

/** What is given of a body; nothing at all when that is nothing. */
function given(
  body: Readonly<Record<string, unknown>> | undefined,
): Readonly<Record<string, unknown>> | undefined {
  if (!body) return undefined
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined))
}

/** The segments of a path; a file's path is one of them. */
function pathOf(path: string, names: Names): string[] {
  return path.split('/').map((segment) => fill(segment, names))
}

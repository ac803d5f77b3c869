// Lists and single resources on standard output, as they come: the first rows are there before the last are asked for,
// and nothing more is asked for when whoever reads has gone.

import { styleText } from 'node:util'
import type { JsonObject } from '@malachite/azure'
import type { Format } from './formats.ts'
import { property, type Column } from './resource-columns.ts'
import { fitWidths, tableLine, toCell } from './table.ts'

/** Where text goes: standard output. */
export interface TextStream {
  write(text: string | Uint8Array, done: (error?: Error | null) => void): unknown
  isTTY?: boolean
  columns?: number
}

/** How a list is written. */
export interface Listing {
  format: Format
  columns: readonly Column[]
  /** Absent = all. */
  top?: number
}

/** The columns that the names of `--select` stand for. */
export function selectedColumns(names: readonly string[]): Column[] {
  return names.map((name) => property(name, name.replaceAll('/', '.')))
}

/** Writes the items of a list until they end, `top` are written, or nobody reads any more. */
export async function writeList(
  items: AsyncIterable<JsonObject> | Iterable<JsonObject>,
  listing: Listing,
  stream: TextStream = process.stdout,
): Promise<void> {
  const writer = createWriter(stream)
  const form = { json: jsonForm, tsv: tsvForm, table: tableForm }[listing.format](listing.columns, stream)
  const { top = Infinity } = listing
  let count = 0
  if (top > 0)
    for await (const item of items) {
      await writer.write(form.item(item))
      if (++count >= top || writer.isClosed()) break
    }
  await writer.write(form.end())
  await writer.flush()
}

/** Writes one resource. */
export async function writeItem(
  item: JsonObject,
  listing: Listing,
  stream: TextStream = process.stdout,
): Promise<void> {
  if (listing.format !== 'json') return writeList([item], listing, stream)
  const writer = createWriter(stream)
  await writer.write(`${JSON.stringify(item, null, 2)}\n`)
  await writer.flush()
}

/** Texts of items and of what follows the last one. */
interface Form {
  item(item: JsonObject): string
  end(): string
}

function jsonForm(): Form {
  let isFirst = true
  return {
    item(item) {
      const text = JSON.stringify(item, null, 2).replaceAll('\n', '\n  ')
      const before = isFirst ? '[\n  ' : ',\n  '
      isFirst = false
      return before + text
    },
    end: () => (isFirst ? '[]\n' : '\n]\n'),
  }
}

function tsvForm(columns: readonly Column[]): Form {
  return { item: (item) => `${toRow(item, columns).join('\t')}\n`, end: () => '' }
}

/** Widths come from the first rows; what follows them is not waited for. */
const MEASURED_ROWS = 100

function tableForm(columns: readonly Column[], { isTTY = false, columns: width }: TextStream): Form {
  const rows: string[][] = [columns.map(({ title }) => title)]
  let widths: readonly number[] | undefined
  const measure = (): string => {
    const measured = (widths = fitWidths(rows, isTTY ? width : undefined))
    const [head = '', ...lines] = rows.map((row) => tableLine(row, measured, isTTY))
    return [isTTY ? styleText('bold', head) : head, ...lines, ''].join('\n')
  }
  return {
    item(item) {
      const row = toRow(item, columns)
      if (widths) return `${tableLine(row, widths, isTTY)}\n`
      rows.push(row)
      return rows.length > MEASURED_ROWS ? measure() : ''
    },
    end: () => (widths ? '' : measure()),
  }
}

function toRow(item: JsonObject, columns: readonly Column[]): string[] {
  return columns.map(({ value }) => toCell(value(item)))
}

/** Text is written in pieces of this size, characters. */
const PIECE = 16_384

/** Writes and waits while the reader is slow; false when it has gone. */
export function writeAll(stream: TextStream, data: string | Uint8Array): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  stream.write(data, (error) => resolve(error === undefined || error === null))
  return promise
}

function createWriter(stream: TextStream) {
  let buffer = ''
  let isClosed = false
  const flush = async (): Promise<void> => {
    if (buffer === '' || isClosed) return
    const text = buffer
    buffer = ''
    isClosed = !(await writeAll(stream, text))
  }
  return {
    /** Waits while the reader is slow. */
    async write(text: string): Promise<void> {
      buffer += text
      if (buffer.length >= PIECE) await flush()
    },
    flush,
    isClosed: () => isClosed,
  }
}

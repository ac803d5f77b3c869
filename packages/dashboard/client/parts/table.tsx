// Tables with headers; wide ones scroll in themselves, never the page.

import type { ComponentChildren } from 'preact'

export interface Column<Row> {
  name: string
  cell: (row: Row) => ComponentChildren
  /** `number` is set to the right; `wide` takes the room that is left; `minor` goes away on narrow screens. */
  kind?: 'number' | 'wide' | 'minor'
}

export interface TableProps<Row> {
  /** What the rows are, for people who do not see the heading above. */
  label: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  keyOf: (row: Row) => string
}

/** A table; its first column names the row. */
export function Table<Row>({ label, columns, rows, keyOf }: TableProps<Row>) {
  return (
    <div class="table-frame" tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>
            {columns.map(({ name, kind = '' }) => (
              <th key={name} scope="col" class={kind}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ name, kind = '', cell }, i) =>
                i === 0 ? (
                  <th key={name} scope="row" class={kind}>
                    {cell(row)}
                  </th>
                ) : (
                  <td key={name} class={kind}>
                    {cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

// Folds a parsed filter into a WHERE expression. Texts from the caller become parameters; only the column map's own SQL is spliced.

import type { Filter, Operator, PropertyType } from './filter.ts'

/** Where a property of the resource is found in its table. */
export interface Column {
  /** Column or expression; its collation decides how text is compared. */
  sql: string
  /** Booleans are 0 and 1, times microseconds since 1970, enums in lower case. */
  type: PropertyType
  /** The column of a text holds lower case: literals are lowered. @default false */
  ignoreCase?: boolean
}

/** Property path as in the JSON (`executionInfo/exitCode`) → column. */
export type ColumnMap = Readonly<Record<string, Column>>

/** A WHERE expression with its positional parameters. */
export interface Where {
  where: string
  params: (string | number)[]
}

const SQL_OPERATORS: Record<Operator, string> = {
  eq: '=',
  ne: 'is not',
  gt: '>',
  ge: '>=',
  lt: '<',
  le: '<=',
}

/** The expression is never NULL-sensitive at its top: rows without the property do not match, except by `ne` and `not`. */
export function toSql(filter: Filter, columns: ColumnMap): Where {
  const params: (string | number)[] = []
  return { where: fold(filter), params }

  function fold(node: Filter): string {
    if (node.kind === 'and' || node.kind === 'or') return join(node.terms.map(fold), node.kind)
    // NULL counts as false below a `not`, as in OData, so that its negation is true.
    if (node.kind === 'not') return `(${fold(node.term)}) is not true`
    const column = columnOf(node.property)
    return node.kind === 'startswith'
      ? startsWith(column, node.prefix)
      : compare(column, node.operator, node.value)
  }

  function columnOf(property: string): Column {
    const column = columns[property]
    if (!column) throw new TypeError(`The filter names '${property}', which is not in the column map.`)
    return column
  }

  function compare(column: Column, operator: Operator, value: string | number | boolean | null): string {
    if (value === null) return `${column.sql} ${operator === 'eq' ? 'is null' : 'is not null'}`
    params.push(bind(column, value))
    return `${column.sql} ${SQL_OPERATORS[operator]} ?`
  }

  // A range instead of `substr` or GLOB: it obeys the column's collation and uses its index. U+10FFFF sorts after
  // every other character and is none itself, so the range holds exactly the texts that begin with the prefix.
  function startsWith(column: Column, prefix: string): string {
    const from = bind(column, prefix)
    params.push(from, `${from}\u{10ffff}`)
    return `(${column.sql} >= ? and ${column.sql} < ?)`
  }
}

function bind(column: Column, value: string | number | boolean): string | number {
  if (typeof value === 'boolean') return value ? 1 : 0
  const isLowered = column.ignoreCase || column.type === 'enum'
  return isLowered && typeof value === 'string' ? value.toLowerCase() : value
}

// Halves instead of a chain: SQLite's expression depth limit of 1000 would refuse a long list of `id eq '…' or …`.
function join(terms: string[], operator: 'and' | 'or'): string {
  if (terms.length === 1) return terms[0] ?? ''
  const middle = terms.length >> 1
  return `(${join(terms.slice(0, middle), operator)} ${operator} ${join(terms.slice(middle), operator)})`
}

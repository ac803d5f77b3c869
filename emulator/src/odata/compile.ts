// `$filter` for the lists of the service: into SQL for what is stored, into a predicate for what is computed.
// A filter that cannot be understood is the caller's error 400, with the place where it went wrong.

import { BatchError } from '@malachite/model'
import { toPredicate, type Predicate } from './evaluate.ts'
import { parseFilter, type Filter, type PropertyType } from './filter.ts'
import { FilterError } from './lexer.ts'
import { toSql, type ColumnMap, type Where } from './to-sql.ts'

export type { Predicate } from './evaluate.ts'
export type { PropertyType } from './filter.ts'
export type { Column, ColumnMap, Where } from './to-sql.ts'

/** The WHERE expression of a filter, `1` when there is none; throws `InvalidQueryParameterValue` with a reason. */
export function compileFilter(filter: string | undefined, columns: ColumnMap): Where {
  const tree = parse(filter, (property) => own(columns, property)?.type)
  return tree ? toSql(tree, columns) : { where: '1', params: [] }
}

/**
 * The predicate of a filter, true for all when there is none; throws `InvalidQueryParameterValue` with a reason.
 * `/` in a property walks nested objects; times may be ISO text or microseconds; text ignores case.
 */
export function evaluateFilter(
  filter: string | undefined,
  properties: Readonly<Record<string, PropertyType>>,
): Predicate {
  const tree = parse(filter, (property) => own(properties, property))
  return tree ? toPredicate(tree, properties) : () => true
}

function parse(
  filter: string | undefined,
  typeOf: (property: string) => PropertyType | undefined,
): Filter | undefined {
  if (filter === undefined) return undefined
  try {
    return parseFilter(filter, typeOf)
  } catch (error) {
    if (!(error instanceof FilterError)) throw error
    throw new BatchError(
      'InvalidQueryParameterValue',
      { QueryParameterName: '$filter', QueryParameterValue: filter, Reason: error.message },
      { cause: error },
    )
  }
}

// `$filter=constructor eq 1` must not find what every object inherits.
function own<Value>(map: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined
}

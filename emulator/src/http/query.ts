// Reading single query parameters, and the error for those that are wrong.

import { BatchError } from '@malachite/model'
import type { Query } from './context.ts'

/** A yes-or-no query parameter; absent means no. */
export function readFlag(query: Query, name: string): boolean {
  const value = query.get(name)?.toLowerCase() ?? 'false'
  if (value !== 'true' && value !== 'false') throw invalid(query, name, 'The value is neither true nor false')
  return value === 'true'
}

/** `timeout` is accepted on every operation: whole seconds. Nothing here takes long enough to need it. */
export function requireTimeout(query: Query): void {
  if (!/^\d*$/.test(query.get('timeout') ?? '')) throw invalid(query, 'timeout', 'The value is not a number')
}

/** The error for a query parameter that has the wrong value. */
export function invalid(query: Query, name: string, reason: string): BatchError {
  return new BatchError('InvalidQueryParameterValue', {
    QueryParameterName: name,
    QueryParameterValue: query.get(name) ?? '',
    Reason: reason,
  })
}

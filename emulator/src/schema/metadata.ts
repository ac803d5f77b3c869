// Name-value pairs that callers attach to pools and jobs.

import * as v from 'valibot'
import { EMPTY_KEY, list, members, text } from './common.ts'

/** Metadata in the caller's order; names may repeat. */
export const metadata = list(members({ name: v.pipe(text, v.minLength(1, EMPTY_KEY)), value: text }))

// Name-value pairs that callers attach to pools and jobs.

import { list, members, nonEmpty, text } from './common.ts'

/** Metadata in the caller's order; names may repeat. */
export const metadata = list(members({ name: nonEmpty, value: text }))

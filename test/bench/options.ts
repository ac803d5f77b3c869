// What stands behind `npm run bench --`.

import { parseArgs } from 'node:util'
import type { Form } from './report.ts'

/** What to do. */
export type Options =
  | { do: 'help' }
  /** Draws the page from the results that are kept beside it. */
  | { do: 'draw' }
  /** Measures the named ones, and writes to `json` what they found. */
  | { do: 'measure'; form: Form; names: string[]; json?: string }

/** What there is to measure. */
export interface Choice {
  all: readonly string[]
  usual: readonly string[]
}

/** What the arguments ask for. Throws a sentence about the first that is wrong. */
export function parseOptions(args: readonly string[], { all, usual }: Choice): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true },
      json: { type: 'string' },
      docs: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const { quick, only, json, docs, help } = values
  if (help) return { do: 'help' }
  if (docs) {
    if (quick || only || json !== undefined) throw new Error('--docs measures nothing and stands alone')
    return { do: 'draw' }
  }
  const names = only ?? [...usual]
  const unknown = names.find((name) => !all.includes(name))
  if (unknown !== undefined) throw new Error(`no benchmark "${unknown}"; there are ${all.join(', ')}`)
  if (json === '') throw new Error('--json needs the name of a file')
  return { do: 'measure', form: quick ? 'quick' : 'full', names, ...(json !== undefined && { json }) }
}

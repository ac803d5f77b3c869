// Environment variables in the syntax of a shell, whatever is in their values.

import { quote } from '@malachite/model'
import type { Environment } from '../settings/environment.ts'

export const SHELLS = ['bash', 'fish', 'powershell', 'json'] as const
/** Whose syntax `malachite env` writes. */
export type Shell = (typeof SHELLS)[number]

const ASSIGN: Record<Exclude<Shell, 'json'>, (name: string, value: string) => string> = {
  bash: (name, value) => `export ${name}=${quote(value)}`,
  fish: (name, value) => `set -gx ${name} '${value.replace(/[\\']/g, '\\$&')}'`,
  powershell: (name, value) => `$Env:${name} = '${value.replace(/['\u2018-\u201b]/g, '$&$&')}'`,
}

/** The variables as text that the shell can evaluate, one a line; as a JSON object for `json`. */
export function toShellSyntax(variables: Environment, shell: Shell): string {
  if (shell === 'json') return `${JSON.stringify(variables, null, 2)}\n`
  return Object.entries(variables)
    .map(([name, value = '']) => `${ASSIGN[shell](name, value)}\n`)
    .join('')
}

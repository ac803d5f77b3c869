// What a person is told when a command cannot be performed: what is wrong and what to do, never a stack trace.

import { isBatchError, type BatchError } from '@malachite/model'
import { CommanderError } from 'commander'
import { printable } from '../terminal/screen.ts'
import { EXIT, type ExitCode } from './exit-code.ts'

/** An error as people, and programs, are told it. */
export interface Failure {
  exitCode: ExitCode
  /** For programs: the service's code, `UsageError`, `ConfigurationError`, the system's (`ENOSPC`) or `InternalError`. */
  code: string
  message: string
  /** What exactly the service objects to, one fact each. */
  facts?: readonly string[]
  /** What to do about it. */
  hint?: string
}

const BUG = 'This is a bug in malachite. MALACHITE_DEBUG=1 shows where it happened.'

/** Classifies anything that was thrown. Help and version, which commander throws as well, are no failures: `undefined`. */
export function toFailure(error: unknown): Failure | undefined {
  if (error instanceof CommanderError) return usageFailure(error)
  if (isBatchError(error)) {
    const { code, message } = error
    return { exitCode: exitCodeOf(error), code, message, facts: factsOf(error), ...hintFor(error) }
  }
  if (error instanceof DOMException && error.name === 'AbortError')
    return { exitCode: EXIT.interrupted, code: 'Interrupted', message: '' }
  const { code, message } =
    error instanceof Error ? (error as NodeJS.ErrnoException) : { message: String(error) }
  if (code !== undefined && /^E[A-Z0-9]+$/.test(code)) return { exitCode: EXIT.failed, code, message }
  return { exitCode: EXIT.failed, code: 'InternalError', message, hint: BUG }
}

/** Details that say where to look. Values are left out: whoever typed them has them, and some are secret. */
const TELLING = [
  'PropertyName',
  'QueryParameterName',
  'HeaderName',
  'MinimumAllowedValue',
  'MaximumAllowedValue',
  'Reason',
]

function factsOf({ code, details }: BatchError): string[] {
  if (isOwn(code)) return []
  return TELLING.flatMap((name) => (details[name] === undefined ? [] : [`${name}: ${details[name]}`]))
}

function exitCodeOf({ code, status }: BatchError): ExitCode {
  if (code === 'ConfigurationError') return EXIT.usage
  return status === 404 ? EXIT.missing : EXIT.failed
}

function usageFailure({ code, exitCode, message }: CommanderError): Failure | undefined {
  if (exitCode === 0) return undefined
  // A command line without a command: the help is on the screen already.
  if (code === 'commander.help') return { exitCode: EXIT.usage, code: 'UsageError', message: '' }
  const [first = '', ...rest] = message.replace(/^error: /, '').split('\n')
  const hint = [...rest, 'See malachite --help, or malachite COMMAND --help.'].join('\n')
  return { exitCode: EXIT.usage, code: 'UsageError', message: first, hint }
}

const HINTS: Record<string, string> = {
  AuthenticationFailed:
    'Check AZURE_BATCH_ACCOUNT and AZURE_BATCH_ACCESS_KEY; for an emulator on this machine: eval "$(malachite env)".',
}

/** What to do about an error of a service: what the emulator says itself, else what is known about the code. */
export function hintFor(error: unknown): { hint?: string } {
  const hint = isBatchError(error) ? (error.details['Hint'] ?? HINTS[error.code]) : undefined
  return hint === undefined ? {} : { hint }
}

/** The failure as lines for standard error. */
export function failureLines({ code, message, facts = [], hint }: Failure): string[] {
  if (message === '') return []
  const first = isOwn(code) ? message : message.replace(/\.?$/, ` (${code}).`)
  const more = facts.map((fact) => `  ${printable(fact)}`)
  return [`malachite: ${first}`, ...more, ...(hint === undefined ? [] : [hint])]
}

/** Codes that tell no more than their messages do: those of this program and of the system. */
function isOwn(code: string): boolean {
  const own = ['UsageError', 'ConfigurationError', 'InternalError', 'ServiceUnreachable', 'InvalidResponse']
  return own.includes(code) || /^E[A-Z0-9]+$/.test(code)
}

// What a person is told when a command cannot be performed: what is wrong and what to do, never a stack trace.

import { isBatchError, type BatchError } from '@malachite/model'
import { CommanderError } from 'commander'
import { EXIT, type ExitCode } from './exit-code.ts'

/** An error as people, and programs, are told it. */
export interface Failure {
  exitCode: ExitCode
  /** For programs: the service's code, `UsageError`, `ConfigurationError`, the system's (`ENOSPC`) or `InternalError`. */
  code: string
  message: string
  /** What to do about it. */
  hint?: string
}

const BUG = 'This is a bug in malachite. MALACHITE_DEBUG=1 shows where it happened.'

/** Classifies anything that was thrown. Help and version, which commander throws as well, are no failures: `undefined`. */
export function toFailure(error: unknown): Failure | undefined {
  if (error instanceof CommanderError) return usageFailure(error)
  if (isBatchError(error)) {
    return { exitCode: exitCodeOf(error), code: error.code, message: error.message, ...hintFor(error) }
  }
  const { code, message } =
    error instanceof Error ? (error as NodeJS.ErrnoException) : { message: String(error) }
  if (code !== undefined && /^E[A-Z0-9]+$/.test(code)) return { exitCode: EXIT.failed, code, message }
  return { exitCode: EXIT.failed, code: 'InternalError', message, hint: BUG }
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
export function failureLines({ code, message, hint }: Failure): string[] {
  if (message === '') return []
  const first = isOwn(code) ? message : message.replace(/\.?$/, ` (${code}).`)
  return [`malachite: ${first}`, ...(hint === undefined ? [] : [hint])]
}

/** Codes that tell no more than their messages do: those of this program and of the system. */
function isOwn(code: string): boolean {
  const own = ['UsageError', 'ConfigurationError', 'InternalError', 'ServiceUnreachable', 'InvalidResponse']
  return own.includes(code) || /^E[A-Z0-9]+$/.test(code)
}

// Where log lines go: to the screen, to a file, to both. Lines carry no credentials; whoever logs sees to it.

import { inspect } from 'node:util'
import type { HttpLogger } from '@malachite/emulator'
import { mistake } from '../settings/mistake.ts'

/** Receives log lines of four levels. */
export type Logger = HttpLogger

/** A logger that writes each line, warnings and errors marked as such; without `verbose` only these. */
export function createLineLogger(write: (line: string) => void, { verbose }: { verbose: boolean }): Logger {
  const detail = verbose ? write : (): void => {}
  return {
    debug: detail,
    info: detail,
    warn: (message) => write(`warning: ${message}`),
    error: (message, error) => write(`error: ${message}${error === undefined ? '' : `: ${inspect(error)}`}`),
  }
}

/** A logger that passes everything to all of `loggers`. */
export function combineLoggers(...loggers: readonly Logger[]): Logger {
  return {
    debug: (message) => loggers.forEach((logger) => logger.debug(message)),
    info: (message) => loggers.forEach((logger) => logger.info(message)),
    warn: (message) => loggers.forEach((logger) => logger.warn(message)),
    error: (message, error) => loggers.forEach((logger) => logger.error(message, error)),
  }
}

/** A logger that appends JSON lines to a file. `ConfigurationError` when the file cannot be written. */
export async function openFileLogger(path: string): Promise<Logger> {
  const { pino } = await import('pino')
  try {
    const log = pino(
      { level: 'debug', base: null },
      pino.destination({ dest: path, sync: true, mkdir: true }),
    )
    return {
      debug: (message) => log.debug(message),
      info: (message) => log.info(message),
      warn: (message) => log.warn(message),
      error: (message, error) => log.error({ err: error }, message),
    }
  } catch (cause) {
    const message = `The log file ${path} cannot be written: ${(cause as Error).message}.`
    throw mistake(message, cause)
  }
}

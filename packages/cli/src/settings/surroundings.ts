// What surrounds a command. `main` hands over the process's; nothing else reads that, except that commander reads the
// variables that stand for flags.

import type { Environment } from './environment.ts'

/** What surrounds a command. */
export interface Surroundings {
  environment: Environment
  /** Directory that relative paths start from. */
  directory: string
}

/** Whether stack traces are wanted: `MALACHITE_DEBUG` is on. */
export function isDebugging(environment: Environment): boolean {
  return isOn(environment, 'MALACHITE_DEBUG')
}

/** Whether a terminal on standard output can redraw a line. */
export function canRedraw(stream: { isTTY?: boolean }, environment: Environment): boolean {
  return stream.isTTY === true && environment['TERM'] !== 'dumb'
}

/** A switch is off when it is unset, empty, `0`, `false`, `no` or `off`. */
export function isOn(environment: Environment, name: string): boolean {
  return !['', '0', 'false', 'no', 'off'].includes(environment[name]?.trim().toLowerCase() ?? '')
}

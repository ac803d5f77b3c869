// The programs that commands start: the only module of the command line that starts any.

import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { promisify } from 'node:util'

export type { ChildProcess } from 'node:child_process'

/** Starts a program that shares the terminal. */
export function startBeside(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ChildProcess {
  return spawn(program, args, { stdio: 'inherit', env: { ...env } })
}

/** Starts a program that outlives this one and the terminal; what it prints goes to an open file. */
export function startDetached(
  program: string,
  args: readonly string[],
  { output, env }: { output: number; env: Readonly<Record<string, string | undefined>> },
): ChildProcess {
  return spawn(program, args, { detached: true, stdio: ['ignore', output, output], env: { ...env } })
}

const run = promisify(execFile)

/** What a program prints that ends well within so many milliseconds; rejects otherwise. */
export async function outputOf(program: string, args: readonly string[], timeout: number): Promise<string> {
  const { stdout } = await run(program, [...args], { timeout })
  return stdout
}

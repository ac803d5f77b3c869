// `malachite completion`: scripts for shells, made of the command line itself.

import type { Command } from 'commander'
import { describeCommands } from '../program/command-tree.ts'
import { toCompletion } from '../program/completion-scripts.ts'
import { EXIT, type ExitCode } from '../text/exit-code.ts'
import type { CompletionShell } from '../program/program-tools.ts'

/** Prints the script. */
export async function completion(shell: CompletionShell, program: Command): Promise<ExitCode> {
  process.stdout.write(toCompletion(shell, describeCommands(program)))
  return EXIT.ok
}

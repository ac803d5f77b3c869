// The command line: every command, flag, unit, default and example. What the commands do is loaded only when one runs,
// so that the help is there at once.

import { Command } from 'commander'
import { EXIT, type ExitCode } from '../text/exit-code.ts'
import { HELP } from './help.ts'
import { addApplication, type ApplicationCommands } from './program-application.ts'
import { addSimulate, type SimulateFlags } from './program-autoscale.ts'
import { addEmulator, addEnv, type EmulatorCommands } from './program-emulator.ts'
import {
  addRun,
  requireEmulator,
  resumeFlags,
  retryFlags,
  type ResumeFlags,
  type RetryFlags,
  type RunFlags,
} from './program-run.ts'
import { addTools, type ToolCommands } from './program-tools.ts'
import { addUi, type UiFlags } from './program-ui.ts'
import { addFail, addPreempt, addWhy, type WhyCommands } from './program-why.ts'

/** What the commands do; each resolves to the exit code. */
export interface Commands extends EmulatorCommands, WhyCommands {
  run(files: string[], flags: RunFlags): Promise<ExitCode>
  resume(flags: ResumeFlags): Promise<ExitCode>
  retry(flags: RetryFlags): Promise<ExitCode>
  application: ApplicationCommands
  simulate(flags: SimulateFlags): Promise<ExitCode>
  tools: ToolCommands
  ui(flags: UiFlags): Promise<ExitCode>
}

/** Reads the command line and performs its command. Rejects with commander's error when it cannot be read. */
export async function perform(argv: readonly string[], version: string, commands: Commands): Promise<number> {
  let code: number = EXIT.ok
  const program = createCommandLine(version, commands, (result) => {
    code = result
  })
  await program.parseAsync([...argv], { from: 'user' })
  return code
}

/** The command line; `end` takes the exit code of the command that was performed. */
export function createCommandLine(version: string, commands: Commands, end: (code: number) => void): Command {
  const program = createProgram(version)
  addRun(program).action(async (files: string[], flags: RunFlags, command: Command) => {
    const resumption = resumeFlags(files, command)
    const retrial = retryFlags(files, command)
    if (resumption) return end(await commands.resume(resumption))
    if (retrial) return end(await commands.retry(retrial))
    requireEmulator(flags, command)
    end(await commands.run(files, flags))
  })
  addEmulator(program, commands, end)
  addEnv(program, commands, end)
  addApplication(program, commands.application, end)
  addSimulate(program).action(async (flags: SimulateFlags) => end(await commands.simulate(flags)))
  addWhy(program, commands, end)
  addPreempt(program, commands, end)
  addFail(program, commands.fail, end)
  addTools(program, commands.tools, end)
  addUi(program, (flags) => commands.ui(flags), end)
  return program
}

function createProgram(version: string): Command {
  return new Command('malachite')
    .description(
      'Run Azure Batch workloads on this machine or in Azure, and serve an emulator of Azure Batch.',
    )
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .enablePositionalOptions() // an application has a --version of its own
    .configureHelp({ helpWidth: 110 })
    .configureOutput({ outputError: () => {} }) // errors are told in one place, together with all others
    .exitOverride()
    .addHelpText('after', HELP.program)
}

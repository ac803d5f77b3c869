// The part of the command line that is about application packages.

import { Option, type Command } from 'commander'
import type { ExitCode } from '../text/exit-code.ts'
import { HELP } from './help.ts'
import { parseText } from './values.ts'

/** Flags of the commands of `malachite application`: where the packages are. */
export interface ApplicationFlags {
  applications?: string
  endpointsFile?: string
}

/** Flags of those that are about one version. */
export interface PackageFlags extends ApplicationFlags {
  version: string
}

/** What these commands do; each resolves to the exit code. */
export interface ApplicationCommands {
  add(id: string, file: string, flags: PackageFlags): Promise<ExitCode>
  list(flags: ApplicationFlags): Promise<ExitCode>
  remove(id: string, flags: PackageFlags): Promise<ExitCode>
}

/** Adds `malachite application`; `end` takes the exit code of the command that is performed. */
export function addApplication(
  program: Command,
  commands: ApplicationCommands,
  end: (code: number) => void,
): void {
  const parent = program
    .command('application')
    .summary('add, list and remove the application packages of an emulator')
    .description('Adds, lists and removes application packages, which pools and tasks can refer to.')
    .helpCommand(false)
    .addHelpText('after', HELP.application)
  addVersioned(parent, 'add', 'Adds a package to an application.')
    .argument('<file>', 'the zip file')
    .action(async (id: string, file: string, flags: PackageFlags) => end(await commands.add(id, file, flags)))
  addFolderFlags(parent, 'list', 'Lists the applications with their versions.').action(
    async (flags: ApplicationFlags) => end(await commands.list(flags)),
  )
  addVersioned(parent, 'remove', 'Removes a package from an application.').action(
    async (id: string, flags: PackageFlags) => end(await commands.remove(id, flags)),
  )
}

function addVersioned(parent: Command, name: string, description: string): Command {
  return addFolderFlags(parent, name, description)
    .argument('<name>', 'the application')
    .requiredOption('--version <version>', 'its version', parseText)
}

function addFolderFlags(parent: Command, name: string, description: string): Command {
  return parent
    .command(name)
    .description(description)
    .addOption(
      new Option('--applications <dir>', "the emulator's directory of packages")
        .env('MALACHITE_APPLICATIONS')
        .argParser(parseText),
    )
    .addOption(
      new Option('--endpointsFile <file>', "the emulator's endpoints file, which names that directory")
        .env('MALACHITE_ENDPOINTS_FILE')
        .argParser(parseText),
    )
}

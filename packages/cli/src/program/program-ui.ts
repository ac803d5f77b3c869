// The part of the command line that opens windows in the browser.

import { type Command, Option } from 'commander'
import { BACKENDS, type ConnectionFlags } from './connection-flags.ts'
import type { ExitCode } from '../text/exit-code.ts'
import { HELP } from './help.ts'
import { parsePort, parseText } from './values.ts'

/** Flags of `malachite emulator` about its dashboard. */
export interface DashboardFlags {
  uiPort?: number
  headless?: boolean
}

/** Flags of `malachite ui`. */
export interface UiFlags extends ConnectionFlags {
  uiPort?: number
  write?: true
  readOnly?: true
}

/** Adds the flags about the dashboard of an emulator. */
export function addDashboardFlags(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--uiPort <port>',
        'port of the dashboard; 0 = a free one (default: 1000 above the port of the Batch service)',
      )
        .env('MALACHITE_UI_PORT')
        .argParser(parsePort)
        .conflicts('headless'),
    )
    .option('--headless', 'leave the dashboard out (env: MALACHITE_HEADLESS=1)')
}

/** Adds `malachite ui`; `perform` is what it does. */
export function addUi(
  program: Command,
  perform: (flags: UiFlags) => Promise<ExitCode>,
  end: (code: ExitCode) => void,
): void {
  program
    .command('ui')
    .summary('look at an account in Azure, or at a running emulator, in the browser')
    .description('Serves the dashboard for an account in Azure, or for a running emulator, until Ctrl-C.')
    .addOption(new Option('--backend <backend>', 'which account').choices(BACKENDS).default('emulator'))
    .addOption(
      new Option('--endpointsFile <file>', "the emulator's endpoints file (default: the usual ports)")
        .env('MALACHITE_ENDPOINTS_FILE')
        .argParser(parseText),
    )
    .addOption(
      new Option('--uiPort <port>', 'port of the dashboard; 0 = a free one (default: a free one)')
        .env('MALACHITE_UI_PORT')
        .argParser(parsePort),
    )
    .option('--write', 'let the pages change things in Azure, too')
    .addOption(
      new Option('--readOnly', 'let the pages change nothing on the emulator either').conflicts('write'),
    )
    .addHelpText('after', HELP.ui)
    .action(async (flags: UiFlags) => end(await perform(flags)))
}

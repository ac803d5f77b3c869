// `malachite env`: points Azure clients at the emulator.

import type { EnvFlags } from '../program/program-emulator.ts'
import { clientEnvironment, developmentEndpoints, readEndpoints } from '../service/endpoints.ts'
import { EXIT, type ExitCode } from '../text/exit-code.ts'
import { toShellSyntax } from '../text/shell-syntax.ts'

/** Prints the variables of the emulator that the flags name. */
export async function env({ shell, endpointsFile }: EnvFlags): Promise<ExitCode> {
  const endpoints = await (endpointsFile === undefined
    ? developmentEndpoints()
    : readEndpoints(endpointsFile))
  process.stdout.write(toShellSyntax(clientEnvironment(endpoints), shell))
  return EXIT.ok
}

// `malachite application`: the application packages of an emulator. In Azure they are added in the portal or by az.

import { existsSync } from 'node:fs'
import { addApplicationPackage, readApplications, removeApplicationPackage } from '@malachite/emulator'
import { BatchError } from '@malachite/model'
import { readEndpoints } from '../settings/endpoints.ts'
import { EXIT, type ExitCode } from '../text/exit-code.ts'
import type { ApplicationFlags } from '../program/program.ts'

/** Gives an application a version; a running emulator has it at once. */
export async function addApplication(
  id: string,
  file: string,
  flags: ApplicationFlags & { version: string },
): Promise<ExitCode> {
  const folder = await findFolder(flags)
  await addApplicationPackage(folder, { id, version: flags.version }, file)
  print(`Application ${id} has version ${flags.version}.`)
  return EXIT.ok
}

/** Prints the applications, one a line, each with its versions. */
export async function listApplications(flags: ApplicationFlags): Promise<ExitCode> {
  for (const { id, packages } of readApplications(await findFolder(flags))) {
    print([id, ...packages.map(({ version }) => version)].join(' '))
  }
  return EXIT.ok
}

/** Takes a version away; nodes that have it keep it. */
export async function removeApplication(
  id: string,
  flags: ApplicationFlags & { version: string },
): Promise<ExitCode> {
  await removeApplicationPackage(await findFolder(flags), { id, version: flags.version })
  print(`Application ${id} has no version ${flags.version} any more.`)
  return EXIT.ok
}

async function findFolder({ applications, endpointsFile }: ApplicationFlags): Promise<string> {
  if (applications !== undefined) return applications
  if (endpointsFile === undefined) {
    throw configurationError(
      'Which emulator? Name its folder of packages with --applications, or its endpoints file with --endpointsFile.',
    )
  }
  const { pid, applications: folder } = await readEndpoints(endpointsFile)
  if (!isRunning(pid)) throw configurationError(`The emulator of ${endpointsFile} is not running any more.`)
  if (folder === undefined || !existsSync(folder)) {
    throw configurationError(`The emulator of ${endpointsFile} has no folder of packages on this machine.`)
  }
  return folder
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // A process of another user is a process.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function configurationError(message: string): BatchError {
  return new BatchError('ConfigurationError', {}, { message })
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

// `malachite application`: the application packages of an emulator. In Azure they are added in the portal or by az.

import { existsSync } from 'node:fs'
import { addApplicationPackage, readApplications, removeApplicationPackage } from '@malachite/emulator'
import type { ApplicationFlags, PackageFlags } from '../program/program-application.ts'
import { readEndpoints } from '../service/endpoints.ts'
import { isAlive } from '../service/running.ts'
import { mistake } from '../settings/mistake.ts'
import { EXIT, type ExitCode } from '../text/exit-code.ts'
import { print } from '../text/lines.ts'

/** Gives an application a version; a running emulator has it at once. */
export async function addApplication(id: string, file: string, flags: PackageFlags): Promise<ExitCode> {
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
export async function removeApplication(id: string, flags: PackageFlags): Promise<ExitCode> {
  await removeApplicationPackage(await findFolder(flags), { id, version: flags.version })
  print(`Application ${id} has no version ${flags.version} any more.`)
  return EXIT.ok
}

async function findFolder({ applications, endpointsFile }: ApplicationFlags): Promise<string> {
  if (applications !== undefined) return applications
  if (endpointsFile === undefined) {
    throw mistake(
      'Which emulator? Name its folder of packages with --applications, or its endpoints file with --endpointsFile.',
    )
  }
  const { pid, applications: folder } = await readEndpoints(endpointsFile)
  if (!isAlive(pid)) throw mistake(`The emulator of ${endpointsFile} is not running any more.`)
  if (folder === undefined || !existsSync(folder)) {
    throw mistake(`The emulator of ${endpointsFile} has no folder of packages on this machine.`)
  }
  return folder
}

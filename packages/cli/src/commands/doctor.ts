// `malachite doctor`: what Malachite needs, whether it is there, and how to mend what is not.

import type { BatchSettings } from '@malachite/azure'
import { diagnoseAccount, diagnoseStorage, diagnoseVariables } from '../doctor/account.ts'
import type { Finding } from '../doctor/finding.ts'
import {
  diagnoseAzurite,
  diagnoseContainers,
  diagnoseDisk,
  diagnoseNode,
  diagnosePort,
  diagnoseShell,
} from '../doctor/machine.ts'
import type { DoctorFlags } from '../program/program-tools.ts'
import { printable } from '../terminal/screen.ts'
import { findAccount } from '../service/connection.ts'
import type { Environment } from '../settings/environment.ts'
import type { Surroundings } from '../settings/surroundings.ts'
import { EXIT, type ExitCode } from '../text/exit-code.ts'
import { print, printJson } from '../text/lines.ts'

/** Prints all findings; the exit code says whether one of them is a problem. */
export async function doctor(flags: DoctorFlags, { environment }: Surroundings): Promise<ExitCode> {
  const findings = await diagnose(flags, environment)
  if (flags.output === 'json') printJson({ findings })
  else for (const line of findings.flatMap(toLines)) print(printable(line))
  return findings.some(({ level }) => level === 'problem') ? EXIT.failed : EXIT.ok
}

async function diagnose(flags: DoctorFlags, environment: Environment): Promise<Finding[]> {
  const isLocal = flags.backend !== 'azure'
  const groups = await Promise.all([
    diagnoseNode(),
    diagnoseDisk(),
    ...(isLocal
      ? [
          diagnoseShell(),
          diagnosePort('Batch', 10_003, '--batchPort'),
          diagnosePort('blobs', 10_000, '--blobPort'),
        ]
      : []),
    ...(isLocal ? [diagnoseAzurite(), diagnoseContainers()] : []),
    diagnoseVariables(environment),
    diagnoseStorage(environment, flags),
    diagnoseService(flags, environment),
  ])
  return groups.flat()
}

async function diagnoseService(flags: DoctorFlags, environment: Environment): Promise<Finding[]> {
  let settings: BatchSettings
  try {
    settings = await findAccount(flags, environment)
  } catch (error) {
    return toFindings((error as Error).message)
  }
  return diagnoseAccount(settings, flags)
}

/** What is wrong with the settings, one line each: `  NAME: what it is`. */
function toFindings(message: string): Finding[] {
  const [first = '', ...lines] = message.split('\n')
  if (lines.length === 0)
    return [{ check: 'account', level: 'problem', says: first, fix: 'See malachite doctor --help.' }]
  return lines.map((line) => {
    const [name = '', ...rest] = line.trim().split(': ')
    return {
      check: 'account',
      level: 'problem',
      says: `${name} is missing or wrong`,
      fix: `Set ${rest.join(': ')}`,
    }
  })
}

const MARKS: Record<Finding['level'], string> = { ok: 'ok', warning: 'warning', problem: 'PROBLEM' }

function toLines({ check, level, says, fix }: Finding): string[] {
  const head = `${MARKS[level].padEnd(9)}${check.padEnd(12)}`
  return [`${head}${says}`, ...(fix === undefined ? [] : [`${' '.repeat(head.length)}-> ${fix}`])]
}

// `malachite doctor`: what Malachite needs, whether it is there, and how to mend what is not.

import type { BatchSettings } from '@malachite/azure'
import { findAccount } from '../settings/connection.ts'
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
import { EXIT, type ExitCode } from '../text/exit-code.ts'
import type { DoctorFlags } from '../program/program-tools.ts'
import { printable } from '../run/screen.ts'

/** Prints all findings; the exit code says whether one of them is a problem. */
export async function doctor(flags: DoctorFlags): Promise<ExitCode> {
  const findings = await diagnose(flags)
  if (flags.output === 'json') process.stdout.write(`${JSON.stringify({ findings }, null, 2)}\n`)
  else for (const line of findings.flatMap(toLines)) process.stdout.write(`${printable(line)}\n`)
  return findings.some(({ level }) => level === 'problem') ? EXIT.failed : EXIT.ok
}

async function diagnose(flags: DoctorFlags): Promise<Finding[]> {
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
    diagnoseVariables(process.env),
    diagnoseStorage(process.env, flags),
    diagnoseService(flags),
  ])
  return groups.flat()
}

async function diagnoseService(flags: DoctorFlags): Promise<Finding[]> {
  let settings: BatchSettings
  try {
    settings = await findAccount(flags)
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

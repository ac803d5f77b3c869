// `malachite clean`: finds what runs and emulators have left behind, and deletes it when that is meant.

import type { JsonObject } from '@malachite/azure'
import { createBatchSource } from '../leftovers/batch-leftovers.ts'
import { createBlobSource } from '../leftovers/blob-leftovers.ts'
import { createEngineSource } from '../leftovers/engine-leftovers.ts'
import type { Leftover, LeftoverSource } from '../leftovers/leftover.ts'
import type { CleanFlags } from '../program/program-tools.ts'
import { printable } from '../terminal/screen.ts'
import { connect, findStorage } from '../service/connection.ts'
import type { Environment } from '../settings/environment.ts'
import type { Surroundings } from '../settings/surroundings.ts'
import { EXIT, type ExitCode } from '../text/exit-code.ts'
import { failureLines, toFailure } from '../text/failure.ts'
import { complain, print, printJson } from '../text/lines.ts'
import { selectedColumns, writeList } from '../text/output.ts'
import { canConfirm, confirmed } from '../terminal/confirm.ts'

const HOUR_MS = 3_600_000

/**
 * Lists the leftovers, then deletes them if the flag or the person says so. What cannot be searched or deleted is told
 * and does not keep the rest from it; the exit code tells of it, too.
 */
export async function clean(flags: CleanFlags, { environment }: Surroundings): Promise<ExitCode> {
  const sources = await openSources(flags, environment)
  try {
    const failures: unknown[] = []
    const leftovers = await search(sources, new Date(Date.now() - (flags.olderThan ?? HOUR_MS)), failures)
    if (flags.output !== 'json') await list(leftovers, failures.length === 0)
    const doomed = leftovers.length > 0 && (await isDeletionMeant(leftovers, flags)) ? leftovers : []
    const deleted = await remove(doomed, flags, failures)
    if (flags.output === 'json') printJson(toDocument(leftovers, deleted))
    return failures.length === 0 ? EXIT.ok : EXIT.failed
  } finally {
    await Promise.all(sources.map((source) => source.close()))
  }
}

/** Containers of tasks are an emulator's; a storage account is not always set. */
async function openSources(flags: CleanFlags, environment: Environment): Promise<LeftoverSource[]> {
  const isLocal = flags.backend !== 'azure'
  const storage = await findStorage(flags, environment)
  if (!storage && !isLocal)
    tell('No storage account is set: containers of blobs are not looked for. Set AZURE_STORAGE_ACCOUNT.')
  return [
    createBatchSource(await connect(flags, environment)),
    ...(storage ? [await createBlobSource(storage)] : []),
    ...(isLocal ? [createEngineSource()] : []),
  ]
}

async function search(
  sources: readonly LeftoverSource[],
  madeBefore: Date,
  failures: unknown[],
): Promise<Leftover[]> {
  const searches = await Promise.allSettled(sources.map((source) => source.find(madeBefore)))
  return searches.flatMap((result, i) => {
    if (result.status === 'fulfilled') return result.value
    failures.push(result.reason)
    tell(`${sources[i]?.name} could not be looked for.`, result.reason)
    return []
  })
}

async function remove(
  doomed: readonly Leftover[],
  { output }: CleanFlags,
  failures: unknown[],
): Promise<Leftover[]> {
  const deleted: Leftover[] = []
  for (const leftover of doomed) {
    const name = `${WORDS[leftover.kind]} ${leftover.id}`
    try {
      await leftover.remove()
      deleted.push(leftover)
      if (output !== 'json') print(`${name} is being deleted.`)
    } catch (error) {
      failures.push(error)
      tell(`${name} could not be deleted.`, error)
    }
  }
  return deleted
}

const WORDS: Readonly<Record<Leftover['kind'], string>> = {
  job: 'Job',
  pool: 'Pool',
  blobContainer: 'Container of blobs',
  taskContainer: 'Container of a task',
}

async function isDeletionMeant(leftovers: readonly Leftover[], flags: CleanFlags): Promise<boolean> {
  if (flags.dryRun) return false
  if (flags.yes) return true
  if (flags.output === 'json' || !canConfirm()) {
    tell('Nothing was deleted: there is no terminal to ask on. Add --yes to delete them.')
    return false
  }
  return confirmed(`Delete ${leftovers.length === 1 ? 'it' : `all ${leftovers.length}`}?`, flags)
}

const COLUMNS = selectedColumns(['kind', 'id', 'state', 'creationTime', 'nodes', 'nodeHours', 'run'])

async function list(leftovers: readonly Leftover[], isComplete: boolean): Promise<void> {
  if (leftovers.length === 0) {
    if (isComplete) print('Nothing is left behind.')
    return
  }
  await writeList(leftovers.map(toPlain), { format: 'table', columns: COLUMNS })
  const hours = leftovers.reduce((sum, { nodeHours }) => sum + nodeHours, 0)
  print(`${leftovers.length} left behind, ${hours.toFixed(2)} node-hours so far.`)
}

function toDocument(leftovers: readonly Leftover[], deleted: readonly Leftover[]): object {
  return { leftovers: leftovers.map(toPlain), deleted: deleted.map(({ id }) => id) }
}

function toPlain({ remove: _, ...facts }: Leftover): JsonObject {
  return facts
}

/** What could not be done, and why. */
function tell(sentence: string, error?: unknown): void {
  const failure = error === undefined ? undefined : toFailure(error)
  const reason = failure
    ? failureLines(failure)
        .join(' ')
        .replace(/^malachite: /, ' ')
    : ''
  complain(`malachite: ${printable(sentence + reason)}`)
}

// What `malachite run` is to do, for a new run and for one that is resumed: the same settings, and where they are kept.

import { sampleDataPaths, taskScriptPath } from '@malachite/node-task'
import { BatchError } from '@malachite/model'
import {
  checkFiles,
  emptyState,
  resolveSettings,
  topWordsWorkload,
  type ResolvedSettings,
  type RunState,
} from '@malachite/orchestrator'
import type { RunConfig } from '../settings/config.ts'
import type { ResumeFlags } from '../program/program-run.ts'
import { createRunStore, type RunRecord, type StoredRun } from './run-store.ts'

/** A run that is about to begin, or to go on. */
export interface RunPlan {
  config: RunConfig
  settings: ResolvedSettings
  /** Absent when the run cannot be kept, which `unkept` tells why. */
  stored?: StoredRun
  unkept?: Error
  resumed?: RunState
  /** A run of the same directory that was not finished. */
  earlier?: RunRecord
}

/** Plans a new run. Complete and checked, so that a mistake is told before anything is started. */
export async function planRun(config: RunConfig): Promise<RunPlan> {
  const files = config.files.length > 0 ? config.files : sampleDataPaths()
  const settings = await completeSettings({ ...config, files })
  await checkFiles(settings)
  const { profile, directory, numWords } = config
  const store = createRunStore(config.stateDirectory)
  const record: RunRecord = {
    version: 1,
    runId: settings.runId,
    startedAt: new Date().toISOString(),
    profile,
    directory,
    files,
    numWords,
    settings: config.settings,
    services: [],
    state: emptyState(),
  }
  try {
    const earlier = await store.unfinished(directory)
    return { config, settings, stored: await store.create(record), ...(earlier && { earlier }) }
  } catch (error) {
    // Not everybody has a home that can be written to; the run itself does not need it.
    return { config, settings, unkept: error as Error }
  }
}

/** Plans the resumption of a run. `ConfigurationError` when there is no such run, or it cannot go on. */
export async function planResumption(config: RunConfig, flags: ResumeFlags): Promise<RunPlan> {
  const runId = flags.resume === true ? undefined : flags.resume
  const stored = await createRunStore(config.stateDirectory).open(runId, config.directory)
  try {
    const { profile, files, numWords, settings, state } = stored.record
    if (flags.backend !== undefined && flags.backend !== profile) {
      throw refused(`Run ${stored.record.runId} is on the backend ${profile}, not ${flags.backend}.`)
    }
    const { timeout, deleteJob, deletePool } = flags
    const changed = {
      ...settings,
      ...(timeout !== undefined && { timeoutMs: timeout }),
      ...(deleteJob && { deleteJob }),
      ...(deletePool && { deletePool }),
    }
    const whole = { ...config, profile, files, numWords, settings: changed }
    const completed = await completeSettings(whole, stored.record.runId)
    return { config: whole, settings: completed, stored, resumed: state }
  } catch (error) {
    stored.release()
    throw error
  }
}

/** Takes down the services of a new run; refuses to resume one elsewhere. */
export async function requireSameServices(stored: StoredRun, services: readonly string[]): Promise<void> {
  const { runId, services: before } = stored.record
  if (before.length === 0) return stored.update({ services })
  if (before.join() !== services.join()) {
    throw refused(`Run ${runId} is on ${before.join(' and ')}; the settings name ${services.join(' and ')}.`)
  }
}

async function completeSettings(
  { files, numWords, settings }: RunConfig,
  runId?: string,
): Promise<ResolvedSettings> {
  const workload = topWordsWorkload({ scriptPath: await taskScriptPath(), numWords })
  return resolveSettings({ ...settings, workload, inputFiles: files, ...(runId !== undefined && { runId }) })
}

function refused(message: string): BatchError {
  return new BatchError('ConfigurationError', {}, { message })
}

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
import { typedSettings, type RunConfig } from './run-config.ts'
import type { ResumeFlags, RetryFlags } from '../program/program-run.ts'
import { openJoblog, type Joblog } from './joblog.ts'
import { createRunStore, type RunRecord, type StoredRun } from './run-store.ts'

/** A run that is about to begin, or to go on. */
export interface RunPlan {
  config: RunConfig
  settings: ResolvedSettings
  /** Absent when the run cannot be kept, which `unkept` tells why. */
  stored?: StoredRun
  unkept?: Error
  resumed?: RunState
  /** Open: a log that cannot be written is a mistake of the command line. */
  joblog?: Joblog
  /** Why the log of a run that is resumed cannot be continued. */
  unlogged?: Error
  /** A run of the same directory that was not finished. */
  earlier?: RunRecord
}

/** The settings of a new run; those of a run that is only looked at, too. */
export async function newRunSettings(config: RunConfig): Promise<ResolvedSettings> {
  const files = config.files.length > 0 ? config.files : sampleDataPaths()
  return completeSettings({ ...config, files })
}

/** The configuration of a new run over what an earlier one has left without a result. `ConfigurationError` if nothing. */
export async function retryConfig(config: RunConfig, flags: RetryFlags): Promise<RunConfig> {
  const runId = flags.retryFailed === true ? undefined : flags.retryFailed
  const store = createRunStore(config.stateDirectory)
  const { profile, files, numWords, settings: old } = await store.failed(runId, config.directory)
  const settings = { ...old, ...typedSettings(flags, config.directory) }
  if (flags.halt === 'never') delete settings.halt
  return {
    ...config,
    profile: flags.backend ?? profile,
    files,
    numWords: flags.numWords ?? numWords,
    settings,
  }
}

/** Plans a new run. Complete and checked, so that a mistake is told before anything is started. */
export async function planRun(config: RunConfig): Promise<RunPlan> {
  const settings = await newRunSettings(config)
  await checkFiles(settings)
  const log = await openLog(config)
  const { profile, directory, numWords } = config
  const store = createRunStore(config.stateDirectory)
  const record: RunRecord = {
    version: 1,
    runId: settings.runId,
    startedAt: new Date().toISOString(),
    profile,
    directory,
    files: settings.inputFiles,
    numWords,
    settings: config.settings,
    ...(config.joblog && { joblog: config.joblog.path }),
    services: [],
    state: emptyState(),
  }
  try {
    const earlier = await store.unfinished(directory)
    return { config, settings, stored: await store.create(record), ...log, ...(earlier && { earlier }) }
  } catch (error) {
    // Not everybody has a home that can be written to; the run itself does not need it.
    return { config, settings, ...log, unkept: error as Error }
  }
}

/** Plans the resumption of a run. `ConfigurationError` when there is no such run, or it cannot go on. */
export async function planResumption(config: RunConfig, flags: ResumeFlags): Promise<RunPlan> {
  const runId = flags.resume === true ? undefined : flags.resume
  const stored = await createRunStore(config.stateDirectory).open(runId, config.directory)
  try {
    const { profile, files, numWords, settings, state, joblog } = stored.record
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
    const target = joblog === undefined ? {} : { joblog: { path: joblog, append: true } }
    const whole = { ...config, profile, files, numWords, settings: changed, ...target }
    const completed = await completeSettings(whole, stored.record.runId)
    return { config: whole, settings: completed, stored, resumed: state, ...(await reopenLog(whole)) }
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

/** A log that was moved away must not keep a run, and the pool that it pays for, from its end. */
async function reopenLog(config: RunConfig): Promise<Pick<RunPlan, 'joblog' | 'unlogged'>> {
  try {
    return await openLog(config)
  } catch (error) {
    return { unlogged: error as Error }
  }
}

async function openLog({ joblog }: RunConfig): Promise<Pick<RunPlan, 'joblog'>> {
  return joblog ? { joblog: await openJoblog(joblog) } : {}
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

// Flags and surroundings of `malachite run` become one frozen configuration.

import { join, resolve } from 'node:path'
import type { WorkflowSettings } from '@malachite/orchestrator'
import type { Environment } from '../settings/environment.ts'
import { stateDirectory } from '../settings/state-directory.ts'
import type { Surroundings } from '../settings/surroundings.ts'
import type { Profile, ResumeFlags, RetryFlags, RunFlags } from '../program/program-run.ts'
import type { JoblogTarget } from './joblog.ts'

/** Configuration of a run. */
export interface RunConfig {
  readonly profile: Profile
  readonly environment: Environment
  /** Absolute path; of the emulator that is meant. */
  readonly endpointsFile?: string
  /** Where the command was given. */
  readonly directory: string
  /** Where runs are kept until they have ended. */
  readonly stateDirectory: string
  /** Absolute paths; none = the sample data. */
  readonly files: readonly string[]
  readonly numWords: number
  readonly settings: Readonly<Omit<WorkflowSettings, 'workload' | 'inputFiles'>>
  readonly joblog?: JoblogTarget
  readonly json: boolean
  readonly verbose: boolean
}

/** The configuration that the flags and the environment give. */
export function resolveRunConfig(
  files: readonly string[],
  flags: RunFlags,
  { environment, directory }: Surroundings,
): RunConfig {
  return Object.freeze({
    profile: flags.backend,
    environment,
    ...(flags.endpointsFile !== undefined && { endpointsFile: resolve(directory, flags.endpointsFile) }),
    directory,
    stateDirectory: join(stateDirectory(environment), 'runs'),
    files: files.map((file) => resolve(directory, file)),
    numWords: flags.numWords,
    settings: {
      outputDirectory: resolve(directory, flags.outputDir),
      deleteJob: flags.deleteJob,
      deletePool: flags.deletePool,
      ...typedSettings(flags, directory),
    },
    ...joblogTarget(flags, directory),
    json: flags.json ?? false,
    verbose: flags.verbose ?? false,
  })
}

/** The configuration of a run that is resumed, without what its record tells. */
export function resolveResumeConfig(flags: ResumeFlags, surroundings: Surroundings): RunConfig {
  const { endpointsFile, json, verbose } = flags
  const given = {
    ...(endpointsFile !== undefined && { endpointsFile }),
    ...(json && { json }),
    ...(verbose && { verbose }),
  }
  return resolveRunConfig([], { ...USUAL, ...given }, surroundings)
}

/** The configuration of a run of what an earlier one has left without a result, without what its record tells. */
export function resolveRetryConfig(flags: RetryFlags, surroundings: Surroundings): RunConfig {
  return resolveRunConfig([], { ...USUAL, ...flags }, surroundings)
}

/** Takes the place of what a record tells. */
const USUAL = { backend: 'local', numWords: 1, outputDir: '.', deleteJob: 'ask', deletePool: 'ask' } as const

/** `+FILE` adds to a job log, as GNU parallel takes it. */
function joblogTarget({ joblog }: RunFlags, directory: string): Pick<RunConfig, 'joblog'> {
  if (joblog === undefined) return {}
  const append = joblog.startsWith('+')
  return { joblog: { path: resolve(directory, append ? joblog.slice(1) : joblog), append } }
}

/** The flags that were given as settings of the orchestrator. */
export function typedSettings(flags: Partial<RunFlags>, directory: string): Partial<RunConfig['settings']> {
  const { nodes, slots, timeout, jobId, poolId, vmSize, outputDir, deleteJob, deletePool, halt } = flags
  return {
    ...(outputDir !== undefined && { outputDirectory: resolve(directory, outputDir) }),
    ...(deleteJob !== undefined && { deleteJob }),
    ...(deletePool !== undefined && { deletePool }),
    ...(nodes !== undefined && { nodeCount: nodes }),
    ...(slots !== undefined && { taskSlotsPerNode: slots }),
    ...(timeout !== undefined && { timeoutMs: timeout }),
    ...(jobId !== undefined && { jobId }),
    ...(poolId !== undefined && { poolId }),
    ...(vmSize !== undefined && { vmSize }),
    ...(halt !== undefined && halt !== 'never' && { halt }),
  }
}

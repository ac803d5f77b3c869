// What a run can be told. Resolved once at the door: complete and checked inside.

import { randomUUID } from 'node:crypto'
import { isAbsolute } from 'node:path'
import { configurationError } from './configuration-error.ts'
import { haltProblem, type HaltCondition } from './halt.ts'
import type { ImageChoice } from './select-image.ts'
import type { Workload } from './workload.ts'

/** Whether to delete something at the end; `ask` asks the run's `confirm`, and means `yes` when there is none. */
export type DeleteChoice = 'yes' | 'no' | 'ask'

/** The three containers of a run; names as Azure wants them (3–63 lower-case letters, digits and single dashes). */
export interface ContainerNames {
  /** The workload's files. @default 'application' */
  application: string
  /** The input files. @default 'input' */
  input: string
  /** What the tasks write. @default 'output' */
  output: string
}

/** Settings of a run. Only the first three are needed. */
export interface WorkflowSettings {
  /** What to compute. */
  workload: Workload
  /** Absolute paths of the input files, one task each; their names must differ. */
  inputFiles: readonly string[]
  /** Absolute path of the directory for the results; created if there is none. */
  outputDirectory: string
  /** Id of the pool, which must be free. @default 'MalachiteTutorialPool' */
  poolId?: string
  /** Id of the job, which must be free. @default 'MalachiteTutorialJob' */
  jobId?: string
  /** Dedicated nodes of the pool. @default one per input file, at most 2 */
  nodeCount?: number
  /** Tasks that may run at once on a node, 1–256. @default 1 */
  taskSlotsPerNode?: number
  /** Size of the virtual machines. @default 'standard_d2s_v3' */
  vmSize?: string
  /** Image of the nodes. @default Ubuntu 24.04: canonical, ubuntu-24_04-lts, server */
  image?: ImageChoice
  /** Names of the containers. @default 'application', 'input', 'output' */
  containers?: Partial<ContainerNames>
  /** Time limit for the tasks, from the moment they were added, milliseconds. @default 1200000 (20 minutes) */
  timeoutMs?: number
  /** Longest pause between two looks at the tasks, milliseconds; the first pauses are shorter. @default 1000 */
  pollIntervalMs?: number
  /** Ends the run before all of its tasks have run. @default never */
  halt?: HaltCondition
  /** Files transferred at once. @default 8 */
  concurrency?: number
  /** @default 'ask' */
  deleteJob?: DeleteChoice
  /** @default 'ask' */
  deletePool?: DeleteChoice
  /** Time the clean-up may take once the run is aborted, milliseconds. @default 30000 */
  cleanUpMs?: number
  /** Marks the pool and the job as this run's, so that clean-up never deletes another's. @default a random UUID */
  runId?: string
}

/** Settings with every default filled in, and the lifetime of the SAS that follows from them. */
export interface ResolvedSettings extends Required<Omit<WorkflowSettings, 'halt'>> {
  readonly halt?: HaltCondition
  readonly containers: ContainerNames
  /** Validity of every SAS of the run, milliseconds: outlasts the time limit, at least the tutorial's two hours. */
  readonly sasLifetimeMs: number
}

const MINUTE = 60_000
const DEFAULTS = {
  poolId: 'MalachiteTutorialPool',
  jobId: 'MalachiteTutorialJob',
  taskSlotsPerNode: 1,
  vmSize: 'standard_d2s_v3',
  image: { publisher: 'canonical', offer: 'ubuntu-24_04-lts', skuPrefix: 'server' },
  timeoutMs: 20 * MINUTE,
  pollIntervalMs: 1000,
  concurrency: 8,
  deleteJob: 'ask',
  deletePool: 'ask',
  cleanUpMs: MINUTE / 2,
} as const
const DEFAULT_CONTAINERS: ContainerNames = { application: 'application', input: 'input', output: 'output' }

/** Fills in the defaults and checks every value; all problems come in one `ConfigurationError`. */
export function resolveSettings(settings: WorkflowSettings): ResolvedSettings {
  const resolved: ResolvedSettings = {
    ...DEFAULTS,
    nodeCount: Math.max(1, Math.min(settings.inputFiles.length, 2)),
    runId: randomUUID(),
    ...settings,
    containers: { ...DEFAULT_CONTAINERS, ...settings.containers },
    // An hour for what comes before the tasks' time begins: signing, creating the pool, adding the tasks.
    sasLifetimeMs: Math.max(120 * MINUTE, (settings.timeoutMs ?? DEFAULTS.timeoutMs) + 60 * MINUTE),
  }
  const problems = findProblems(resolved)
  if (problems.length > 0) throw configurationError(problems)
  return resolved
}

const ID = /^[A-Za-z0-9_-]{1,64}$/
const CONTAINER = /^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$/
const idRule = 'must be 1 to 64 letters, digits, dashes and underscores'

function findProblems(s: ResolvedSettings): string[] {
  const names = Object.values(s.containers)
  const checks: [ok: boolean, problem: string][] = [
    [s.inputFiles.length > 0, 'There is no input file.'],
    ...s.inputFiles.map(absolute),
    ...s.workload.applicationFiles.map(absolute),
    absolute(s.outputDirectory),
    [ID.test(s.poolId), `The pool id ${idRule}, not "${s.poolId}".`],
    [ID.test(s.jobId), `The job id ${idRule}, not "${s.jobId}".`],
    wholeNumber('The number of nodes', s.nodeCount, 1),
    wholeNumber('The number of task slots per node', s.taskSlotsPerNode, 1, 256),
    wholeNumber('The number of concurrent transfers', s.concurrency, 1),
    [s.vmSize.trim() !== '', 'The VM size must not be empty.'],
    positive('The time limit', s.timeoutMs),
    positive('The poll interval', s.pollIntervalMs),
    positive('The time for the clean-up', s.cleanUpMs),
    ...names.map((name): [boolean, string] => [CONTAINER.test(name), `"${name}" is no container name.`]),
    [haltProblem(s.halt) === undefined, haltProblem(s.halt) ?? ''],
    [new Set(names).size === names.length, `The three containers must differ: ${names.join(', ')}.`],
  ]
  return checks.filter(([ok]) => !ok).map(([, problem]) => problem)
}

function absolute(path: string): [boolean, string] {
  return [isAbsolute(path), `"${path}" is not an absolute path.`]
}

function wholeNumber(what: string, value: number, min: number, max = Infinity): [boolean, string] {
  const range = max === Infinity ? `of at least ${min}` : `from ${min} to ${max}`
  return [
    Number.isSafeInteger(value) && value >= min && value <= max,
    `${what} must be a whole number ${range}, not ${value}.`,
  ]
}

function positive(what: string, ms: number): [boolean, string] {
  return [Number.isFinite(ms) && ms > 0, `${what} must be a positive number of milliseconds, not ${ms}.`]
}

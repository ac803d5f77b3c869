// What the node runtime is told about a command that belongs to a job: a task, the job's preparation or its release.

import { type EnvironmentSetting, parseDuration, UNLIMITED, type UserIdentity } from '@malachite/model'
import type { JobBody } from '../../schema/job.ts'
import type { PoolBody } from '../../schema/pool.ts'
import type { TaskBody } from '../../schema/task.ts'
import type { JobRow } from '../../storage/jobs.ts'
import type { NodeRow } from '../../storage/nodes.ts'
import type { PoolRow } from '../../storage/pools.ts'
import { type TaskRow, unpackTask } from '../../storage/tasks.ts'
import { packagesFor, packagesOf } from '../pools/applications.ts'
import { containerOf } from '../nodes/containers.ts'
import type { Core } from '../core/core.ts'
import type { ApplicationPackage, CommandRun, InstanceRun, TaskRun } from '../core/effects.ts'

/** A job with its body, parsed once for all that is started of it. */
export interface JobParts {
  row: JobRow
  body: JobBody
}

/** A job with its body. */
export function partsOf(row: JobRow): JobParts {
  return { row, body: JSON.parse(row.body) as JobBody }
}

/** A run, and where it runs. */
export interface RunPlace {
  run: number
  job: JobParts
  node: NodeRow
  pool: PoolRow
}

/** A try of a task. */
export function taskRun(core: Core, place: RunPlace, task: TaskRow): TaskRun {
  const body = unpackTask(task)
  return {
    ...jobRun(core, place, task.id, body, body.constraints?.maxWallClockTime),
    outputFiles: body.outputFiles ?? [],
    ...withPackages(packagesFor(core, place.node, body.applicationPackageReferences)),
    ...preparationOf(place.job),
    ...(body.authenticationTokenSettings?.access?.includes('job') && { mayUseJob: true }),
  }
}

/** One of the commands of a multi-instance task. */
export function instanceRun(
  core: Core,
  place: RunPlace,
  task: TaskRow,
  instance: Omit<InstanceRun, 'commonResourceFiles'>,
): TaskRun {
  const { multiInstanceSettings: settings } = unpackTask(task)
  const commonResourceFiles = settings?.commonResourceFiles ?? []
  const run = { ...taskRun(core, place, task), instance: { ...instance, commonResourceFiles } }
  if (instance.phase === 'application') return { ...run, ...limitLeft(core, run, task) }
  return { ...run, commandLine: settings?.coordinationCommandLine ?? '', resourceFiles: [], outputFiles: [] }
}

/** What the coordination left of the time limit of the task. */
function limitLeft(core: Core, { maxWallClockMs }: TaskRun, { startedAt }: TaskRow): Partial<TaskRun> {
  if (maxWallClockMs === undefined || startedAt === null) return {}
  const used = Math.round((core.now() - startedAt) / 1000)
  return { maxWallClockMs: Math.max(0, maxWallClockMs - used) }
}

/** A run of the job's preparation task. */
export function preparationRun(core: Core, place: RunPlace, task: JobPreparation): TaskRun {
  return jobRun(core, place, task.id, task, task.constraints.maxWallClockTime)
}

/** A run of the job's release task. */
export function releaseRun(core: Core, place: RunPlace, task: JobRelease): TaskRun {
  return { ...jobRun(core, place, task.id, task, task.maxWallClockTime), ...preparationOf(place.job) }
}

export type JobPreparation = NonNullable<JobBody['jobPreparationTask']>
export type JobRelease = NonNullable<JobBody['jobReleaseTask']>
type Command = Pick<
  TaskBody,
  'commandLine' | 'containerSettings' | 'resourceFiles' | 'environmentSettings' | 'userIdentity'
>

function jobRun(
  core: Core,
  { run, job, node, pool }: RunPlace,
  taskId: string,
  command: Command,
  limit?: string,
): TaskRun {
  return {
    run,
    node: identity(node, pool.id),
    jobId: job.row.id,
    taskId,
    commandLine: command.commandLine,
    resourceFiles: command.resourceFiles ?? [],
    outputFiles: [],
    environment: mergeEnvironment(
      job.body.commonEnvironmentSettings ?? [],
      command.environmentSettings ?? [],
    ),
    userIdentity: command.userIdentity,
    ...missingUser(command.userIdentity, pool),
    ...containerOf(core, command.containerSettings, pool),
    ...withPackages(packagesOf(node)),
    ...(limit !== undefined && limit !== UNLIMITED && { maxWallClockMs: parseDuration(limit) ?? 0 }),
  }
}

/** Whether the account that is to run a command is none of the pool's: accepted, then found out on the node. */
export function missingUser({ username }: UserIdentity, pool: PoolRow): Pick<CommandRun, 'isUserMissing'> {
  if (username === undefined) return {}
  const { userAccounts = [] } = JSON.parse(pool.body) as PoolBody
  return userAccounts.some(({ name }) => name === username) ? {} : { isUserMissing: true }
}

function withPackages(applicationPackages: ApplicationPackage[] | undefined) {
  return applicationPackages && { applicationPackages }
}

function preparationOf({ row: { preparationId } }: JobParts) {
  return preparationId !== null && { preparationId }
}

/** A node as the runtime needs to know it. */
export function identity(node: NodeRow, poolId: string) {
  return { poolId, nodeId: node.id, isDedicated: node.dedicated === 1, ipAddress: node.ipAddress }
}

function mergeEnvironment(common: EnvironmentSetting[], own: EnvironmentSetting[]): EnvironmentSetting[] {
  if (common.length === 0) return own
  const names = new Set(own.map(({ name }) => name))
  return [...common.filter(({ name }) => !names.has(name)), ...own]
}

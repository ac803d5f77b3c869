// The variables a command sees: Azure Batch's own, a small system environment and the caller's. Nothing of the
// emulator's own environment gets in.

import { dirname } from 'node:path'
import type { EnvironmentSetting, UserIdentity } from '@malachite/model'
import type { ApplicationPackage, NodeIdentity, TaskRun } from '../engine/core/effects.ts'
import type { BatchAccount } from './account.ts'
import { packageVariables } from './application-packages.ts'
import { failure } from './failures.ts'
import { instanceVariables } from './instances.ts'
import type { CommandPlace } from './layout.ts'

/** What the values are made of. */
export interface EnvironmentContext {
  account: Pick<BatchAccount, 'name' | 'url' | 'jobToken'>
  node: NodeIdentity
  place: CommandPlace
  userIdentity: UserIdentity
  /** Absent for a start task. */
  task?: Pick<TaskRun, 'jobId' | 'taskId' | 'instance' | 'mayUseJob'>
  /** That of the job's preparation task, for the job's other tasks. */
  preparation?: CommandPlace
  applicationPackages?: readonly ApplicationPackage[]
}

/** Names and values; a name is there once. */
export type Environment = Record<string, string>

type Value = (context: EnvironmentContext) => string | undefined

/** The Node that runs the emulator comes first: a developer's machine may have none where systems put it, or an old one. */
const PATH = `${dirname(process.execPath)}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`

const VARIABLES: readonly (readonly [name: string, value: Value])[] = [
  ['PATH', () => PATH],
  ['LANG', () => 'C.UTF-8'],
  ['HOME', ({ place }) => place.workingDirectory],
  ['AZ_BATCH_ACCOUNT_NAME', ({ account }) => account.name],
  ['AZ_BATCH_ACCOUNT_URL', ({ account }) => account.url],
  ['AZ_BATCH_POOL_ID', ({ node }) => node.poolId],
  ['AZ_BATCH_NODE_ID', ({ node }) => node.nodeId],
  ['AZ_BATCH_NODE_IS_DEDICATED', ({ node }) => String(node.isDedicated)],
  ['AZ_BATCH_NODE_ROOT_DIR', ({ place }) => place.nodeRoot],
  ['AZ_BATCH_NODE_SHARED_DIR', ({ place }) => `${place.nodeRoot}/shared`],
  ['AZ_BATCH_NODE_STARTUP_DIR', ({ place }) => `${place.nodeRoot}/startup`],
  ['AZ_BATCH_NODE_STARTUP_WORKING_DIR', ({ place }) => `${place.nodeRoot}/startup/wd`],
  ['AZ_BATCH_NODE_MOUNTS_DIR', ({ place }) => `${place.nodeRoot}/fsmounts`],
  ['AZ_BATCH_JOB_ID', ({ task }) => task?.jobId],
  ['AZ_BATCH_TASK_ID', ({ task }) => task?.taskId],
  [
    'AZ_BATCH_AUTHENTICATION_TOKEN',
    ({ account, task }) => (task?.mayUseJob ? account.jobToken?.(task.jobId) : undefined),
  ],
  ['AZ_BATCH_JOB_PREP_DIR', ({ preparation }) => preparation?.root],
  ['AZ_BATCH_JOB_PREP_WORKING_DIR', ({ preparation }) => preparation?.workingDirectory],
  ['AZ_BATCH_TASK_DIR', ({ place }) => place.root],
  ['AZ_BATCH_TASK_WORKING_DIR', ({ place }) => place.workingDirectory],
  ['AZ_BATCH_CERTIFICATES_DIR', ({ place }) => place.certificates],
  ['AZ_BATCH_TASK_USER', ({ userIdentity }) => userIdentity.username ?? '_azbatch'],
  ['AZ_BATCH_TASK_USER_IDENTITY', ({ userIdentity }) => identityName(userIdentity)],
  // Free bytes below which the real agent reports DiskFull; the second name is that of newer agents.
  ['AZ_BATCH_TASK_RESERVED_EPHEMERAL_DISK_SPACE_BYTES', () => '1000000'],
  ['AZ_BATCH_RESERVED_DISK_SPACE_BYTES', () => '1000000'],
]

function identityName({ username, autoUser }: UserIdentity): string {
  if (username !== undefined) return username
  const scope = autoUser?.scope === 'task' ? 'Task' : 'Pool'
  return `${scope}${autoUser?.elevationLevel === 'admin' ? 'Admin' : 'NonAdmin'}`
}

/**
 * The environment of a command. The caller's settings win over the built-in variables and may refer to any variable
 * as `$NAME` or `${NAME}`.
 * @throws CommandFailure `CommandLaunchFailed` when settings refer to each other in a circle
 */
export function commandEnvironment(
  context: EnvironmentContext,
  settings: readonly EnvironmentSetting[],
): Environment {
  const builtIn: Environment = {}
  for (const [name, value] of VARIABLES) {
    const text = value(context)
    if (text !== undefined) builtIn[name] = text
  }
  const { applicationPackages, place } = context
  if (context.task?.instance) Object.assign(builtIn, instanceVariables(context.task, place.nodeRoot))
  if (applicationPackages) Object.assign(builtIn, packageVariables(applicationPackages, place.nodeRoot))
  return settings.length === 0 ? builtIn : mergeSettings(builtIn, settings)
}

/**
 * `base` with the settings, their references expanded. A setting that names itself means the value in `base`
 * (`PATH=/opt/bin:$PATH`). Exported for its tests.
 */
export function mergeSettings(base: Environment, settings: readonly EnvironmentSetting[]): Environment {
  const raw = new Map(settings.map(({ name, value }) => [name, value ?? '']))
  const done: Environment = { ...base }
  const pending = new Set(raw.keys())
  const open = new Set<string>()

  const resolve = (name: string): void => {
    open.add(name)
    const value = expandVariables(raw.get(name) ?? '', (other) => {
      if (pending.has(other) && !open.has(other)) resolve(other)
      else if (open.has(other) && !(other === name && other in base)) throw circle([...open, other])
      return other === name ? base[other] : done[other]
    })
    done[name] = value
    open.delete(name)
    pending.delete(name)
  }
  for (const name of raw.keys()) if (pending.has(name)) resolve(name)
  return done
}

function circle(names: string[]): Error {
  return failure('CommandLaunchFailed', {
    Message: `The environment settings refer to each other in a circle: ${names.join(' -> ')}`,
  })
}

/** Replaces `$NAME` and `${NAME}`; a reference to an unknown variable stays as it is written. */
export function expandVariables(text: string, lookUp: (name: string) => string | undefined): string {
  if (!text.includes('$')) return text
  return text.replaceAll(
    /\$(?:(\w+)|\{(\w+)\})/g,
    (reference, bare?: string, braced?: string) => lookUp(bare ?? braced ?? '') ?? reference,
  )
}

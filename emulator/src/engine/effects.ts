// What the engine wants done in the world, as data. The node runtime performs effects and answers with reports;
// neither side calls the other in the middle of a transaction.

import type {
  EnvironmentSetting,
  FailureInfo,
  OutputFile,
  ResourceFile,
  UserIdentity,
} from '@malachite/model'

/** A node as the runtime needs to know it. */
export interface NodeIdentity {
  poolId: string
  nodeId: string
  isDedicated: boolean
  ipAddress: string
}

/** A command line to run on a node, with everything that goes before and after it. */
export interface CommandRun {
  /** Names this try; reports carry it back, so that an answer about an earlier try is recognised. */
  run: number
  node: NodeIdentity
  commandLine: string
  resourceFiles: ResourceFile[]
  /** The caller's variables (the job's, overridden by the task's); AZ_BATCH_* come from the runtime. */
  environment: EnvironmentSetting[]
  userIdentity: UserIdentity
}

/** A try of a task. Its root is `workitems/<jobId>/job-1/<taskId>` below the node's root. */
export interface TaskRun extends CommandRun {
  jobId: string
  taskId: string
  outputFiles: OutputFile[]
  /** Milliseconds the command may take from its start; absent = no limit. */
  maxWallClockMs?: number
}

export type Effect =
  /** Ask for machines; report `nodesAllocated`. */
  | { type: 'allocateNodes'; poolId: string; resize: number }
  /** Make the node's directories, anew when `wipe`; report `nodeBooted`. Ends whatever still runs there first. */
  | { type: 'bootNode'; node: NodeIdentity; boot: number; wipe: boolean }
  /** Run the start task in `startup/wd` (made anew); report `startTaskEnded`. */
  | ({ type: 'runStartTask' } & CommandRun)
  /** Run a task; report `taskEnded`. */
  | ({ type: 'runTask' } & TaskRun)
  /** End the process group of a try of a task; its `taskEnded` report follows as for any other end. */
  | { type: 'endTask'; run: number }
  /** End everything on the node and delete its files; report `nodeRemoved`. */
  | { type: 'removeNode'; node: NodeIdentity }
  /** Delete a task's root directory; no report. */
  | { type: 'deleteTaskFiles'; nodeId: string; directory: string }
  /** Call `tick` at this time (milliseconds since 1970); no report other than that. */
  | { type: 'wakeAt'; time: number }

/** How a command line ended. Neither member: it was never started because the runtime was told to end it before. */
export interface CommandOutcome {
  run: number
  /** Exit code, or the negative signal number; absent when no process ran. */
  exitCode?: number
  /** Set when it was not the exit code that failed it: download, launch, wall clock, upload. */
  failure?: FailureInfo
}

/** What the runtime reports. Every effect but `deleteTaskFiles` is answered exactly once; reports never throw. */
export interface NodeReports {
  nodesAllocated(poolId: string, resize: number): void
  nodeBooted(nodeId: string, boot: number): void
  /** The directories could not be made: the node becomes unusable. */
  nodeBootFailed(nodeId: string, boot: number, message: string): void
  startTaskEnded(nodeId: string, outcome: CommandOutcome): void
  taskEnded(outcome: CommandOutcome): void
  nodeRemoved(nodeId: string): void
  tick(): void
}

/** The world as the engine sees it: real processes in `node/runtime.ts`, scripted ones in tests. */
export interface NodeRuntime {
  perform(effects: readonly Effect[]): void
  /** Ends every process and waits until they are gone. Calling it again does nothing. */
  close(): Promise<void>
}

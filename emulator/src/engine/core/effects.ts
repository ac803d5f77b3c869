// What the engine wants done in the world, as data. The node runtime performs effects and answers with reports;
// neither side calls the other in the middle of a transaction.

import type {
  ContainerInfo,
  EnvironmentSetting,
  FailureInfo,
  NodeError,
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

/** An application of the account: the zips of its versions, files of this machine; the last one is the default. */
export interface Application {
  id: string
  packages: readonly { version: string; path: string }[]
}

/** An application package that is to be on a node, and whose directory a variable of the command names. */
export interface ApplicationPackage {
  applicationId: string
  /** Empty when the default was asked for and there is none. */
  version: string
  /** It was asked for without a version: its variable has none either. */
  isDefault: boolean
  /** The zip; absent when there is no such package, which is found out when it is to be installed. */
  path?: string
}

/** Who may read the images of a registry; the latest password of that account, if one is known. */
export interface RegistryLogin {
  server: string
  username?: string
  /** Never written down: effects are not stored, and nothing of them is logged. */
  password?: string
}

/** Which directories of the node a container sees: what is asked for, each read-only or not. */
export interface ContainerMount {
  source?: 'Shared' | 'Startup' | 'VfsMounts' | 'Task' | 'JobPrep' | 'Applications'
  isReadOnly?: boolean
}

/** The container of a command. */
export interface ContainerRun {
  imageName: string
  /** The node's pool was made for containers. */
  isSupported: boolean
  /** More options of the engine's command, as written in a command line. */
  runOptions?: string
  /** The command starts where the image says, not in its working directory. */
  startsInImage?: true
  /** Absent: it sees the whole node. */
  mounts?: readonly ContainerMount[]
  /** The registries of the command or of its pool. */
  registries: readonly RegistryLogin[]
}

/** Images that are to be there before a node is used. */
export interface ContainerImages {
  names: readonly string[]
  registries: readonly RegistryLogin[]
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
  /** The pool has no account of that name: the command fails before it starts. */
  isUserMissing?: true
  /** The command is to run in a container. */
  container?: ContainerRun
  /** Those of the node and of the task; what is not on the node yet is installed before the command. */
  applicationPackages?: readonly ApplicationPackage[]
}

/**
 * A try of a task. Its root below the node's root is `workitems/<jobId>/job-1/<taskId>`; that of a job `s:job-2`, made by
 * a schedule, is `workitems/s/job-2/<taskId>`.
 */
export interface TaskRun extends CommandRun {
  jobId: string
  taskId: string
  outputFiles: OutputFile[]
  /** The job's preparation task, whose directories the command may use; absent without one, and for that itself. */
  preparationId?: string
  /** Milliseconds the command may take from its start; absent = no limit. */
  maxWallClockMs?: number
  /** It gets a token for the operations on its job. */
  mayUseJob?: boolean
  /** Set for the commands of a multi-instance task. */
  instance?: InstanceRun
}

/** One of the commands of a multi-instance task. */
export interface InstanceRun {
  /** 0 is the primary. The others' roots are `<the task's root>/<id>`. */
  id: number
  /** `application` runs on the primary, in the directories that its `coordination` made. */
  phase: 'coordination' | 'application'
  /** Fetched into the task's root before the coordination command. */
  commonResourceFiles: ResourceFile[]
  /** IP addresses of the task's nodes, the primary's first. */
  addresses: string[]
}

/** Something to do in the world, decided by the engine and performed by the node runtime after the commit. */
export type Effect =
  /** Ask for so many machines, or for none when the pool only shrinks; report `nodesAllocated`. */
  | { type: 'allocateNodes'; poolId: string; resize: number; machines: number }
  /** Make the node's directories, anew when `wipe`; report `nodeBooting`, then `nodeBooted`. Ends whatever still runs there first. */
  | {
      type: 'bootNode'
      node: NodeIdentity
      boot: number
      wipe: boolean
      /** To be there before the node is used; absent: none. */
      applicationPackages?: readonly ApplicationPackage[]
      /** The same for the images of containers. */
      images?: ContainerImages
    }
  /** Run the start task in `startup/wd` (made anew); report `startTaskEnded`. */
  | ({ type: 'runStartTask' } & CommandRun)
  /** Run a task; report `taskEnded`. */
  | ({ type: 'runTask' } & TaskRun)
  /** End the process group of a try of a task; its `taskEnded` report follows as for any other end. */
  | { type: 'endTask'; run: number }
  /** End everything on the node, whose machine is switched off; report `nodeStopped`. */
  | { type: 'stopNode'; node: NodeIdentity; boot: number }
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
  /** Set when it had a container, or was to have one. */
  container?: ContainerInfo
  /** Set when it was not the exit code that failed it: download, launch, wall clock, upload. */
  failure?: FailureInfo
}

/** What the runtime reports. Every effect but `deleteTaskFiles` is answered exactly once; reports never throw. */
export interface NodeReports {
  nodesAllocated(poolId: string, resize: number): void
  /** The machine is there; may be left out. */
  nodeBooting(nodeId: string, boot: number): void
  nodeBooted(nodeId: string, boot: number): void
  /** The directories could not be made or a package not be installed: the node becomes unusable. */
  nodeBootFailed(nodeId: string, boot: number, error: NodeError): void
  nodeStopped(nodeId: string, boot: number): void
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

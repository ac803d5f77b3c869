export type { ApplicationPackageReference, ApplicationSummary } from './application.ts'
export {
  MAX_COLLECTION_BYTES,
  MAX_TASKS_PER_COLLECTION,
  type BatchBackend,
  type BlobBackend,
  type CallOptions,
  type ListOptions,
  type ReadOptions,
  type SasOptions,
  type TransferOptions,
} from './backend.ts'
export type { BlobItem, SasPermission } from './blob.ts'
export {
  CERTIFICATE_STATES,
  type Certificate,
  type CertificateState,
  type DeleteCertificateError,
} from './certificate.ts'
export { clockBy, sleep, systemClock, type Clock, type ClockPace } from './clock.ts'
export { DEVELOPMENT_ACCOUNT, DEVELOPMENT_KEY } from './development.ts'
export {
  formatClock,
  formatDuration,
  parseDuration,
  parseTimeSpan,
  UNLIMITED,
  type Duration,
} from './duration.ts'
export {
  BATCH_ERRORS,
  BatchError,
  isBatchError,
  isTransient,
  type BatchErrorCode,
  type ErrorDetails,
} from './errors.ts'
export type { Explanation, Fact } from './explanation.ts'
export {
  JOB_STATES,
  type AutoPoolSpecification,
  type DisableTasksOption,
  type Job,
  type JobConstraints,
  type JobExecutionInfo,
  type JobSpec,
  type JobState,
  type JobTaskCounts,
  type PoolInfo,
  type TaskCounts,
} from './job.ts'
export type { JobNodeStatus, JobPreparationTaskInfo, JobReleaseTaskInfo } from './job-node.ts'
export {
  JOB_SCHEDULE_STATES,
  type JobSchedule,
  type JobScheduleExecutionInfo,
  type JobScheduleState,
  type JobSpecification,
  type Schedule,
} from './job-schedule.ts'
export {
  NODE_STATES,
  type ComputeNode,
  type ExtensionStatus,
  type InboundEndpoint,
  type NodeAgentInfo,
  type NodeCount,
  type NodeCounts,
  type NodeError,
  type NodeExtension,
  type NodeState,
  type RecentTask,
  type RemoteLoginSettings,
  type StartTaskInfo,
} from './node.ts'
export type { MetadataItem, NameValuePair } from './pair.ts'
export { QUOTA_NAMES, type QuotaName, type Quotas } from './quotas.ts'
export {
  ALLOCATION_STATES,
  POOL_STATES,
  type AllocationState,
  type AutoScaleRun,
  type AutoScaleRunError,
  type ImageReference,
  type NodeDeallocationOption,
  type Pool,
  type PoolResize,
  type PoolSpec,
  type PoolState,
  type ResizeError,
  type StartTask,
  type SupportedImage,
  type TaskSchedulingPolicy,
  type VirtualMachineConfiguration,
} from './pool.ts'
export { wrapCommandsInShell, quote } from './shell.ts'
export type { JobStatistics, PoolStatistics, PoolUsageMetrics, TaskStatistics } from './statistics.ts'
export {
  TASK_STATES,
  type AddTaskResult,
  type ContainerInfo,
  type EnvironmentSetting,
  type FailureInfo,
  type NodeFile,
  type OutputFile,
  type ResourceFile,
  type Task,
  type ExitConditions,
  type ExitOptions,
  type MultiInstanceSettings,
  type Subtask,
  type TaskConstraints,
  type TaskDependencies,
  type TaskExecutionInfo,
  type TaskNodeInfo,
  type TaskResult,
  type TaskSpec,
  type TaskState,
  type UploadCondition,
  type UserIdentity,
} from './task.ts'
export type { Wire } from './wire.ts'

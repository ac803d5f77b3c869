// From the engine's views to the service's JSON: members that are URLs, in their places, and the casing of some enums.

import type {
  Certificate,
  ComputeNode,
  Job,
  JobNodeStatus,
  JobReleaseTaskInfo,
  JobSchedule,
  NodeFile,
  OutputFile,
  Pool,
  PoolInfo,
  PoolSpec,
  RecentTask,
  Subtask,
  Task,
  Wire,
} from '@malachite/model'
import { encodePart } from './target.ts'

// `Partial`, because a list reads only the members that $select names; what is undefined is left out of the JSON.

/** A pool as the service writes it. */
export function poolBody(pool: Partial<Wire<Pool>>, base: string): object {
  const { id, displayName, ...rest } = pool
  return { id, displayName, url: poolUrl(base, id), ...poolMembers(rest) }
}

function poolMembers<Members extends Pick<PoolSpec, 'taskSchedulingPolicy'>>(pool: Members): Members {
  const { taskSchedulingPolicy: policy } = pool
  if (!policy) return pool
  const nodeFillType = canonical(policy.nodeFillType, ['Spread', 'Pack'])
  return { ...pool, taskSchedulingPolicy: { ...policy, nodeFillType } }
}

/** A job as the service writes it. */
export function jobBody(job: Partial<Wire<Job>>, base: string): object {
  const { id, displayName, ...rest } = job
  return { id, displayName, url: jobUrl(base, id), ...jobMembers(rest) }
}

/** A job schedule as the service writes it. */
export function jobScheduleBody(schedule: Partial<Wire<JobSchedule>>, base: string): object {
  const { id, displayName, jobSpecification, executionInfo, ...rest } = schedule
  const { recentJob } = executionInfo ?? {}
  const { metadata, ...members } = rest
  return {
    id,
    displayName,
    url: jobScheduleUrl(base, id),
    ...members,
    jobSpecification: jobSpecification && jobMembers(jobSpecification),
    metadata,
    executionInfo: executionInfo && {
      ...executionInfo,
      recentJob: recentJob && { url: jobUrl(base, recentJob.id), id: recentJob.id },
    },
  }
}

interface JobMembers {
  poolInfo?: Wire<PoolInfo>
  jobManagerTask?: { outputFiles?: OutputFile[] }
}

function jobMembers<Members extends JobMembers>(job: Members): object {
  const { autoPoolSpecification: auto } = job.poolInfo ?? {}
  const { jobManagerTask: manager } = job
  const outputFiles = manager?.outputFiles?.map(outputFileBody)
  return {
    ...job,
    ...(outputFiles && { jobManagerTask: { ...manager, outputFiles } }),
    ...(auto && { poolInfo: { autoPoolSpecification: { ...auto, pool: poolMembers(auto.pool) } } }),
  }
}

/** What the preparation and the release task of a job did on a node, as the service writes it. */
export function jobNodeBody(status: Wire<JobNodeStatus>, base: string): object {
  const { poolId, nodeId, jobPreparationTaskExecutionInfo, jobReleaseTaskExecutionInfo: released } = status
  const url = nodeUrl(base, poolId, nodeId)
  return {
    poolId,
    nodeId,
    nodeUrl: url,
    jobPreparationTaskExecutionInfo: jobTaskBody(jobPreparationTaskExecutionInfo, url),
    jobReleaseTaskExecutionInfo: released && jobTaskBody(released, url),
  }
}

function jobTaskBody(info: Wire<JobReleaseTaskInfo>, url: string): object {
  const { startTime, endTime, state, taskRootDirectory, ...rest } = info
  const taskRootDirectoryUrl = fileUrl(`${url}/files`, taskRootDirectory)
  return { startTime, endTime, state, taskRootDirectory, taskRootDirectoryUrl, ...rest }
}

/** A task as the service writes it. */
export function taskBody(task: Partial<Wire<Task>>, base: string, jobId: string): object {
  const { id, displayName, ...rest } = task
  return {
    id,
    displayName,
    url: taskUrl(base, jobId, id),
    ...rest,
    outputFiles: task.outputFiles?.map(outputFileBody),
    nodeInfo: task.nodeInfo && nodeInfoBody(task.nodeInfo, base),
  }
}

/** A subtask as the service writes it. */
export function subtaskBody(subtask: Partial<Wire<Subtask>>, base: string): object {
  return { ...subtask, nodeInfo: subtask.nodeInfo && nodeInfoBody(subtask.nodeInfo, base) }
}

/** A node as the service writes it. */
export function nodeBody(node: Partial<Wire<ComputeNode>>, base: string, poolId: string): object {
  const { id, isDedicated, endpointConfiguration, nodeAgentInfo, virtualMachineInfo, errors, ...rest } = node
  return {
    id,
    url: nodeUrl(base, poolId, id),
    ...rest,
    recentTasks: node.recentTasks?.map((task) => recentTaskBody(task, base)),
    // Certificates are retired; the service still lists them once the node has booted.
    certificateReferences: node.lastBootTime === undefined ? undefined : [],
    isDedicated,
    endpointConfiguration,
    nodeAgentInfo,
    virtualMachineInfo,
    errors,
  }
}

/** A certificate as the service writes it. */
export function certificateBody(certificate: Wire<Certificate>, base: string): object {
  const { thumbprint, thumbprintAlgorithm, ...rest } = certificate
  const key = `thumbprintAlgorithm=${thumbprintAlgorithm},thumbprint=${thumbprint}`
  return { thumbprint, thumbprintAlgorithm, url: `${base}/certificates(${key})`, ...rest }
}

/** A file in a listing; `url` is that of the listed directory's `files` resource. */
export function fileBody(file: NodeFile, filesUrl: string): object {
  const { name, isDirectory, properties } = file
  return {
    name,
    url: fileUrl(filesUrl, name),
    isDirectory,
    properties: properties && {
      lastModified: properties.lastModified.toISOString().replace(/\.?0+Z$/, 'Z'),
      // 64-bit numbers are text in this service.
      contentLength: String(properties.contentLength),
      contentType: properties.contentType,
      fileMode: properties.fileMode,
    },
  }
}

/** URL of a pool. */
export function poolUrl(base: string, poolId = ''): string {
  return `${base}/pools/${encodePart(poolId)}`
}

/** URL of a node. */
export function nodeUrl(base: string, poolId: string, nodeId = ''): string {
  return `${poolUrl(base, poolId)}/nodes/${encodePart(nodeId)}`
}

/** URL of a job. */
export function jobUrl(base: string, jobId = ''): string {
  return `${base}/jobs/${encodePart(jobId)}`
}

/** URL of a job schedule. */
export function jobScheduleUrl(base: string, jobScheduleId = ''): string {
  return `${base}/jobschedules/${encodePart(jobScheduleId)}`
}

/** URL of a task. */
export function taskUrl(base: string, jobId: string, taskId = ''): string {
  return `${jobUrl(base, jobId)}/tasks/${encodePart(taskId)}`
}

/** URL of a file below a `files` resource; the slashes of its path stay. */
export function fileUrl(filesUrl: string, path: string): string {
  return `${filesUrl}/${path.split('/').map(encodePart).join('/')}`
}

function nodeInfoBody(info: Wire<NonNullable<Task['nodeInfo']>>, base: string): object {
  const { affinityId, poolId, nodeId, taskRootDirectory } = info
  const url = nodeUrl(base, poolId, nodeId)
  return {
    affinityId,
    nodeUrl: url,
    poolId,
    nodeId,
    taskRootDirectory,
    taskRootDirectoryUrl: fileUrl(`${url}/files`, taskRootDirectory),
  }
}

function recentTaskBody(task: Wire<RecentTask>, base: string): object {
  return { taskUrl: taskUrl(base, task.jobId, task.taskId), ...task }
}

function outputFileBody(file: OutputFile): object {
  const { uploadCondition } = file.uploadOptions
  return {
    ...file,
    uploadOptions: {
      uploadCondition: canonical(uploadCondition, ['TaskSuccess', 'TaskFailure', 'TaskCompletion']),
    },
  }
}

// The service accepts enums in any casing and writes these few with capitals.
function canonical(value: string, names: readonly string[]): string {
  return names.find((name) => name.toLowerCase() === value.toLowerCase()) ?? value
}

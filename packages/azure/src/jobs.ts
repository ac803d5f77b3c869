// Jobs and tasks of the Batch client.

import type { BatchBackend } from '@malachite/model'
import type { BatchClient } from './batch-client.ts'
import { readPages } from './pages.ts'
import { fromTaskSpec, toAddTaskResult, toTaskCounts } from './requests.ts'
import { toJob, toTask } from './translate-job.ts'

type JobOperations = Pick<
  BatchBackend,
  'addJob' | 'getJob' | 'listJobs' | 'disableJob' | 'enableJob' | 'terminateJob' | 'deleteJob'
>

/** The operations of jobs. */
export function jobOperations(batch: BatchClient): JobOperations {
  const { call } = batch
  return {
    async addJob(job, options) {
      await call(options, (client, request) => client.job.add(job, request))
    },
    getJob: async (jobId, options) =>
      toJob(await call(options, (client, request) => client.job.get(jobId, request))),
    listJobs: (options) =>
      readPages(batch, options, {
        first: ({ job }, request, page) => job.list({ ...request, jobListOptions: page }),
        next: ({ job }, link, request) => job.listNext(link, request),
        translate: toJob,
      }),
    async disableJob(jobId, disableTasks, options) {
      await call(options, (client, request) => client.job.disable(jobId, disableTasks, request))
    },
    async enableJob(jobId, options) {
      await call(options, (client, request) => client.job.enable(jobId, request))
    },
    async terminateJob(jobId, options) {
      const reason = options?.reason === undefined ? {} : { terminateReason: options.reason }
      await call(options, (client, request) => client.job.terminate(jobId, { ...request, ...reason }))
    },
    async deleteJob(jobId, options) {
      await call(options, (client, request) => client.job.deleteMethod(jobId, request))
    },
  }
}

type TaskOperations = Pick<
  BatchBackend,
  'addTasks' | 'getTask' | 'listTasks' | 'getTaskCounts' | 'terminateTask' | 'reactivateTask' | 'deleteTask'
>

/** The operations of tasks. */
export function taskOperations(batch: BatchClient): TaskOperations {
  const { call } = batch
  return {
    async addTasks(jobId, tasks, options) {
      const added = tasks.map((task) => fromTaskSpec(task))
      const { value } = await call(options, (client, request) =>
        client.task.addCollection(jobId, added, request),
      )
      return (value ?? []).map((result) => toAddTaskResult(result))
    },
    getTask: async (jobId, taskId, options) =>
      toTask(await call(options, (client, request) => client.task.get(jobId, taskId, request))),
    listTasks: (jobId, options) =>
      readPages(batch, options, {
        first: ({ task }, request, page) => task.list(jobId, { ...request, taskListOptions: page }),
        next: ({ task }, link, request) => task.listNext(link, request),
        translate: toTask,
      }),
    getTaskCounts: async (jobId, options) =>
      toTaskCounts(await call(options, (client, request) => client.job.getTaskCounts(jobId, request))),
    async terminateTask(jobId, taskId, options) {
      await call(options, (client, request) => client.task.terminate(jobId, taskId, request))
    },
    async reactivateTask(jobId, taskId, options) {
      await call(options, (client, request) => client.task.reactivate(jobId, taskId, request))
    },
    async deleteTask(jobId, taskId, options) {
      await call(options, (client, request) => client.task.deleteMethod(jobId, taskId, request))
    },
  }
}

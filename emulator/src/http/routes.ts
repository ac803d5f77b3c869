// Every operation of the service, one row each. Rows without a handler answer 501; `versions.ts` knows which versions
// have which.

import { listNodeAgentSkus, listPoolNodeCounts, listSupportedImages } from './handlers/account.ts'
import * as applications from './handlers/applications.ts'
import * as certificates from './handlers/certificates.ts'
import * as files from './handlers/files.ts'
import * as schedules from './handlers/job-schedules.ts'
import * as jobs from './handlers/jobs.ts'
import * as access from './handlers/node-access.ts'
import * as nodes from './handlers/nodes.ts'
import * as pools from './handlers/pools.ts'
import * as statistics from './handlers/statistics.ts'
import * as tasks from './handlers/tasks.ts'
import { route, type Route } from './route.ts'

const JOB = '/jobs/{jobId}'
const TASK = '/jobs/{jobId}/tasks/{taskId}'
const POOL = '/pools/{poolId}'
const NODE = '/pools/{poolId}/nodes/{nodeId}'
const SCHEDULE = '/jobschedules/{jobScheduleId}'
const CERTIFICATE = '/certificates(thumbprintAlgorithm={thumbprintAlgorithm},thumbprint={thumbprint})'

/** The operations: verb, path, name, status of success, marks (see `Marks`), handler. */
// prettier-ignore
export const ROUTES: readonly Route[] = [
  route('GET',    '/supportedimages',                          'account.listSupportedImages',             200, '',     listSupportedImages),
  route('GET',    '/nodecounts',                               'account.listPoolNodeCounts',              200, '',     listPoolNodeCounts),
  route('GET',    '/poolusagemetrics',                         'pool.listUsageMetrics',                   200, '',     statistics.listPoolUsageMetrics),
  route('GET',    '/lifetimepoolstats',                        'pool.getAllLifetimeStatistics',           200, '',     statistics.getLifetimePoolStatistics),
  route('POST',   '/pools',                                    'pool.add',                                201, 'D',    pools.addPool),
  route('GET',    '/pools',                                    'pool.list',                               200, '',     pools.listPools),
  route('DELETE', POOL,                                        'pool.delete',                             202, 'C4',   pools.deletePool),
  route('HEAD',   POOL,                                        'pool.exists',                             200, 'C4',   pools.poolExists),
  route('GET',    POOL,                                        'pool.get',                                200, 'C4',   pools.getPool),
  route('PATCH',  POOL,                                        'pool.patch',                              200, 'D C4', pools.patchPool),
  route('POST',   `${POOL}/disableautoscale`,                  'pool.disableAutoScale',                   200, 'D',    pools.disableAutoScale),
  route('POST',   `${POOL}/enableautoscale`,                   'pool.enableAutoScale',                    200, 'D C4', pools.enableAutoScale),
  route('POST',   `${POOL}/evaluateautoscale`,                 'pool.evaluateAutoScale',                  200, 'D',    pools.evaluateAutoScale),
  route('POST',   `${POOL}/resize`,                            'pool.resize',                             202, 'D C4', pools.resizePool),
  route('POST',   `${POOL}/stopresize`,                        'pool.stopResize',                         202, 'D C4', pools.stopResizePool),
  route('POST',   `${POOL}/updateproperties`,                  'pool.updateProperties',                   204, 'D',    pools.updatePoolProperties),
  route('POST',   `${POOL}/removenodes`,                       'pool.removeNodes',                        202, 'D C4', pools.removeNodes),
  route('POST',   `${NODE}/users`,                             'computeNode.addUser',                     201, 'D',    access.addUser),
  route('DELETE', `${NODE}/users/{userName}`,                  'computeNode.deleteUser',                  200, '',     access.deleteUser),
  route('PUT',    `${NODE}/users/{userName}`,                  'computeNode.updateUser',                  200, 'D',    access.updateUser),
  route('GET',    NODE,                                        'computeNode.get',                         200, '',     nodes.getNode),
  route('POST',   `${NODE}/reboot`,                            'computeNode.reboot',                      202, 'D',    nodes.rebootNode),
  route('POST',   `${NODE}/reimage`,                           'computeNode.reimage',                     202, 'D',    nodes.reimageNode),
  route('POST',   `${NODE}/deallocate`,                        'computeNode.deallocate',                  202, 'D',    nodes.deallocateNode),
  route('POST',   `${NODE}/start`,                             'computeNode.start',                       202, 'D',    nodes.startNode),
  route('POST',   `${NODE}/disablescheduling`,                 'computeNode.disableScheduling',           200, 'D',    nodes.disableScheduling),
  route('POST',   `${NODE}/enablescheduling`,                  'computeNode.enableScheduling',            200, 'D',    nodes.enableScheduling),
  route('GET',    `${NODE}/remoteloginsettings`,               'computeNode.getRemoteLoginSettings',      200, 'D',    access.getRemoteLoginSettings),
  route('GET',    `${NODE}/rdp`,                               'computeNode.getRemoteDesktop',            200, '',     access.getRemoteDesktop),
  route('POST',   `${NODE}/uploadbatchservicelogs`,            'computeNode.uploadBatchServiceLogs',      200, '',     access.uploadServiceLogs),
  route('GET',    `${POOL}/nodes`,                             'computeNode.list',                        200, '',     nodes.listNodes),
  route('GET',    `${NODE}/extensions/{extensionName}`,        'computeNodeExtension.get',                200, '',     access.getExtension),
  route('GET',    `${NODE}/extensions`,                        'computeNodeExtension.list',               200, '',     access.listExtensions),
  route('DELETE', `${TASK}/files/{filePath}`,                  'file.deleteFromTask',                     200, '',     files.deleteTaskFile),
  route('GET',    `${TASK}/files/{filePath}`,                  'file.getFromTask',                        200, '',     files.getTaskFile),
  route('HEAD',   `${TASK}/files/{filePath}`,                  'file.getPropertiesFromTask',              200, '',     files.getTaskFileProperties),
  route('DELETE', `${NODE}/files/{filePath}`,                  'file.deleteFromComputeNode',              200, '',     files.deleteNodeFile),
  route('GET',    `${NODE}/files/{filePath}`,                  'file.getFromComputeNode',                 200, '',     files.getNodeFile),
  route('HEAD',   `${NODE}/files/{filePath}`,                  'file.getPropertiesFromComputeNode',       200, '',     files.getNodeFileProperties),
  route('GET',    `${TASK}/files`,                             'file.listFromTask',                       200, '',     files.listTaskFiles),
  route('GET',    `${NODE}/files`,                             'file.listFromComputeNode',                200, '',     files.listNodeFiles),
  route('GET',    '/lifetimejobstats',                         'job.getAllLifetimeStatistics',            200, '',     statistics.getLifetimeJobStatistics),
  route('DELETE', JOB,                                         'job.delete',                              202, 'C4',   jobs.deleteJob),
  route('GET',    JOB,                                         'job.get',                                 200, 'C4',   jobs.getJob),
  route('PATCH',  JOB,                                         'job.patch',                               200, 'D C4', jobs.patchJob),
  route('PUT',    JOB,                                         'job.update',                              200, 'D C4', jobs.updateJob),
  route('POST',   `${JOB}/disable`,                            'job.disable',                             202, 'D C4', jobs.disableJob),
  route('POST',   `${JOB}/enable`,                             'job.enable',                              202, 'D C4', jobs.enableJob),
  route('POST',   `${JOB}/terminate`,                          'job.terminate',                           202, 'D C4', jobs.terminateJob),
  route('POST',   '/jobs',                                     'job.add',                                 201, 'D',    jobs.addJob),
  route('GET',    '/jobs',                                     'job.list',                                200, '',     jobs.listJobs),
  route('GET',    `${SCHEDULE}/jobs`,                          'job.listFromJobSchedule',                 200, '',     schedules.listJobsOfSchedule),
  route('GET',    `${JOB}/jobpreparationandreleasetaskstatus`, 'job.listPreparationAndReleaseTaskStatus', 200, '',     jobs.listPreparationAndReleaseTaskStatus),
  route('GET',    `${JOB}/taskcounts`,                         'job.getTaskCounts',                       200, '',     jobs.getTaskCounts),
  route('POST',   `${JOB}/tasks`,                              'task.add',                                201, 'D',    tasks.addTask),
  route('GET',    `${JOB}/tasks`,                              'task.list',                               200, '',     tasks.listTasks),
  route('POST',   `${JOB}/addtaskcollection`,                  'task.addCollection',                      200, '',     tasks.addTaskCollection),
  route('DELETE', TASK,                                        'task.delete',                             200, 'C4',   tasks.deleteTask),
  route('GET',    TASK,                                        'task.get',                                200, 'C4',   tasks.getTask),
  route('PUT',    TASK,                                        'task.update',                             200, 'D C4', tasks.updateTask),
  route('GET',    `${TASK}/subtasksinfo`,                      'task.listSubtasks',                       200, '',     tasks.listSubtasks),
  route('POST',   `${TASK}/terminate`,                         'task.terminate',                          204, 'D C4', tasks.terminateTask),
  route('POST',   `${TASK}/reactivate`,                        'task.reactivate',                         204, 'C4',   tasks.reactivateTask),
  route('HEAD',   SCHEDULE,                                    'jobSchedule.exists',                      200, 'C4',   schedules.jobScheduleExists),
  route('DELETE', SCHEDULE,                                    'jobSchedule.delete',                      202, 'C4',   schedules.deleteJobSchedule),
  route('GET',    SCHEDULE,                                    'jobSchedule.get',                         200, 'C4',   schedules.getJobSchedule),
  route('PATCH',  SCHEDULE,                                    'jobSchedule.patch',                       200, 'D C4', schedules.patchJobSchedule),
  route('PUT',    SCHEDULE,                                    'jobSchedule.update',                      200, 'D C4', schedules.updateJobSchedule),
  route('POST',   `${SCHEDULE}/disable`,                       'jobSchedule.disable',                     204, 'D C4', schedules.disableJobSchedule),
  route('POST',   `${SCHEDULE}/enable`,                        'jobSchedule.enable',                      204, 'D C4', schedules.enableJobSchedule),
  route('POST',   `${SCHEDULE}/terminate`,                     'jobSchedule.terminate',                   202, 'D C4', schedules.terminateJobSchedule),
  route('POST',   '/jobschedules',                             'jobSchedule.add',                         201, 'D',    schedules.addJobSchedule),
  route('GET',    '/jobschedules',                             'jobSchedule.list',                        200, '',     schedules.listJobSchedules),
  route('POST',   '/certificates',                             'certificate.add',                         201, 'D',    certificates.addCertificate),
  route('GET',    '/certificates',                             'certificate.list',                        200, '',     certificates.listCertificates),
  route('POST',   `${CERTIFICATE}/canceldelete`,               'certificate.cancelDeletion',              204, 'D',    certificates.cancelCertificateDeletion),
  route('DELETE', CERTIFICATE,                                 'certificate.delete',                      202, '',     certificates.deleteCertificate),
  route('GET',    CERTIFICATE,                                 'certificate.get',                         200, '',     certificates.getCertificate),
  route('GET',    '/applications',                             'application.list',                        200, '',     applications.listApplications),
  route('GET',    '/applications/{applicationId}',             'application.get',                         200, '',     applications.getApplication),
  // Of other versions only.
  route('GET',    '/nodeagentskus',                            'account.listNodeAgentSkus',               200, '',     listNodeAgentSkus),
]

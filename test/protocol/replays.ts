// How each recorded operation is made to succeed, and each recorded error provoked, on an emulator.

import { CER, pfxOf, THUMBPRINT } from '../helpers/certificate.ts'
import {
  addPoolWithNodes,
  addStubbornTask,
  type Answer,
  type Call,
  type CallOptions,
  jobOf,
  must,
  poolOf,
  runTask,
  scheduleOf,
  taskOf,
  until,
} from './helpers.ts'

/** What a replay sends with: the recording's query, and its wish for an echo of the client's request id. */
export interface Sender {
  send: (line: string, options?: CallOptions) => Promise<Answer>
  query: string
}
/** Makes an operation succeed or fail as it was recorded. */
export type Replay = (sender: Sender) => Promise<Answer>

/** Replays by operation, and for errors by operation and code: `POST /jobs JobExists`. */
export interface Replays {
  successes: Readonly<Record<string, Replay>>
  failures: Readonly<Record<string, Replay>>
}

const EVERYTHING = { certificateReferences: [], applicationPackageReferences: [], metadata: [] }
const FULL_POOL = {
  startTask: { commandLine: 'true' },
  userAccounts: [{ name: 'u', password: 'p' }],
  metadata: [{ name: 'a', value: 'b' }],
  certificateReferences: [],
  targetNodeCommunicationMode: 'classic',
  networkConfiguration: { subnetId: '/subscriptions/s/subnets/n' },
}
/** With members that only later versions know. */
const NEWER_POOL = { ...FULL_POOL, upgradePolicy: { mode: 'manual' } }
const NEWER = { version: '2024-07-01.20.0' }
const FORMULA = { autoScaleFormula: '$TargetDedicatedNodes = 0;' }
const STALE = { headers: { 'if-match': '0x8DA9061B2F7BB2F' } }
const TASK = '/jobs/j/tasks/t'
const CERTIFICATE = '/certificates(thumbprintAlgorithm={thumbprintAlgorithm},thumbprint={thumbprint})'

/**
 * Adds the pool `p` with a node, the pool `q`, and the job `j` with the completed task `t`, which replays use. Some use
 * the application `app` of the emulator as well.
 */
export async function createReplays(call: Call): Promise<Replays> {
  const steps = createSteps(call)
  const [nodeId] = await addPoolWithNodes(call, 'p', 1, FULL_POOL)
  await must(call('POST /jobs', { json: jobOf('j', 'p') }))
  const applicationPackageReferences = [{ applicationId: 'app' }]
  await runTask(call, 'j', taskOf('t', 'echo hello', { resourceFiles: [], applicationPackageReferences }))
  await must(call('POST /pools', { json: poolOf('q') }))
  const node = `/pools/p/nodes/${nodeId}`
  return {
    successes: {
      ...poolSuccesses(steps),
      ...nodeSuccesses(steps, node),
      ...jobSuccesses(steps),
      ...jobScheduleSuccesses(steps),
      ...taskSuccesses(steps),
      ...accountSuccesses(steps),
    },
    failures: { ...poolFailures(steps, node), ...jobFailures(steps), ...accountFailures(steps) },
  }
}

type Steps = ReturnType<typeof createSteps>

function createSteps(call: Call) {
  let count = 0
  const fresh = (): string => `x${count++}`

  async function newPool(more: object = {}): Promise<string> {
    const id = fresh()
    await must(call('POST /pools', { json: poolOf(id, more), ...NEWER }))
    await until(call, `/pools/${id}`, (pool) => pool['allocationState'] === 'steady')
    return `/pools/${id}`
  }

  async function newJob(poolId = 'no-such-pool', more: object = {}): Promise<string> {
    const id = fresh()
    await must(call('POST /jobs', { json: jobOf(id, poolId, more) }))
    return `/jobs/${id}`
  }

  async function newTask(): Promise<string> {
    const job = await newJob()
    await must(call(`POST ${job}/tasks`, { json: taskOf('t') }))
    return `${job}/tasks/t`
  }

  async function disabledJob(): Promise<string> {
    const job = await newJob()
    await must(call(`POST ${job}/disable`, { json: { disableTasks: 'requeue' } }))
    await until(call, job, (body) => body['state'] === 'disabled')
    return job
  }

  async function newSchedule(): Promise<string> {
    const id = fresh()
    await must(call('POST /jobschedules', { json: scheduleOf(id) }))
    return `/jobschedules/${id}`
  }

  async function disabledSchedule(): Promise<string> {
    const schedule = await newSchedule()
    await must(call(`POST ${schedule}/disable`))
    return schedule
  }

  async function newCertificate(): Promise<string> {
    const thumbprint = String(count++).padStart(40, '0')
    await must(call('POST /certificates', { json: pfxOf(thumbprint) }))
    return certificateOf(thumbprint)
  }

  async function newFile(): Promise<string> {
    const id = fresh()
    await runTask(call, 'j', taskOf(id))
    return id
  }

  /** A job whose deletion takes a while, and its pool. */
  async function busy(): Promise<{ job: string; pool: string }> {
    const id = fresh()
    await addPoolWithNodes(call, id, 1)
    const job = await newJob(id)
    await addStubbornTask(call, job.slice('/jobs/'.length), 't')
    return { job, pool: `/pools/${id}` }
  }

  return {
    call,
    fresh,
    newPool,
    newJob,
    newTask,
    disabledJob,
    newSchedule,
    disabledSchedule,
    newCertificate,
    newFile,
    busy,
  }
}

function poolSuccesses({ call, fresh, newPool, busy }: Steps): Readonly<Record<string, Replay>> {
  return {
    'GET /supportedimages': ({ send }) => send('GET /supportedimages'),
    'POST /pools': ({ send }) => send('POST /pools', { json: poolOf(fresh()) }),
    'GET /pools': ({ send, query }) => send(`GET /pools${query.replace(/&\$skiptoken=.*/, '')}`),
    'GET /pools/{poolId}': async ({ send, query }) => send(`GET ${await newPool(NEWER_POOL)}${query}`),
    'HEAD /pools/{poolId}': ({ send }) => send('HEAD /pools/p'),
    'DELETE /pools/{poolId}': async ({ send }) => send(`DELETE ${await newPool()}`),
    'PATCH /pools/{poolId}': ({ send }) => send('PATCH /pools/q', { json: {} }),
    'POST /pools/{poolId}/updateproperties': ({ send }) =>
      send('POST /pools/q/updateproperties', { json: EVERYTHING }),
    'POST /pools/{poolId}/resize': async ({ send }) =>
      send(`POST ${await newPool()}/resize`, { json: { targetDedicatedNodes: 0 } }),
    'POST /pools/{poolId}/stopresize': async ({ send }) => {
      const { pool } = await busy()
      const json = { targetDedicatedNodes: 0, nodeDeallocationOption: 'taskcompletion' }
      await must(call(`POST ${pool}/resize`, { json }))
      return send(`POST ${pool}/stopresize`)
    },
    'POST /pools/{poolId}/enableautoscale': async ({ send }) =>
      send(`POST ${await newPool()}/enableautoscale`, { json: FORMULA }),
    'POST /pools/{poolId}/disableautoscale': async ({ send }) =>
      send(`POST ${await autoScalingPool(call, newPool)}/disableautoscale`),
    'POST /pools/{poolId}/evaluateautoscale': async ({ send }) =>
      send(`POST ${await autoScalingPool(call, newPool)}/evaluateautoscale`, { json: FORMULA }),
    'POST /pools/{poolId}/removenodes': async ({ send }) => {
      const id = fresh()
      return send(`POST /pools/${id}/removenodes`, {
        json: { nodeList: await addPoolWithNodes(call, id, 1) },
      })
    },
  }
}

/** A time from which there are no logs: nothing is uploaded. */
const NO_LOGS = {
  containerUrl: 'http://127.0.0.1:9/box?sig=s',
  startTime: '2016-01-01T00:00:00Z',
  endTime: '2016-01-02T00:00:00Z',
}
const LATER = { version: '2024-07-01.20.0' }

async function autoScalingPool(call: Call, newPool: Steps['newPool']): Promise<string> {
  const pool = await newPool()
  await must(call(`POST ${pool}/enableautoscale`, { json: FORMULA }))
  return pool
}

function nodeSuccesses({ call, fresh, newFile }: Steps, node: string): Readonly<Record<string, Replay>> {
  const newNode = async (): Promise<string> => {
    const id = fresh()
    const [first] = await addPoolWithNodes(call, id, 1)
    return `/pools/${id}/nodes/${first}`
  }
  const newUser = async (): Promise<string> => {
    const name = fresh()
    await must(call(`POST ${node}/users`, { json: { name } }))
    return `${node}/users/${name}`
  }
  return {
    'GET /nodecounts': ({ send }) => send('GET /nodecounts'),
    'GET /pools/{poolId}/nodes': ({ send }) => send('GET /pools/p/nodes'),
    'GET /pools/{poolId}/nodes/{nodeId}': ({ send }) => send(`GET ${node}`),
    'POST /pools/{poolId}/nodes/{nodeId}/reboot': async ({ send }) => send(`POST ${await newNode()}/reboot`),
    'POST /pools/{poolId}/nodes/{nodeId}/reimage': async ({ send }) =>
      send(`POST ${await newNode()}/reimage`),
    'POST /pools/{poolId}/nodes/{nodeId}/deallocate': async ({ send }) =>
      send(`POST ${await newNode()}/deallocate`, LATER),
    'POST /pools/{poolId}/nodes/{nodeId}/start': async ({ send }) => {
      const other = await newNode()
      await must(call(`POST ${other}/deallocate`, LATER))
      await until(call, other, (body) => body['state'] === 'deallocated')
      return send(`POST ${other}/start`, LATER)
    },
    'POST /pools/{poolId}/nodes/{nodeId}/users': ({ send }) =>
      send(`POST ${node}/users`, { json: { name: fresh(), password: 'p' } }),
    'PUT /pools/{poolId}/nodes/{nodeId}/users/{userName}': async ({ send }) =>
      send(`PUT ${await newUser()}`, { json: { password: 'q' } }),
    'DELETE /pools/{poolId}/nodes/{nodeId}/users/{userName}': async ({ send }) =>
      send(`DELETE ${await newUser()}`),
    'GET /pools/{poolId}/nodes/{nodeId}/remoteloginsettings': ({ send }) =>
      send(`GET ${node}/remoteloginsettings`),
    'GET /pools/{poolId}/nodes/{nodeId}/rdp': ({ send }) => send(`GET ${node}/rdp`),
    'POST /pools/{poolId}/nodes/{nodeId}/uploadbatchservicelogs': ({ send }) =>
      send(`POST ${node}/uploadbatchservicelogs`, { json: NO_LOGS }),
    'POST /pools/{poolId}/nodes/{nodeId}/disablescheduling': async ({ send }) => {
      const answer = await send(`POST ${node}/disablescheduling`)
      await must(call(`POST ${node}/enablescheduling`))
      return answer
    },
    'POST /pools/{poolId}/nodes/{nodeId}/enablescheduling': async ({ send }) => {
      await must(call(`POST ${node}/disablescheduling`))
      return send(`POST ${node}/enablescheduling`)
    },
    'GET /pools/{poolId}/nodes/{nodeId}/files': ({ send, query }) => send(`GET ${node}/files${query}`),
    'GET /pools/{poolId}/nodes/{nodeId}/files/{filePath}': ({ send }) =>
      send(`GET ${node}/files/workitems%5Cj%5Cjob-1%5Ct%5Cstdout.txt`),
    'HEAD /pools/{poolId}/nodes/{nodeId}/files/{filePath}': ({ send }) =>
      send(`HEAD ${node}/files/workitems%2Fj%2Fjob-1%2Ft%2Fstdout.txt`),
    'DELETE /pools/{poolId}/nodes/{nodeId}/files/{filePath}': async ({ send }) =>
      send(`DELETE ${node}/files/workitems%2Fj%2Fjob-1%2F${await newFile()}%2Fstdout.txt`),
  }
}

function jobSuccesses({ fresh, newJob, disabledJob }: Steps): Readonly<Record<string, Replay>> {
  return {
    'POST /jobs': ({ send }) => send('POST /jobs', { json: jobOf(fresh()) }),
    'GET /jobs': ({ send }) => send('GET /jobs'),
    'GET /jobs/{jobId}': async ({ send }) => send(`GET ${await disabledJob()}`),
    'PUT /jobs/{jobId}': async ({ send }) =>
      send(`PUT ${await newJob()}`, { json: { poolInfo: { poolId: 'no-such-pool' } } }),
    'PATCH /jobs/{jobId}': async ({ send }) => send(`PATCH ${await newJob()}`, { json: {} }),
    'POST /jobs/{jobId}/disable': async ({ send }) =>
      send(`POST ${await newJob()}/disable`, { json: { disableTasks: 'requeue' } }),
    'POST /jobs/{jobId}/enable': async ({ send }) => send(`POST ${await disabledJob()}/enable`),
    'POST /jobs/{jobId}/terminate': async ({ send }) => send(`POST ${await newJob()}/terminate`),
    'DELETE /jobs/{jobId}': async ({ send }) => send(`DELETE ${await newJob()}`),
    'GET /jobs/{jobId}/taskcounts': ({ send }) => send('GET /jobs/j/taskcounts'),
    'GET /jobs/{jobId}/jobpreparationandreleasetaskstatus': async ({ send }) => {
      const job = await newJob('no-such-pool', { jobPreparationTask: { commandLine: 'true' } })
      return send(`GET ${job}/jobpreparationandreleasetaskstatus`)
    },
  }
}

function jobScheduleSuccesses({
  fresh,
  newSchedule,
  disabledSchedule,
}: Steps): Readonly<Record<string, Replay>> {
  return {
    'POST /jobschedules': ({ send }) => send('POST /jobschedules', { json: scheduleOf(fresh()) }),
    'GET /jobschedules': async ({ send, query }) => {
      await newSchedule()
      return send(`GET /jobschedules${query}`)
    },
    'GET /jobschedules/{jobScheduleId}': async ({ send, query }) =>
      send(`GET ${await disabledSchedule()}${query}`),
    'HEAD /jobschedules/{jobScheduleId}': async ({ send }) => send(`HEAD ${await newSchedule()}`),
    'GET /jobschedules/{jobScheduleId}/jobs': async ({ send }) => send(`GET ${await newSchedule()}/jobs`),
    'PUT /jobschedules/{jobScheduleId}': async ({ send }) =>
      send(`PUT ${await newSchedule()}`, { json: { ...scheduleOf('none'), id: undefined } }),
    'PATCH /jobschedules/{jobScheduleId}': async ({ send }) =>
      send(`PATCH ${await newSchedule()}`, { json: {} }),
    'POST /jobschedules/{jobScheduleId}/disable': async ({ send }) =>
      send(`POST ${await newSchedule()}/disable`),
    'POST /jobschedules/{jobScheduleId}/enable': async ({ send }) =>
      send(`POST ${await disabledSchedule()}/enable`),
    'POST /jobschedules/{jobScheduleId}/terminate': async ({ send }) =>
      send(`POST ${await newSchedule()}/terminate`),
    'DELETE /jobschedules/{jobScheduleId}': async ({ send }) => send(`DELETE ${await newSchedule()}`),
  }
}

function taskSuccesses({ call, fresh, newTask, newFile }: Steps): Readonly<Record<string, Replay>> {
  return {
    'POST /jobs/{jobId}/tasks': ({ send }) => send('POST /jobs/j/tasks', { json: taskOf(fresh()) }),
    'GET /jobs/{jobId}/tasks': ({ send, query }) => send(`GET /jobs/j/tasks${query}`),
    'GET /jobs/{jobId}/tasks/{taskId}': ({ send }) => send(`GET ${TASK}`),
    'PUT /jobs/{jobId}/tasks/{taskId}': async ({ send }) =>
      send(`PUT ${await newTask()}`, { json: { constraints: { maxTaskRetryCount: 5 } } }),
    'POST /jobs/{jobId}/tasks/{taskId}/terminate': async ({ send }) =>
      send(`POST ${await newTask()}/terminate`),
    'POST /jobs/{jobId}/tasks/{taskId}/reactivate': async ({ send }) => {
      const task = await newTask()
      await must(call(`POST ${task}/terminate`))
      return send(`POST ${task}/reactivate`)
    },
    'DELETE /jobs/{jobId}/tasks/{taskId}': async ({ send }) => send(`DELETE ${await newTask()}`),
    'GET /jobs/{jobId}/tasks/{taskId}/subtasksinfo': ({ send }) => send(`GET ${TASK}/subtasksinfo`),
    'POST /jobs/{jobId}/addtaskcollection': ({ send }) =>
      send('POST /jobs/j/addtaskcollection', { json: { value: [taskOf(fresh()), taskOf('t')] } }),
    'GET /jobs/{jobId}/tasks/{taskId}/files': ({ send }) => send(`GET ${TASK}/files`),
    'GET /jobs/{jobId}/tasks/{taskId}/files/{filePath}': ({ send }) => send(`GET ${TASK}/files/stdout.txt`),
    'HEAD /jobs/{jobId}/tasks/{taskId}/files/{filePath}': ({ send }) => send(`HEAD ${TASK}/files/stdout.txt`),
    'DELETE /jobs/{jobId}/tasks/{taskId}/files/{filePath}': async ({ send }) =>
      send(`DELETE /jobs/j/tasks/${await newFile()}/files/stdout.txt`),
  }
}

function accountSuccesses({ newCertificate }: Steps): Readonly<Record<string, Replay>> {
  return {
    'GET /applications': ({ send }) => send('GET /applications'),
    'GET /applications/{applicationId}': ({ send }) => send('GET /applications/app'),
    'GET /lifetimejobstats': ({ send }) => send('GET /lifetimejobstats'),
    'GET /lifetimepoolstats': ({ send }) => send('GET /lifetimepoolstats'),
    'GET /poolusagemetrics': ({ send }) => send('GET /poolusagemetrics'),
    'POST /certificates': ({ send }) => send('POST /certificates', { json: CER }),
    'GET /certificates': ({ send }) => send("GET /certificates?$filter=state eq 'active'"),
    [`GET ${CERTIFICATE}`]: ({ send }) => send(`GET ${certificateOf(THUMBPRINT)}`),
    [`DELETE ${CERTIFICATE}`]: async ({ send }) => send(`DELETE ${await newCertificate()}`),
  }
}

function certificateOf(thumbprint: string): string {
  return `/certificates(thumbprintAlgorithm=sha1,thumbprint=${thumbprint})`
}

function accountFailures({ call, newCertificate, busy }: Steps): Readonly<Record<string, Replay>> {
  return {
    [`POST ${CERTIFICATE}/canceldelete CertificateBeingDeleted`]: async ({ send }) => {
      const certificate = await newCertificate()
      const [, thumbprint] = /thumbprint=(\w+)/.exec(certificate) ?? []
      const { pool } = await busy()
      const certificateReferences = [{ thumbprint, thumbprintAlgorithm: 'sha1' }]
      await must(call(`PATCH ${pool}`, { json: { certificateReferences } }))
      // A certificate is there until the pools that refer to it are gone.
      await must(call(`DELETE ${pool}`))
      await must(call(`DELETE ${certificate}`))
      return send(`POST ${certificate}/canceldelete`)
    },
  }
}

/** A pool whose machines are wrong. */
function poolWith(machines: object): object {
  const { virtualMachineConfiguration } = poolOf('refused') as { virtualMachineConfiguration: object }
  return poolOf('refused', { virtualMachineConfiguration: { ...virtualMachineConfiguration, ...machines } })
}

function poolFailures({ call, newPool, busy }: Steps, node: string): Readonly<Record<string, Replay>> {
  return {
    'POST /pools/{poolId}/nodes/{nodeId}/users NodeUserExists': async ({ send }) => {
      await must(call(`POST ${node}/users`, { json: { name: 'taken' } }))
      return send(`POST ${node}/users`, { json: { name: 'taken' } })
    },
    'DELETE /pools/{poolId}/nodes/{nodeId}/users/{userName} NodeUserNotFound': ({ send }) =>
      send(`DELETE ${node}/users/none`),
    'POST /pools/{poolId}/enableautoscale InvalidPropertyValue': async ({ send }) =>
      send(`POST ${await newPool()}/enableautoscale`, {
        json: { ...FORMULA, autoScaleEvaluationInterval: 'PT1M' },
      }),
    'POST /pools/{poolId}/enableautoscale TooManyEnableAutoScaleRequests': async ({ send }) =>
      send(`POST ${await autoScalingPool(call, newPool)}/enableautoscale`, { json: FORMULA }),
    'POST /pools InvalidPropertyValue virtualMachineImageId': ({ send }) =>
      send('POST /pools', {
        json: poolWith({ imageReference: { virtualMachineImageId: '/images/FakeImage' } }),
      }),
    'POST /pools InvalidPropertyValue windowsUserConfiguration': ({ send }) => {
      const windowsUserConfiguration = { loginMode: 'batch' }
      const userAccounts = [{ name: 'testaccount', password: 'secret', windowsUserConfiguration }]
      return send('POST /pools', { json: poolOf('refused', { userAccounts }) })
    },
    'POST /pools InvalidPropertyValue containerConfiguration': ({ send }) =>
      send('POST /pools', { json: poolWith({ containerConfiguration: {} }) }),
    'POST /pools PoolExists': ({ send }) => send('POST /pools', { json: poolOf('p') }),
    'GET /pools InvalidQueryParameterValue': ({ send, query }) => send(`GET /pools${query}`),
    'GET /pools/{poolId} PoolNotFound': ({ send }) => send('GET /pools/none'),
    'HEAD /pools/{poolId} ': ({ send }) => send('HEAD /pools/none'),
    'DELETE /pools/{poolId} PoolBeingDeleted': async ({ send }) => {
      const { pool } = await busy()
      await must(call(`DELETE ${pool}`))
      return send(`DELETE ${pool}`)
    },
    'POST /pools/{poolId}/nodes/{nodeId}/enablescheduling NodeAlreadyInTargetSchedulingState': ({ send }) =>
      send(`POST ${node}/enablescheduling`),
  }
}

function jobFailures({ call, newJob, newTask, busy }: Steps): Readonly<Record<string, Replay>> {
  return {
    'GET /jobs MissingRequiredQueryParameter': ({ send }) =>
      send('GET /jobs', { version: false, tamper: (headers) => delete headers['authorization'] }),
    'GET /jobs AuthenticationFailed': ({ send }) => send('GET /jobs', { key: 'd3Jvbmc=' }),
    'POST /jobs JobExists': ({ send }) => send('POST /jobs', { json: jobOf('j') }),
    'POST /jobs JobCompleted': async ({ send }) => {
      const job = await newJob()
      await must(call(`POST ${job}/terminate`))
      await until(call, job, (body) => body['state'] === 'completed')
      return send('POST /jobs', { json: jobOf(job.slice('/jobs/'.length)) })
    },
    'GET /jobs/{jobId}/jobpreparationandreleasetaskstatus JobPreparationTaskOrReleaseTaskNotSpecified': ({
      send,
    }) => send('GET /jobs/j/jobpreparationandreleasetaskstatus'),
    'GET /jobs/{jobId} JobNotFound': ({ send }) => send('GET /jobs/none'),
    'GET /jobschedules/{jobScheduleId} JobScheduleNotFound': ({ send }) => send('GET /jobschedules/none'),
    'PUT /jobs/{jobId} ConditionNotMet': ({ send }) =>
      send('PUT /jobs/j', { json: { poolInfo: { poolId: 'p' } }, ...STALE }),
    'DELETE /jobs/{jobId} JobBeingDeleted': async ({ send }) => {
      const { job } = await busy()
      await must(call(`DELETE ${job}`))
      return send(`DELETE ${job}`)
    },
    'GET /jobs/{jobId}/tasks/{taskId} TaskNotFound': ({ send }) => send('GET /jobs/j/tasks/none'),
    'POST /jobs/{jobId}/tasks/{taskId}/terminate ConditionNotMet': ({ send }) =>
      send(`POST ${TASK}/terminate`, STALE),
    'POST /jobs/{jobId}/addtaskcollection AuthenticationFailed': ({ send }) =>
      send('POST /jobs/j/addtaskcollection', { json: { value: [] }, account: 'nobody' }),
    'POST /jobs/{jobId}/addtaskcollection RequestBodyTooLarge': ({ send }) =>
      send('POST /jobs/j/addtaskcollection', { body: ' '.repeat(1_048_577) }),
    'HEAD /jobs/{jobId}/tasks/{taskId}/files/{filePath} ': async ({ send }) =>
      send(`HEAD ${await newTask()}/files/stdout.txt`),
    'HEAD /jobs/{jobId}/tasks/{taskId}/files/{filePath} FileNotFound': ({ send }) =>
      send(`HEAD ${TASK}/files/none`),
  }
}

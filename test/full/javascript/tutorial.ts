// A whole workload: pool with a start task, job, tasks with files in storage, results, and everything deleted.

import type { BatchServiceModels } from '@azure/batch'
import { contentOf, createClient, variable, waitUntil } from './emulator.ts'

const POOL = 'js-pool'
const JOB = 'js-job'
const START = "/bin/sh -c 'echo prepared >$AZ_BATCH_NODE_SHARED_DIR/ready; echo starting'"
const COMMAND = "/bin/sh -c 'cat $AZ_BATCH_NODE_SHARED_DIR/ready input.txt; echo $AZ_BATCH_TASK_ID >&2'"
const IMAGE = { publisher: 'canonical', offer: '0001-com-ubuntu-server-jammy', sku: '22_04-lts' }

const client = createClient()

async function addPool(): Promise<void> {
  await client.pool.add({
    id: POOL,
    vmSize: 'STANDARD_A1_v2',
    targetDedicatedNodes: 1,
    virtualMachineConfiguration: { imageReference: IMAGE, nodeAgentSKUId: 'batch.node.ubuntu 22.04' },
    startTask: { commandLine: START, waitForSuccess: true },
  })
}

function copyTask(id: string): BatchServiceModels.TaskAddParameter {
  return {
    id,
    commandLine: COMMAND,
    resourceFiles: [{ httpUrl: variable('INPUT_URL'), filePath: 'input.txt' }],
    outputFiles: [
      {
        filePattern: '../std*.txt',
        destination: { container: { containerUrl: variable('OUTPUT_URL'), path: id } },
        uploadOptions: { uploadCondition: 'taskcompletion' },
      },
    ],
  }
}

async function addTasks(): Promise<unknown> {
  await client.job.add({ id: JOB, poolInfo: { poolId: POOL } })
  const exit3 = { id: 'exit3', commandLine: "/bin/sh -c 'exit 3'" }
  const missing = { id: 'missing', commandLine: 'no-such-program' }
  const { value } = await client.task.addCollection(JOB, [
    copyTask('copy0'),
    copyTask('copy1'),
    exit3,
    missing,
  ])
  return value?.map(({ status }) => status)
}

async function isDone(): Promise<boolean> {
  return (await client.task.list(JOB)).every(({ state }) => state === 'completed')
}

async function describeTasks(): Promise<unknown> {
  const tasks = (await client.task.list(JOB)).map(({ id, state, executionInfo, nodeInfo }) => {
    const { result, exitCode = null, failureInfo, startTime, endTime } = executionInfo ?? {}
    const ran = startTime instanceof Date && endTime instanceof Date && startTime <= endTime
    return [
      id,
      { state, result, exitCode, code: failureInfo?.code ?? null, ran, root: nodeInfo?.taskRootDirectory },
    ]
  })
  return Object.fromEntries(tasks)
}

async function describeFiles(): Promise<unknown> {
  const listed = await client.file.listFromTask(JOB, 'copy0', { recursive: true })
  const properties = await client.file.getPropertiesFromTask(JOB, 'copy0', 'stdout.txt')
  const part = { fileGetFromTaskOptions: { ocpRange: 'bytes=0-7' } }
  return {
    names: listed.flatMap(({ name, isDirectory }) => (isDirectory ? [] : String(name))).sort(),
    length: properties.contentLength,
    stdout: await contentOf(await client.file.getFromTask(JOB, 'copy0', 'stdout.txt')),
    stderr: await contentOf(await client.file.getFromTask(JOB, 'copy0', 'stderr.txt')),
    nested: await contentOf(await client.file.getFromTask(JOB, 'copy0', 'wd/input.txt')),
    part: await contentOf(await client.file.getFromTask(JOB, 'copy0', 'stdout.txt', part)),
  }
}

async function describeNode(): Promise<unknown> {
  const [node] = await client.computeNode.list(POOL)
  const file = await client.file.getFromComputeNode(POOL, node?.id ?? '', 'startup/stdout.txt')
  const { state, startTaskInfo, totalTasksSucceeded: succeeded } = node ?? {}
  return { state, startTask: startTaskInfo?.exitCode, succeeded, stdout: await contentOf(file) }
}

async function finish(): Promise<unknown> {
  await client.job.terminate(JOB, { terminateReason: 'all read' })
  await waitUntil(async () => (await client.job.get(JOB)).state === 'completed', "the job's end")
  const reason = (await client.job.get(JOB)).executionInfo?.terminateReason
  await client.job.deleteMethod(JOB)
  await client.pool.deleteMethod(POOL)
  await waitUntil(async () => (await client.job.list()).length === 0, "the job's deletion")
  await waitUntil(async () => !(await client.pool.exists(POOL)).body, "the pool's deletion")
  return reason
}

await addPool()
const statuses = await addTasks()
await waitUntil(isDone, 'the tasks')
const document = {
  statuses,
  tasks: await describeTasks(),
  files: await describeFiles(),
  node: await describeNode(),
  terminateReason: await finish(),
}
console.log(JSON.stringify(document))

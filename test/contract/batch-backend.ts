// The contract of BatchBackend: one suite that every implementation passes. A difference is a declared `lacks` entry.

import { randomUUID } from 'node:crypto'
import { text } from 'node:stream/consumers'
import {
  type BatchBackend,
  type BlobBackend,
  type PoolSpec,
  type StartTask,
  type Task,
  type TaskSpec,
  wrapCommandsInShell,
} from '@malachite/model'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

/** A backend under test, with the blob service its nodes can reach. */
export interface Opened {
  backend: BatchBackend
  blob: BlobBackend
  close(): Promise<void>
}

/** Tests that a backend cannot pass, with the reason. */
export interface Lack {
  test: string
  reason: string
}

const IMAGE = {
  imageReference: { publisher: 'canonical', offer: 'ubuntu-24_04-lts', sku: 'server', version: 'latest' },
  nodeAgentSKUId: 'batch.node.ubuntu 24.04',
}

/** How a backend differs from one on this machine. */
export interface SuiteOptions {
  /** Longest time anything may take, e.g. a pool to be ready, milliseconds. @default 10000 */
  patience?: number
  /** @default [] */
  lacks?: Lack[]
}

/** Runs the suite over one backend. */
export function describeBatchBackend(
  name: string,
  open: () => Promise<Opened>,
  { patience = 10_000, lacks = [] }: SuiteOptions = {},
): void {
  const run = randomUUID().slice(0, 8)
  const poolId = `contract-${run}`
  let opened: Opened
  let backend: BatchBackend
  let jobs = 0

  const it = (title: string, body: () => Promise<void>): void => {
    const lack = lacks.find((entry) => entry.test === title)
    const label = lack ? `${title} (skipped: ${lack.reason})` : title
    // oxlint-disable-next-line vitest/expect-expect, vitest/valid-title -- the callers' bodies expect
    test.skipIf(lack)(label, body, 4 * patience)
  }

  async function newJob(more: object = {}): Promise<string> {
    const id = `contract-${run}-${++jobs}`
    await backend.addJob({ id, poolInfo: { poolId }, ...more })
    return id
  }

  async function runTask(jobId: string, task: TaskSpec): Promise<Task> {
    const [result] = await backend.addTasks(jobId, [task])
    expect(result).toMatchObject({ taskId: task.id, status: 'success' })
    return finished(jobId, task.id)
  }

  const finished = (jobId: string, taskId: string): Promise<Task> =>
    until(
      () => backend.getTask(jobId, taskId),
      (task) => task.state === 'completed',
    )

  const until = <T>(read: () => Promise<T>, done: (value: T) => boolean): Promise<T> =>
    poll(read, done, patience)

  const output = async (jobId: string, taskId: string, path = 'stdout.txt'): Promise<string> =>
    text(await backend.readTaskFile(jobId, taskId, path))

  const pool = (id: string, more: Partial<PoolSpec> = {}): PoolSpec => ({
    id,
    vmSize: 'standard_d2s_v3',
    virtualMachineConfiguration: IMAGE,
    targetDedicatedNodes: 1,
    ...more,
  })

  const startTask: StartTask = {
    commandLine: wrapCommandsInShell('linux', [
      'echo started > $AZ_BATCH_NODE_SHARED_DIR/mark',
      'echo hello',
    ]),
    waitForSuccess: true,
    userIdentity: { autoUser: { scope: 'pool', elevationLevel: 'admin' } },
  }

  async function withPool(id: string, more: Partial<PoolSpec>, body: () => Promise<void>): Promise<void> {
    await backend.addPool(pool(id, more))
    try {
      await body()
    } finally {
      await backend.deletePool(id).catch(() => {})
    }
  }

  describe(name, () => {
    beforeAll(async () => {
      opened = await open()
      backend = opened.backend
      await backend.addPool(
        pool(poolId, { taskSlotsPerNode: 4, startTask, metadata: [{ name: 'run', value: run }] }),
      )
      await until(
        () => collect(backend.listNodes(poolId)),
        (nodes) => nodes.length === 1 && nodes[0]?.state === 'idle',
      )
    }, 900_000)

    afterAll(async () => {
      await backend.deletePool(poolId)
      await opened.close()
    }, 120_000)

    describe('images', () => {
      it('lists images with their node agents, filtered by the service', async () => {
        const images = await collect(
          backend.listSupportedImages({ filter: "osType eq 'linux' and verificationType eq 'verified'" }),
        )
        expect(images).toContainEqual(expect.objectContaining({ nodeAgentSKUId: 'batch.node.ubuntu 24.04' }))
        expect(images.every((image) => image.osType === 'linux')).toBe(true)
      })
    })

    describe('pools', () => {
      it('reports a pool as it was asked for, with times and defaults', async () => {
        const found = await backend.getPool(poolId)
        expect(found).toMatchObject({
          id: poolId,
          state: 'active',
          allocationState: 'steady',
          vmSize: 'standard_d2s_v3',
          currentDedicatedNodes: 1,
          targetDedicatedNodes: 1,
          currentLowPriorityNodes: 0,
          resizeTimeout: 'PT15M',
          taskSlotsPerNode: 4,
          taskSchedulingPolicy: { nodeFillType: 'spread' },
          metadata: [{ name: 'run', value: run }],
          startTask: { commandLine: startTask.commandLine, waitForSuccess: true, maxTaskRetryCount: 0 },
        })
        expect(found.creationTime).toBeInstanceOf(Date)
        expect(found.resizeErrors).toBeUndefined()
        expect(found.eTag).toMatch(/^0x[0-9A-F]+$/)
      })

      it('refuses an id that is taken, and names a pool that is missing', async () => {
        await expect(backend.addPool(pool(poolId))).rejects.toMatchObject({ code: 'PoolExists', status: 409 })
        await expect(backend.getPool('no-such-pool')).rejects.toMatchObject({
          code: 'PoolNotFound',
          status: 404,
        })
      })

      it('refuses a malformed pool with the property and the reason', async () => {
        const bad = backend.addPool(pool('not an id'))
        await expect(bad).rejects.toMatchObject({
          code: 'InvalidPropertyValue',
          status: 400,
          details: expect.objectContaining({ PropertyName: 'id' }),
        })
      })

      it('grows and shrinks a pool, one resize at a time', async () => {
        const id = `${poolId}-resize`
        await withPool(id, { targetDedicatedNodes: 0 }, async () => {
          await until(
            () => backend.getPool(id),
            (p) => p.allocationState === 'steady',
          )
          await backend.resizePool(id, { targetDedicatedNodes: 2 })
          const grown = await until(
            () => backend.getPool(id),
            (p) => p.allocationState === 'steady' && p.currentDedicatedNodes === 2,
          )
          expect(grown.targetDedicatedNodes).toBe(2)
          await backend.resizePool(id, { targetDedicatedNodes: 1 })
          await until(
            () => backend.getPool(id),
            (p) => p.allocationState === 'steady' && p.currentDedicatedNodes === 1,
          )
        })
      })

      it('deletes a pool for good', async () => {
        const id = `${poolId}-delete`
        await backend.addPool(pool(id, { targetDedicatedNodes: 0 }))
        await backend.deletePool(id)
        await until(
          () => codeOf(backend.getPool(id)),
          (code) => code === 'PoolNotFound',
        )
        await expect(backend.deletePool(id)).rejects.toMatchObject({ code: 'PoolNotFound' })
      })

      it('lists pools by filter and reads only what is selected', async () => {
        const found = await collect(
          backend.listPools({ filter: `id eq '${poolId}'`, select: ['id', 'state'] }),
        )
        expect(found).toEqual([{ id: poolId, state: 'active' }])
      })
    })

    describe('nodes', () => {
      it('reports a node with its start task', async () => {
        const [listed] = await collect(backend.listNodes(poolId))
        const node = await backend.getNode(poolId, listed?.id ?? '')
        expect(node).toMatchObject({
          state: 'idle',
          schedulingState: 'enabled',
          isDedicated: true,
          vmSize: 'standard_d2s_v3',
          affinityId: `TVM:${node.id}`,
          startTaskInfo: { state: 'completed', exitCode: 0, result: 'success', retryCount: 0 },
        })
        expect(node.allocationTime).toBeInstanceOf(Date)
        expect(node.startTaskInfo?.endTime).toBeInstanceOf(Date)
        expect(node.ipAddress).toMatch(/^10\./)
      })

      it('counts nodes by state and filters them', async () => {
        const [counts] = await collect(backend.listNodeCounts({ filter: `poolId eq '${poolId}'` }))
        expect(counts).toMatchObject({ poolId, dedicated: { total: 1 }, lowPriority: { total: 0 } })
        expect(await collect(backend.listNodes(poolId, { filter: "state eq 'unusable'" }))).toEqual([])
        await expect(backend.getNode(poolId, 'nobody')).rejects.toMatchObject({ code: 'NodeNotFound' })
      })

      it('shows the files of a node', async () => {
        const [node] = await collect(backend.listNodes(poolId))
        const id = node?.id ?? ''
        const names = (await collect(backend.listNodeFiles(poolId, id))).map((file) => file.name)
        expect(names).toEqual(expect.arrayContaining(['shared', 'startup', 'workitems']))
        expect(await text(await backend.readNodeFile(poolId, id, 'startup/stdout.txt'))).toBe('hello\n')
        const deep = await collect(
          backend.listNodeFiles(poolId, id, { recursive: true, filter: "startswith(name,'shared')" }),
        )
        expect(deep.map((file) => file.name)).toContain('shared/mark')
        await expect(backend.readNodeFile(poolId, id, 'startup/none.txt')).rejects.toMatchObject({
          code: 'FileNotFound',
        })
      })

      it('marks a node whose start task fails, with exit code and stderr', async () => {
        const id = `${poolId}-badstart`
        const failing = {
          commandLine: wrapCommandsInShell('linux', ['echo broken >&2', 'exit 7']),
          waitForSuccess: true,
        }
        await withPool(id, { startTask: failing }, async () => {
          const [node] = await until(
            () => collect(backend.listNodes(id)),
            (nodes) => nodes[0]?.state === 'starttaskfailed',
          )
          expect(node?.startTaskInfo).toMatchObject({
            exitCode: 7,
            result: 'failure',
            failureInfo: { category: 'UserError', code: 'FailureExitCode' },
          })
          expect(await text(await backend.readNodeFile(id, node?.id ?? '', 'startup/stderr.txt'))).toContain(
            'broken',
          )
        })
      })

      it('reboots a node: its start task runs again and its files stay', async () => {
        const id = `${poolId}-reboot`
        const counting = wrapCommandsInShell('linux', ['echo boot >> $AZ_BATCH_NODE_SHARED_DIR/boots'])
        await withPool(id, { startTask: { commandLine: counting, waitForSuccess: true } }, async () => {
          const idle = () =>
            until(
              () => collect(backend.listNodes(id)),
              (nodes) => nodes[0]?.state === 'idle',
            )
          const [node] = await idle()
          const nodeId = node?.id ?? ''
          await backend.rebootNode(id, nodeId)
          await until(
            () => text2(backend.readNodeFile(id, nodeId, 'shared/boots')),
            (boots) => boots === 'boot\nboot\n',
          )
          const [again] = await idle()
          expect(again?.lastBootTime?.getTime()).toBeGreaterThanOrEqual(
            node?.lastBootTime?.getTime() ?? Infinity,
          )
        })
      })
    })

    describe('jobs', () => {
      it('reports a job as it was asked for, with its defaults', async () => {
        const id = await newJob({ priority: 5, metadata: [{ name: 'a', value: 'b' }] })
        const job = await backend.getJob(id)
        expect(job).toMatchObject({
          id,
          state: 'active',
          priority: 5,
          maxParallelTasks: -1,
          usesTaskDependencies: false,
          constraints: { maxWallClockTime: 'P10675199DT2H48M5.4775807S', maxTaskRetryCount: 0 },
          poolInfo: { poolId },
          executionInfo: { poolId },
          onAllTasksComplete: 'noaction',
          onTaskFailure: 'noaction',
          metadata: [{ name: 'a', value: 'b' }],
        })
        expect(job.executionInfo.startTime).toBeInstanceOf(Date)
        expect(job.previousState).toBeUndefined()
        await backend.deleteJob(id)
      })

      it('refuses an id that is taken, and names a job that is missing', async () => {
        const id = await newJob()
        await expect(backend.addJob({ id, poolInfo: { poolId } })).rejects.toMatchObject({
          code: 'JobExists',
        })
        await expect(backend.getJob('no-such-job')).rejects.toMatchObject({
          code: 'JobNotFound',
          status: 404,
        })
        await expect(backend.addTasks('no-such-job', [echo('t')])).rejects.toMatchObject({
          code: 'JobNotFound',
        })
        await backend.deleteJob(id)
      })

      it('terminates a job: running tasks end, it takes no new ones, its id stays taken', async () => {
        const id = await newJob()
        await backend.addTasks(id, [{ id: 'long', commandLine: 'sleep 600' }])
        await until(
          () => backend.getTask(id, 'long'),
          (task) => task.state === 'running',
        )
        await backend.terminateJob(id, { reason: 'enough' })
        const job = await until(
          () => backend.getJob(id),
          (j) => j.state === 'completed',
        )
        expect(job.executionInfo).toMatchObject({ terminateReason: 'enough', endTime: expect.any(Date) })
        expect(await backend.getTask(id, 'long')).toMatchObject({
          state: 'completed',
          executionInfo: { result: 'failure', failureInfo: { code: 'TaskEnded' } },
        })
        await expect(backend.addTasks(id, [echo('late')])).rejects.toMatchObject({ code: 'JobCompleted' })
        await expect(backend.terminateJob(id)).rejects.toMatchObject({ code: 'JobCompleted' })
        await expect(backend.addJob({ id, poolInfo: { poolId } })).rejects.toMatchObject({
          code: 'JobCompleted',
        })
        await backend.deleteJob(id)
        await until(
          () => codeOf(backend.getJob(id)),
          (code) => code === 'JobNotFound',
        )
      })

      it('disables a job and enables it again', async () => {
        const id = await newJob()
        await backend.disableJob(id, 'requeue')
        const disabled = await until(
          () => backend.getJob(id),
          (job) => job.state === 'disabled',
        )
        expect(disabled.previousState).toBe('active')
        await backend.addTasks(id, [echo('t')])
        expect((await backend.getTask(id, 't')).state).toBe('active')
        await backend.enableJob(id)
        expect((await finished(id, 't')).executionInfo.result).toBe('success')
        await backend.deleteJob(id)
      })

      it('lists jobs by filter', async () => {
        const id = await newJob()
        const found = await collect(
          backend.listJobs({ filter: `id eq '${id}' and state eq 'active'`, select: ['id'] }),
        )
        expect(found).toEqual([{ id }])
        await backend.deleteJob(id)
      })
    })

    describe('tasks', () => {
      it('runs a task and reports how it went, where and when', async () => {
        const job = await newJob()
        const task = await runTask(job, { id: 'Hello', commandLine: '/bin/bash -c "echo out; echo err >&2"' })
        expect(task).toMatchObject({
          id: 'Hello',
          state: 'completed',
          previousState: 'running',
          requiredSlots: 1,
          userIdentity: { autoUser: { scope: 'pool', elevationLevel: 'nonadmin' } },
          constraints: { retentionTime: 'P7D', maxTaskRetryCount: 0 },
          executionInfo: { exitCode: 0, result: 'success', retryCount: 0, requeueCount: 0 },
          nodeInfo: { poolId, taskRootDirectory: `workitems/${job}/job-1/Hello` },
        })
        expect(task.executionInfo.startTime).toBeInstanceOf(Date)
        expect(task.executionInfo.endTime).toEqual(task.stateTransitionTime)
        expect(task.executionInfo.failureInfo).toBeUndefined()
        expect(await output(job, 'hello')).toBe('out\n')
        expect(await output(job, 'HELLO', 'stderr.txt')).toBe('err\n')
        await backend.deleteJob(job)
      })

      it('runs a command line without a shell', async () => {
        const job = await newJob()
        await runTask(job, { id: 't', commandLine: 'echo $AZ_BATCH_POOL_ID "two words" ; ls' })
        expect(await output(job, 't')).toBe('$AZ_BATCH_POOL_ID two words ; ls\n')
        await backend.deleteJob(job)
      })

      it('gives a task its variables and nothing of ours', async () => {
        const job = await newJob({
          commonEnvironmentSettings: [
            { name: 'BOTH', value: 'job' },
            { name: 'JOB', value: '1' },
          ],
        })
        await runTask(job, {
          id: 't',
          commandLine: 'env',
          environmentSettings: [
            { name: 'BOTH', value: 'task' },
            { name: 'OWN', value: 'a b' },
          ],
        })
        const env = new Map(
          (await output(job, 't'))
            .trim()
            .split('\n')
            .map((line) => line.split(/=(.*)/s) as [string, string]),
        )
        const get = (name: string): string => env.get(name) ?? ''
        expect([get('AZ_BATCH_POOL_ID'), get('AZ_BATCH_JOB_ID'), get('AZ_BATCH_TASK_ID')]).toEqual([
          poolId,
          job,
          't',
        ])
        expect([get('BOTH'), get('JOB'), get('OWN')]).toEqual(['task', '1', 'a b'])
        expect(get('AZ_BATCH_TASK_WORKING_DIR')).toBe(`${get('AZ_BATCH_TASK_DIR')}/wd`)
        expect(get('AZ_BATCH_TASK_DIR')).toBe(`${get('AZ_BATCH_NODE_ROOT_DIR')}/workitems/${job}/job-1/t`)
        expect(get('PWD') || get('AZ_BATCH_TASK_WORKING_DIR')).toBe(get('AZ_BATCH_TASK_WORKING_DIR'))
        expect([...env.keys()].filter((name) => /KEY|SECRET|CONNECTION|npm_/i.test(name))).toEqual([])
        await backend.deleteJob(job)
      })

      it('brings resource files from blobs and takes output files back', async () => {
        const job = await newJob()
        const { blob } = opened
        const container = `contract-${run}`
        await blob.createContainer(container)
        const expiresOn = new Date(Date.now() + 3_600_000)
        await blob.uploadFile(container, 'in/a.txt', import.meta.filename)
        const httpUrl = await blob.blobSasUrl(container, 'in/a.txt', { permissions: ['read'], expiresOn })
        const readSas = await blob.containerSas(container, { permissions: ['read', 'list'], expiresOn })
        const writeSas = await blob.containerSas(container, { permissions: ['write', 'create'], expiresOn })
        await runTask(job, {
          id: 't',
          commandLine: wrapCommandsInShell('linux', [
            'cmp data/b.txt all/in/a.txt',
            'echo result > result.log',
          ]),
          resourceFiles: [
            { httpUrl, filePath: 'data/b.txt' },
            {
              storageContainerUrl: `${blob.url}/${container}?${readSas}`,
              blobPrefix: 'in/',
              filePath: 'all',
            },
          ],
          outputFiles: [
            {
              filePattern: '*.log',
              destination: {
                container: { containerUrl: `${blob.url}/${container}?${writeSas}`, path: 'out' },
              },
              uploadOptions: { uploadCondition: 'tasksuccess' },
            },
          ],
        })
        expect((await backend.getTask(job, 't')).executionInfo).toMatchObject({
          result: 'success',
          exitCode: 0,
        })
        const names = (await collect(blob.listBlobs(container, { prefix: 'out/' }))).map((item) => item.name)
        expect(names).toEqual(['out/result.log'])
        await blob.deleteContainer(container)
        await backend.deleteJob(job)
      })

      it('fails a task with a non-zero exit code after its retries', async () => {
        const job = await newJob()
        const task = await runTask(job, {
          id: 't',
          commandLine: '/bin/bash -c "exit 3"',
          constraints: { maxTaskRetryCount: 1 },
        })
        expect(task.executionInfo).toMatchObject({
          exitCode: 3,
          result: 'failure',
          retryCount: 1,
          failureInfo: {
            category: 'UserError',
            code: 'FailureExitCode',
            message: 'The task exited with an exit code representing a failure',
          },
        })
        await backend.deleteJob(job)
      })

      it('fails a task whose program or resource file does not exist, without an exit code', async () => {
        const job = await newJob()
        const program = await runTask(job, { id: 'program', commandLine: 'no-such-program --flag' })
        expect(program.executionInfo).toMatchObject({
          result: 'failure',
          failureInfo: { category: 'UserError', code: 'CommandProgramNotFound' },
        })
        expect(program.executionInfo.exitCode).toBeUndefined()
        const { blob } = opened
        const container = `contract-${run}-empty`
        await blob.createContainer(container)
        const httpUrl = await blob.blobSasUrl(container, 'gone.txt', {
          permissions: ['read'],
          expiresOn: new Date(Date.now() + 3_600_000),
        })
        const file = await runTask(job, {
          id: 'file',
          commandLine: 'true',
          resourceFiles: [{ httpUrl, filePath: 'x' }],
        })
        expect(file.executionInfo.failureInfo).toMatchObject({ category: 'UserError', code: 'BlobNotFound' })
        expect(JSON.stringify(file.executionInfo)).not.toContain('sig=')
        await blob.deleteContainer(container)
        await backend.deleteJob(job)
      })

      it('ends a task that takes longer than its wall clock time', async () => {
        const job = await newJob()
        const task = await runTask(job, {
          id: 't',
          commandLine: 'sleep 600',
          constraints: { maxWallClockTime: 'PT1S', maxTaskRetryCount: 3 },
        })
        expect(task.executionInfo).toMatchObject({
          result: 'failure',
          retryCount: 0,
          failureInfo: { code: 'TaskEnded' },
        })
        await backend.deleteJob(job)
      })

      it('terminates a task, and reactivates it', async () => {
        const job = await newJob()
        await backend.addTasks(job, [
          {
            id: 't',
            commandLine: wrapCommandsInShell('linux', [
              'test -e $AZ_BATCH_NODE_SHARED_DIR/go-' + job,
              'exit 0',
            ]),
          },
        ])
        await finished(job, 't')
        await expect(backend.terminateTask(job, 't')).rejects.toMatchObject({ code: 'TaskCompleted' })
        await runTask(job, {
          id: 'go',
          commandLine: wrapCommandsInShell('linux', [`touch $AZ_BATCH_NODE_SHARED_DIR/go-${job}`]),
        })
        await backend.reactivateTask(job, 't')
        const again = await until(
          () => finished(job, 't'),
          (task) => task.executionInfo.result === 'success',
        )
        expect(again.executionInfo).toMatchObject({ exitCode: 0, retryCount: 0 })
        await expect(backend.reactivateTask(job, 't')).rejects.toMatchObject({ code: 'TaskSucceeded' })
        await backend.addTasks(job, [{ id: 'long', commandLine: 'sleep 600' }])
        await expect(backend.reactivateTask(job, 'long')).rejects.toMatchObject({ code: 'TaskNotCompleted' })
        await backend.terminateTask(job, 'long')
        expect(await backend.getTask(job, 'long')).toMatchObject({
          state: 'completed',
          executionInfo: { failureInfo: { category: 'UserError', code: 'TaskEnded' } },
        })
        await backend.deleteJob(job)
      })

      it('deletes a task with its files', async () => {
        const job = await newJob()
        await runTask(job, echo('t'))
        await backend.deleteTask(job, 't')
        await expect(backend.getTask(job, 't')).rejects.toMatchObject({ code: 'TaskNotFound' })
        await expect(backend.readTaskFile(job, 't', 'stdout.txt')).rejects.toMatchObject({
          code: 'TaskNotFound',
        })
        await backend.deleteJob(job)
      })

      it('answers for every task of a collection', async () => {
        const job = await newJob()
        await backend.addTasks(job, [echo('a')])
        const results = await backend.addTasks(job, [
          echo('A'),
          echo('b'),
          { id: 'no id!', commandLine: 'true' },
        ])
        expect(results.find((r) => r.taskId === 'b')).toEqual({ taskId: 'b', status: 'success' })
        expect(results.find((r) => r.taskId === 'A')).toMatchObject({
          status: 'clienterror',
          error: { code: 'TaskExists' },
        })
        expect(results.find((r) => r.taskId === 'no id!')).toMatchObject({
          status: 'clienterror',
          error: { code: 'InvalidPropertyValue', details: expect.objectContaining({ PropertyName: 'id' }) },
        })
        const huge = [{ id: 'huge', commandLine: `echo ${'x'.repeat(1_048_576)}` }]
        await expect(backend.addTasks(job, huge)).rejects.toMatchObject({
          code: 'RequestBodyTooLarge',
          status: 413,
        })
        const many = Array.from({ length: 101 }, (_, i) => echo(`m${i}`))
        await expect(backend.addTasks(job, many)).rejects.toMatchObject({ status: 400 })
        await backend.deleteJob(job)
      })

      it('counts tasks by state, filters failures and pages lists', async () => {
        const job = await newJob()
        const tasks = Array.from({ length: 12 }, (_, i) => ({
          id: `t${String(i).padStart(2, '0')}`,
          commandLine: `/bin/bash -c "exit ${i % 3 === 0 ? 1 : 0}"`,
        }))
        await backend.addTasks(job, tasks)
        const counts = await until(
          () => backend.getTaskCounts(job),
          ({ taskCounts }) => taskCounts.completed === 12,
        )
        expect(counts.taskCounts).toEqual({ active: 0, running: 0, completed: 12, succeeded: 8, failed: 4 })
        const filter = "state eq 'completed' and executionInfo/result eq 'failure'"
        const failed = await collect(backend.listTasks(job, { filter, select: ['id', 'executionInfo'] }))
        expect(failed.map((task) => task.id)).toEqual(['t00', 't03', 't06', 't09'])
        expect(failed[0]?.executionInfo.exitCode).toBe(1)
        const ids = (await collect(backend.listTasks(job, { pageSize: 5, select: ['id'] }))).map(
          (task) => task.id,
        )
        expect(ids).toEqual(tasks.map((task) => task.id))
        await expect(collect(backend.listTasks(job, { filter: 'nonsense eq' }))).rejects.toMatchObject({
          code: 'InvalidQueryParameterValue',
        })
        await backend.deleteJob(job)
      })

      it('lists and reads the files of a task, in parts as well', async () => {
        const job = await newJob()
        await runTask(job, {
          id: 't',
          commandLine: wrapCommandsInShell('linux', [
            'mkdir deep',
            'printf 0123456789 > deep/digits.txt',
            'echo done',
          ]),
        })
        const top = await collect(backend.listTaskFiles(job, 't'))
        expect(top.map((file) => file.name).sort()).toEqual(['certs', 'stderr.txt', 'stdout.txt', 'wd'])
        expect(top.find((file) => file.name === 'stdout.txt')).toMatchObject({
          isDirectory: false,
          properties: { contentLength: 5, lastModified: expect.any(Date) },
        })
        const all = await collect(backend.listTaskFiles(job, 't', { recursive: true }))
        expect(all.map((file) => file.name)).toContain('wd/deep/digits.txt')
        const part = await backend.readTaskFile(job, 't', 'wd/deep/digits.txt', { offset: 2, length: 3 })
        expect(await text(part)).toBe('234')
        await expect(backend.readTaskFile(job, 't', 'wd/none')).rejects.toMatchObject({
          code: 'FileNotFound',
        })
        await expect(backend.readTaskFile(job, 't', '../../../../etc/passwd')).rejects.toMatchObject({
          status: 404,
        })
        await backend.deleteJob(job)
      })

      it('has no files before a task has a node', async () => {
        const job = `contract-${run}-${++jobs}`
        await backend.addJob({ id: job, poolInfo: { poolId: 'no-such-pool' } })
        await backend.addTasks(job, [echo('t')])
        await expect(backend.readTaskFile(job, 't', 'stdout.txt')).rejects.toMatchObject({ status: 409 })
        await backend.deleteJob(job)
      })
    })

    describe('calls', () => {
      it('rejects with the reason of an aborted signal', async () => {
        const reason = new Error('changed my mind')
        const signal = AbortSignal.abort(reason)
        await expect(backend.getPool(poolId, { signal })).rejects.toBe(reason)
        await expect(collect(backend.listPools({ signal }))).rejects.toBe(reason)
      })
    })
  })
}

/** A task that prints its id. */
function echo(id: string): TaskSpec {
  return { id, commandLine: `echo ${id}` }
}

/** All items of a list. */
export async function collect<T>(list: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = []
  for await (const item of list) items.push(item)
  return items
}

/** Reads until the value is as wanted; fails with the last value after `patience` milliseconds. */
export async function poll<T>(
  read: () => Promise<T>,
  done: (value: T) => boolean,
  patience: number,
): Promise<T> {
  const deadline = Date.now() + patience
  const pause = patience > 60_000 ? 2000 : 20
  for (;;) {
    const value = await read()
    if (done(value)) return value
    if (Date.now() > deadline) throw new Error(`not reached: ${JSON.stringify(value, null, 1)}`)
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
}

async function codeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'none',
    (error: { code?: string }) => error.code ?? 'unknown',
  )
}

async function text2(stream: Promise<ReadableStream<Uint8Array>>): Promise<string> {
  return stream.then(text, () => '')
}

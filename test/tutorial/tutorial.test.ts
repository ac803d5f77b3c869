import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createLocalBatchBackend, createLocalBlobBackend } from '@malachite/local'
import {
  type BatchBackend,
  BatchError,
  type BlobBackend,
  type TaskSpec,
  wrapCommandsInShell,
} from '@malachite/model'
import type { Step, Workload } from '@malachite/orchestrator'
import { STEPS } from '@malachite/orchestrator'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { collect } from '../contract/batch-backend.ts'
import { putEvilBlob } from '../helpers/evil-blob.ts'
import { makeDirectory, runTutorial } from './workflow.ts'

let batch: BatchBackend
let blob: BlobBackend

beforeAll(async () => {
  batch = createLocalBatchBackend()
  blob = await createLocalBlobBackend()
})

afterAll(async () => {
  await batch.close()
  await blob.close()
})

/** What a run must never leave behind unless it was told to. */
async function leftovers(): Promise<string[]> {
  const pools = (await collect(batch.listPools({ filter: "state eq 'active'" }))).map((pool) => pool.id)
  const jobs = (await collect(batch.listJobs({ filter: "state eq 'active'" }))).map((job) => job.id)
  const names = ['application', 'input', 'output']
  const containers = await Promise.all(
    names.map(async (name) => ((await blob.containerExists(name)) ? [name] : [])),
  )
  return [...pools, ...jobs, ...containers.flat()]
}

/** A workload of one command line per input. */
function commands(
  commandLine: string | ((index: number) => string),
  startCommands: string[] = ['true'],
): Workload {
  return {
    name: 'test',
    applicationFiles: [],
    startCommands: () => startCommands,
    toTask: (input, index): TaskSpec => ({
      id: `task${index}`,
      commandLine: typeof commandLine === 'string' ? commandLine : commandLine(index),
      resourceFiles: [input.resourceFile],
    }),
  }
}

describe('the tutorial on this machine', () => {
  test('performs the nine steps and leaves nothing behind', async () => {
    const { result, events, directory } = await runTutorial({ batch, blob })
    expect(result).toMatchObject({ outcome: 'succeeded', leftBehind: [], failedTasks: [] })
    expect(result.steps.map(({ step }) => step)).toEqual([...STEPS])
    expect(readdirSync(directory).sort()).toEqual([1, 2, 3].map((n) => `taskdata${n}_OUTPUT.txt`))
    const lines = readFileSync(join(directory, 'taskdata1_OUTPUT.txt'), 'utf8').split('\n')
    expect(lines.slice(0, 2)).toEqual(['Word\tCount', '-'.repeat(30)])
    expect(lines.slice(2, 5).every((line) => /^\S+:\t\d+$/.test(line))).toBe(true)
    expect(lines.slice(6)).toEqual([
      expect.stringMatching(/^Node: tvmps_[0-9a-f]{64}_d$/),
      'Task: topNtask0',
      'Job:  MalachiteTutorialJob',
      'Pool: MalachiteTutorialPool',
      '',
    ])
    expect(events.filter((event) => event.type === 'blobDownloaded')).toHaveLength(3)
    expect(await leftovers()).toEqual([])
  })

  test('runs again at once with the same ids', async () => {
    expect((await runTutorial({ batch, blob })).result.outcome).toBe('succeeded')
    expect((await runTutorial({ batch, blob })).result.outcome).toBe('succeeded')
  })

  test('takes inputs whose names need quoting everywhere', async () => {
    const directory = makeDirectory()
    const names = ["it's $HOME & more.txt", 'with space.txt', 'ünïcödé ☂.txt', 'semi;colon"quote.txt']
    const inputFiles = names.map((name) => join(directory, name))
    for (const path of inputFiles) writeFileSync(path, 'one two two')
    const { result, directory: outputs } = await runTutorial({ batch, blob }, { inputFiles })
    expect(result.outcome).toBe('succeeded')
    expect(readdirSync(outputs).sort()).toEqual(
      names.map((name) => name.replace('.txt', '_OUTPUT.txt')).sort(),
    )
  })

  test('keeps job and pool when told so, and says so', async () => {
    const { result } = await runTutorial({ batch, blob }, { deleteJob: 'no', deletePool: 'no' })
    expect(result.leftBehind.map(({ kind, id }) => `${kind} ${id}`)).toEqual([
      'job MalachiteTutorialJob',
      'pool MalachiteTutorialPool',
    ])
    await expect(runTutorial({ batch, blob })).resolves.toMatchObject({
      result: { outcome: 'failed', error: { message: expect.stringContaining('--pool-id') } },
    })
    await batch.deleteJob('MalachiteTutorialJob')
    await batch.deletePool('MalachiteTutorialPool')
  })
})

describe('trouble', () => {
  test('a task that exits with 3 fails the run and is named with its stderr; the others are downloaded', async () => {
    const script = (index: number): string =>
      wrapCommandsInShell('linux', index === 1 ? ['echo kaputt >&2', 'exit 3'] : ['true'])
    const { result } = await runTutorial({ batch, blob }, { workload: commands(script) })
    expect(result).toMatchObject({
      outcome: 'failed',
      taskCounts: { succeeded: 2, failed: 1 },
      failedTasks: [{ taskId: 'task1', exitCode: 3, stderrTail: expect.stringContaining('kaputt') }],
    })
    expect(await leftovers()).toEqual([])
  })

  test('a task that is killed is named with its signal', async () => {
    const { result } = await runTutorial({ batch, blob }, { workload: commands("/bin/sh -c 'kill -9 $$'") })
    expect(result.failedTasks.map((task) => task.exitCode)).toEqual([-9, -9, -9])
  })

  test('a task that never ends meets the time limit; nothing of it stays', async () => {
    const { result } = await runTutorial(
      { batch, blob },
      { workload: commands('sleep 3600'), timeoutMs: 300 },
    )
    expect(result).toMatchObject({ outcome: 'timedOut', leftBehind: [] })
    expect(await leftovers()).toEqual([])
  })

  test('a failed start task ends the wait at once with the reason and its stderr', async () => {
    const workload = commands('true', ['echo cannot install >&2', 'exit 9'])
    const { result } = await runTutorial({ batch, blob }, { workload })
    expect(result).toMatchObject({
      outcome: 'failed',
      trouble: {
        kind: 'startTaskFailed',
        exitCode: 9,
        stderrTail: expect.stringContaining('cannot install'),
      },
      leftBehind: [],
    })
    expect(result.elapsedMs).toBeLessThan(10_000)
    expect(await leftovers()).toEqual([])
  })

  test('an upload that the SAS refuses fails the task without showing the SAS', async () => {
    const readOnly: BlobBackend = {
      ...blob,
      containerSas: (container, options) =>
        blob.containerSas(container, { ...options, permissions: ['read'] }),
    }
    const { result } = await runTutorial({ batch, blob: readOnly })
    expect(result).toMatchObject({ outcome: 'failed', taskCounts: { failed: 3 } })
    expect(result.failedTasks[0]?.stderrTail).toMatch(/403|refused/i)
    expect(JSON.stringify(result)).not.toContain('sig=')
  })

  test('a blob whose name would leave the output directory is refused', async () => {
    const withEvil: BlobBackend = {
      ...blob,
      createContainer: async (container, options) => {
        const created = await blob.createContainer(container, options)
        if (container === 'output') await putEvilBlob(blob, container)
        return created
      },
    }
    const { result, directory } = await runTutorial({ batch, blob: withEvil })
    expect(result).toMatchObject({ outcome: 'failed', refusedBlobs: ['../../x'] })
    expect(existsSync(join(directory, '../../x'))).toBe(false)
    expect(readdirSync(directory)).toHaveLength(3)
  })

  test('a reply that was lost does not leave a pool behind, and the run goes on', async () => {
    let lost = 0
    const flaky: BatchBackend = {
      ...batch,
      addPool: async (pool, options) => {
        await batch.addPool(pool, options)
        if (lost++ === 0) throw new BatchError('ServiceUnreachable')
      },
    }
    const { result } = await runTutorial({ batch: flaky, blob })
    expect(['succeeded', 'failed']).toContain(result.outcome)
    expect(await leftovers()).toEqual([])
  })
})

describe('Ctrl-C', () => {
  const moments: Record<Step, string> = {
    createContainers: 'runStarted',
    upload: 'uploadStarted',
    createPool: 'poolCreating',
    createJob: 'jobCreating',
    addTasks: 'tasksAdding',
    monitor: 'progress',
    download: 'downloadStarted',
    deleteContainers: 'containersDeleting',
    deleteJobAndPool: 'runEnded',
  }

  test.each(STEPS.map((step) => [step, moments[step]] as const))(
    'in %s leaves nothing, and the next run works',
    async (_, moment) => {
      const stop = new AbortController()
      const report = (event: { type: string }): void => {
        if (event.type === moment) stop.abort(new Error('interrupted'))
      }
      const { result } = await runTutorial({ batch, blob }, {}, { signal: stop.signal, report })
      expect(result).toMatchObject({ outcome: 'aborted', leftBehind: [] })
      expect(await leftovers()).toEqual([])
      expect((await runTutorial({ batch, blob })).result.outcome).toBe('succeeded')
    },
  )
})

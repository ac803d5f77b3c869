// The unmodified `az batch` with its own settings directory; each call takes about a second, so they are one story.

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa, parseCommandString } from 'execa'
import type { Emulator } from '@malachite/emulator'
import { expect, onTestFinished, test } from 'vitest'
import { startTestEmulator } from './client.ts'
import { provenBy } from '../clients/proofs.ts'
import { zipOf } from '../helpers/zip.ts'
import { describeWith, findAzureCli } from './install.ts'
import { createWitness } from './witness.ts'

interface Az {
  /** Runs `az batch …` and reads what it printed; `options` follow the words of the command. */
  run: (command: string, ...options: string[]) => Promise<unknown>
  /** The same as the table that people read. */
  table: (command: string, ...options: string[]) => Promise<string>
  directory: string
}

async function createAz(program: string, { batch }: Emulator): Promise<Az> {
  const directory = await mkdtemp(join(tmpdir(), 'malachite-az-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const account = [
    '--account-name',
    batch.account,
    '--account-endpoint',
    batch.url,
    '--account-key',
    batch.key,
  ]
  const env = {
    AZURE_CONFIG_DIR: join(directory, 'settings'),
    AZURE_CORE_COLLECT_TELEMETRY: 'false',
    AZURE_CORE_NO_COLOR: 'true',
  }
  const print = async (format: string, command: string, options: string[]): Promise<string> => {
    const args = ['batch', ...parseCommandString(command), ...options, ...account, '--output', format]
    const { stdout, stderr, failed } = await execa(program, args, { env, reject: false, timeout: 60_000 })
    if (failed) throw new Error(stderr)
    return stdout
  }
  const run = async (command: string, ...options: string[]): Promise<unknown> => {
    const text = await print('json', command, options)
    return text === '' ? undefined : JSON.parse(text)
  }
  return { run, table: (command, ...options) => print('table', command, options), directory }
}

describeWith('az batch', await findAzureCli(), (program) => {
  const witness = createWitness()

  test('creates, shows and deletes pools, jobs and tasks, and downloads files', async () => {
    const { run, directory } = await createAz(program, await startTestEmulator({ witness }))

    const skus = await run('pool supported-images list', '--query', '[].nodeAgentSkuId')
    expect(skus).toContain('batch.node.ubuntu 22.04')
    const image = ['--image', 'canonical:0001-com-ubuntu-server-jammy:22_04-lts']
    const agent = ['--node-agent-sku-id', 'batch.node.ubuntu 22.04']
    const size = ['--vm-size', 'STANDARD_A1_v2', '--target-dedicated-nodes', '1']
    await run('pool create --id az-pool --start-task-command-line hostname', ...size, ...image, ...agent)
    await run('job create --id az-job --pool-id az-pool')

    const command = ['--command-line', "/bin/sh -c 'echo hello'"]
    expect(await run('task create --job-id az-job --task-id hello', ...command)).toMatchObject({
      id: 'hello',
    })
    const file = join(directory, 'tasks.json')
    const exit3 = { id: 'exit3', commandLine: "/bin/sh -c 'exit 3'" }
    await writeFile(file, JSON.stringify([{ id: 'two', commandLine: '/bin/echo two' }, exit3]))
    expect(await run('task create --job-id az-job --json-file', file, '--query', '[].status')).toEqual([
      'success',
      'success',
    ])

    const counts = { active: 0, running: 0, completed: 3, succeeded: 2, failed: 1 }
    await expectSoon(() => run('job task-counts show --job-id az-job --query taskCounts'), counts)
    expect(await run('task list --job-id az-job', '--query', '[].[id, executionInfo.exitCode]')).toEqual([
      ['exit3', 3],
      ['hello', 0],
      ['two', 0],
    ])
    expect(await run('task show --job-id az-job --task-id exit3')).toMatchObject({
      state: 'completed',
      executionInfo: { exitCode: 3, result: 'failure', failureInfo: { code: 'FailureExitCode' } },
      constraints: { maxTaskRetryCount: 0 },
    })
    const task = ['--job-id', 'az-job', '--task-id', 'hello']
    expect(await run('task file list', ...task, '--query', 'sort([].name)')).toEqual([
      'certs',
      'stderr.txt',
      'stdout.txt',
      'wd',
    ])
    const copy = join(directory, 'copy.txt')
    await run('task file download', ...task, '--file-path', 'stdout.txt', '--destination', copy)
    expect(await readFile(copy, 'utf8')).toBe('hello\n')

    await run('pool resize --pool-id az-pool --target-dedicated-nodes 2')
    const pool = {
      id: 'az-pool',
      currentDedicatedNodes: 2,
      allocationState: 'steady',
      vmSize: 'standard_a1_v2',
    }
    await expectSoon(() => run('pool show --pool-id az-pool'), pool)
    expect(await run('job list', '--query', '[].[id, state]')).toEqual([['az-job', 'active']])

    await run('job delete --job-id az-job --yes')
    await run('pool delete --pool-id az-pool --yes')
    await expectSoon(() => run('pool list'), [])
    await expect(run('job show --job-id az-job')).rejects.toThrow('The specified job does not exist.')
  })

  test('manages schedules, nodes, autoscaling and jobs from files', async () => {
    const emulator = await startTestEmulator({ witness })
    const { run, table, directory } = await createAz(program, emulator)
    const file = async (name: string, content: object): Promise<string> => {
      await writeFile(join(directory, name), JSON.stringify(content))
      return join(directory, name)
    }
    await run('pool create --json-file', await file('pool.json', POOL))
    await expectSoon(() => run('node list --pool-id files'), [{ state: 'idle' }])
    const [id] = (await run('node list --pool-id files', '--query', '[].id')) as [string]
    const node = ['--pool-id', 'files', '--node-id', id]

    await run('node user create --name guest --password Secret-1', ...node)
    await run('node user delete --user-name guest --yes', ...node)
    expect(await run('node remote-login-settings show', ...node)).toMatchObject({ remoteLoginPort: 50000 })
    await run('node scheduling disable', ...node)
    await run('node scheduling enable', ...node)
    await run('node reboot', ...node)
    await expectSoon(() => run('node show', ...node), { state: 'idle' })
    expect(await run('node file list', ...node, '--query', '[].name')).toContain('startup')
    expect(await run('pool node-counts list', '--query', '[].dedicated.total')).toEqual([1])

    await run('pool autoscale enable --pool-id files', '--auto-scale-formula', '$TargetDedicatedNodes = 1;')
    expect(
      await run(
        'pool autoscale evaluate --pool-id files',
        '--auto-scale-formula',
        '$TargetDedicatedNodes = 3;',
      ),
    ).toMatchObject({ results: expect.stringContaining('$TargetDedicatedNodes=3;') })
    await run('pool autoscale disable --pool-id files')

    await run('job create --json-file', await file('job.json', JOB))
    await run('task create --job-id prepared --task-id one', '--command-line', '/bin/true')
    const status = () => run('job prep-release-status list --job-id prepared')
    await expectSoon(status, [{ jobPreparationTaskExecutionInfo: { result: 'success' } }])

    await run('job-schedule create --json-file', await file('schedule.json', SCHEDULE))
    await expectSoon(
      () => run('job list --job-schedule-id nightly', '--query', '[].[id, state]'),
      [['nightly:job-1', 'completed']],
    )
    await run('job-schedule disable --job-schedule-id nightly')
    expect(await run('job-schedule list', '--query', '[].[id, state]')).toEqual([['nightly', 'disabled']])
    await run('job-schedule delete --job-schedule-id nightly --yes')
    expect(await table('pool list')).toMatch(/^AllocationState .* VmSize\n-+ .*\nsteady .* standard_d2s_v3$/)
    expect(await run('application summary list')).toEqual([])
    await mkdir(join(emulator.applications, 'greeter'))
    await writeFile(join(emulator.applications, 'greeter', '1.0.zip'), zipOf())
    expect(await run('application summary show --application-id greeter')).toMatchObject({
      id: 'greeter',
      versions: ['1.0'],
    })
    expect(await run('pool usage-metrics list')).toEqual(expect.any(Array))
  })

  test('calls the operations that the documentation says', () => {
    expect(witness.operations()).toEqual(provenBy('az'))
  })
})

const POOL = {
  id: 'files',
  vmSize: 'standard_d2s_v3',
  targetDedicatedNodes: 1,
  virtualMachineConfiguration: {
    imageReference: { publisher: 'canonical', offer: '0001-com-ubuntu-server-jammy', sku: '22_04-lts' },
    nodeAgentSKUId: 'batch.node.ubuntu 22.04',
  },
}

const JOB = {
  id: 'prepared',
  poolInfo: { poolId: 'files' },
  jobPreparationTask: { commandLine: '/bin/true' },
  jobReleaseTask: { commandLine: '/bin/true' },
}

const SCHEDULE = {
  id: 'nightly',
  schedule: { recurrenceInterval: 'P1D' },
  jobSpecification: {
    poolInfo: { poolId: 'files' },
    jobManagerTask: { id: 'manager', commandLine: '/bin/true' },
  },
}

/** Asks again, a few times, until the answer has what is expected. */
async function expectSoon(ask: () => Promise<unknown>, expected: object): Promise<void> {
  for (let tries = 0; tries < 10; tries++) {
    const answer = await ask()
    try {
      expect(answer).toMatchObject(expected)
      return
    } catch (error) {
      if (tries === 9) throw error
      await sleep(200)
    }
  }
}

// Pools, nodes, jobs, tasks and files: listed, shown, created, changed and deleted.

import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { expect, onTestFinished, test } from 'vitest'
import { jobBody, poolBody, taskBody } from '../helpers/virtual-engine.ts'
import { malachite, temporaryDirectory } from './command.ts'
import { bashTask, useEmulator } from './shared-emulator.ts'

const emulator = useEmulator()
const { run } = emulator

/** The cells of a table. */
const cells = (text: string): string[][] => text.split('\n').map((line) => line.trim().split(/ {2,}/))

test('pools and nodes are listed as a table, and shown as the service writes them', async () => {
  const node = await emulator.pool('listed')
  const [head, ...rows] = cells((await run('pool list')).stdout)
  expect(head).toEqual(['ID', 'STATE', 'ALLOCATION', 'DEDICATED', 'SPOT', 'VM SIZE', 'CREATED'])
  expect(rows).toContainEqual([
    'listed',
    'active',
    'steady',
    '1/1',
    '0/0',
    'standard_d2s_v3',
    expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string,
  ])
  const { stdout } = await run('pool show listed')
  expect(JSON.parse(stdout)).toMatchObject({
    url: `${emulator.batch().url}/pools/listed`,
    taskSchedulingPolicy: { nodeFillType: 'Spread' },
    creationTime: emulator.engine().pools.get('listed').creationTime,
  })
  expect(stdout).not.toContain('odata.metadata')
  expect((await run('node list listed -o tsv')).stdout).toMatch(`${node}\tidle\tenabled\ttrue\t0\t`)
  expect(JSON.parse((await run(`node show listed ${node}`)).stdout)).toMatchObject({
    id: node,
    state: 'idle',
  })
})

test('JSON of a list is an array of what the service writes, and empty lists are empty arrays', async () => {
  emulator.engine().jobs.add(jobBody('in-json', 'none'))
  const { stdout } = await run(['job', 'list', '-o', 'json', '--filter', "id eq 'in-json'"])
  const [job, ...others] = JSON.parse(stdout) as object[]
  expect(others).toEqual([])
  expect(job).toEqual({
    url: `${emulator.batch().url}/jobs/in-json`,
    ...emulator.engine().jobs.get('in-json'),
  })
  expect((await run('task list in-json -o json')).stdout).toBe('[]')
  expect((await run('task list in-json -o tsv')).stdout).toBe('')
})

test('a long list is read page by page, and only as far as it is wanted', async () => {
  emulator.engine().jobs.add(jobBody('long', 'none'))
  for (let i = 0; i < 25; i++)
    emulator.engine().tasks.addCollection('long', {
      value: Array.from({ length: 100 }, (_, k) => taskBody(`t${i * 100 + k}`)),
    })
  const all = (await run('task list long -o tsv --select id')).stdout.split('\n')
  expect(all).toHaveLength(2500)
  expect(new Set(all).size).toBe(2500)
  expect((await run('task list long --top 3 -o tsv --select id')).stdout.split('\n')).toEqual(all.slice(0, 3))
  expect(JSON.parse((await run('task list long --top 1500 -o json --select id')).stdout)).toHaveLength(1500)
})

test('nothing more is asked for when the reader has gone', async () => {
  const requests = await countRequests(async (url) => {
    const command = `"$0" "$1" task list long -o json | head -n 1; echo "\${PIPESTATUS[0]}"`
    const script = fileURLToPath(new URL('../../packages/cli/bin/malachite.mjs', import.meta.url))
    const { stdout, stderr } = await execa('/bin/bash', ['-c', command, process.execPath, script], {
      env: { AZURE_BATCH_ENDPOINT: url, AZURE_BATCH_ACCOUNT: 'a', AZURE_BATCH_ACCESS_KEY: 'a2V5' },
      timeout: 30_000,
    })
    expect({ stdout, stderr }).toEqual({ stdout: '[\n0', stderr: '' })
  })
  expect(requests).toBeLessThan(20)
})

/** A service whose list of tasks never ends; how many pages were asked for while `body` ran. */
async function countRequests(body: (url: string) => Promise<void>): Promise<number> {
  let count = 0
  const server = createServer((request, answer) => {
    count++
    const value = Array.from({ length: 1000 }, (_, i) => ({ id: `task${i}`, state: 'active' }))
    answer.setHeader('content-type', 'application/json')
    answer.end(
      JSON.stringify({
        value,
        'odata.nextLink': `http://${request.headers.host}/jobs/long/tasks?page=${count}`,
      }),
    )
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void server.close())
  await body(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  return count
}

test('files of tasks and nodes are listed, shown and downloaded', async () => {
  const node = await emulator.pool('files')
  emulator.engine().jobs.add(jobBody('files', 'files'))
  emulator.engine().tasks.add('files', bashTask('t', 'echo caf\u00e9; echo result > "a b.txt"'))
  expect((await run('wait job files --timeout 20s')).exitCode).toBe(0)
  const [head, ...rows] = cells((await run('file list files t')).stdout)
  expect(head).toEqual(['NAME', 'DIRECTORY', 'SIZE', 'MODIFIED'])
  expect(rows.map(([name]) => name)).toEqual(expect.arrayContaining(['stdout.txt', 'stderr.txt', 'wd']))
  expect((await run('file list files t --recursive -o tsv')).stdout).toContain('wd/a b.txt\tfalse\t7\t')
  expect(JSON.parse((await run(['file', 'show', 'files', 't', 'wd/a b.txt'])).stdout)).toMatchObject({
    name: 'wd/a b.txt',
    isDirectory: false,
    properties: { contentLength: '7', contentType: 'text/plain' },
  })
  const cwd = await temporaryDirectory()
  const { stdout } = await run(['file', 'download', 'files', 't', 'wd/a b.txt'], { cwd })
  expect(stdout).toBe(join(cwd, 'a b.txt'))
  expect(await readFile(stdout, 'utf8')).toBe('result\n')
  const printed = await run(
    `node file download files ${node} workitems/files/job-1/t/stdout.txt --destination -`,
  )
  expect(printed.stdout).toContain('caf\u00e9')
  expect((await run('file download files t none.txt', { cwd })).exitCode).toBe(3)
})

test('pools, jobs and tasks are created from the bodies of requests', async () => {
  const cwd = await temporaryDirectory()
  const write = (name: string, body: unknown) => writeFile(join(cwd, name), JSON.stringify(body))
  await write('pool.json', poolBody('made', { displayName: '\u540d\u524d', targetDedicatedNodes: 0 }))
  await write('job.json', jobBody('made', 'made'))
  await write(
    'tasks.json',
    Array.from({ length: 130 }, (_, i) => taskBody(`t${i}`)),
  )
  await write('again.json', { value: [taskBody('t1'), taskBody('new')] })
  const said = async (line: string) => run(line, { cwd })
  expect((await said('pool create --json-file pool.json')).stdout).toBe('Pool made is created.')
  expect(emulator.engine().pools.get('made').displayName).toBe('\u540d\u524d')
  expect((await said('job create --json-file job.json')).stdout).toBe('Job made is created.')
  expect((await said('task create made --json-file tasks.json')).stdout).toBe(
    '130 tasks are added to job made.',
  )
  expect(await said('task create made --json-file again.json')).toEqual({
    stdout: '1 task is added to job made.',
    stderr: 'malachite: Task t1: The specified task already exists. (TaskExists)',
    exitCode: 1,
  })
  expect((await said('job create --json-file job.json')).stderr).toContain('(JobExists).')
  await writeFile(join(cwd, 'broken.json'), '{')
  expect(await said('job create --json-file broken.json')).toMatchObject({ exitCode: 2, stdout: '' })
  expect((await said('job create --json-file none.json')).stderr).toContain(
    'none.json cannot be read (ENOENT)',
  )
  expect((await said('job create')).stderr).toContain('--json-file')
})

test('pools and nodes are changed', async () => {
  const node = await emulator.pool('changed')
  expect((await run(`node scheduling disable changed ${node}`)).stdout).toBe(
    `Node ${node} of pool changed takes no more tasks.`,
  )
  expect(emulator.engine().nodes.get('changed', node).schedulingState).toBe('disabled')
  expect((await run(`node scheduling enable changed ${node}`)).exitCode).toBe(0)
  expect((await run(`node reboot changed ${node} --node-reboot-option requeue`)).stdout).toContain(
    'is being restarted',
  )
  expect((await run('pool resize changed --target-dedicated-nodes 2')).stdout).toBe(
    'Pool changed is being resized.',
  )
  expect(emulator.engine().pools.get('changed').targetDedicatedNodes).toBe(2)
  await expect.poll(() => emulator.engine().pools.get('changed').allocationState).toBe('steady')
  expect((await run(`node delete changed ${node} --yes`)).stdout).toContain('is being removed')
  expect(await run('pool resize changed')).toMatchObject({ exitCode: 2 })
  await expect.poll(() => emulator.engine().pools.get('changed').allocationState).toBe('steady')
  expect((await run('pool resize changed --abort')).stderr).toContain('(OperationInvalidForCurrentState).')
})

test('jobs and tasks are stopped, disabled, enabled and reactivated', async () => {
  const jobs = emulator.engine().jobs
  await emulator.pool('acts')
  jobs.add(jobBody('acts', 'acts'))
  emulator.engine().tasks.add('acts', bashTask('bad', 'exit 4'))
  await run('wait job acts --timeout 20s')
  expect((await run('task reactivate acts bad')).stdout).toBe('Task bad of job acts is active again.')
  await run('wait job acts --timeout 20s')
  emulator.engine().tasks.add('acts', bashTask('long', 'sleep 60'))
  expect((await run('task stop acts long')).stdout).toBe('Task long of job acts is terminated.')
  expect((await run('job disable acts')).stdout).toBe('Job acts is being disabled.')
  await expect.poll(() => jobs.get('acts').state).toBe('disabled')
  expect((await run('job enable acts')).stdout).toBe('Job acts is enabled.')
  expect((await run(['job', 'stop', 'acts', '--terminate-reason', 'had enough'])).exitCode).toBe(0)
  await expect.poll(() => jobs.get('acts').executionInfo?.terminateReason).toBe('had enough')
})

test('without a terminal nothing is deleted unless the flag says so', async () => {
  emulator.engine().jobs.add(jobBody('doomed', 'none'))
  emulator.engine().tasks.add('doomed', taskBody('t'))
  expect(await run('job delete doomed')).toEqual({
    stdout: '',
    stderr: 'malachite: There is no terminal to ask on. Add --yes if you mean it.',
    exitCode: 2,
  })
  expect((await run('task delete doomed t -y')).stdout).toBe('Task t of job doomed is being deleted.')
  expect((await run('job delete doomed --yes')).stdout).toBe('Job doomed is being deleted.')
  const left = () =>
    emulator
      .engine()
      .jobs.list()
      .items.map(({ id }) => id)
  await expect.poll(left, { timeout: 5000 }).not.toContain('doomed')
  expect((await run('job show doomed')).exitCode).toBe(3)
})

test('refusals of the service are one sentence with the code, and exit code 3 when something is missing', async () => {
  const refusal = async (line: string | string[]) => {
    const { stdout, stderr, exitCode } = await run(line)
    expect(stdout).toBe('')
    return `${exitCode} ${stderr}`
  }
  expect(await refusal('job show none')).toBe('3 malachite: The specified job does not exist (JobNotFound).')
  expect(await refusal('task list none')).toBe('3 malachite: The specified job does not exist (JobNotFound).')
  expect(await refusal(['job', 'list', '--filter', 'state foo'])).toMatch(
    /^1 malachite: .*\(InvalidQuery.*\)\./,
  )
  expect(await refusal('subtask list none t')).toMatch(/^3 malachite: /)
})

test('a wrong key is told with what to check', async () => {
  const env = { AZURE_BATCH_ENDPOINT: emulator.batch().url, AZURE_BATCH_ACCOUNT: 'devbatchaccount1' }
  const secret = Buffer.from('not the key').toString('base64')
  const { stdout, stderr, exitCode } = await malachite(['pool', 'list'], {
    env: { ...env, AZURE_BATCH_ACCESS_KEY: secret },
  })
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 1 })
  expect(stderr).toMatch(/\(AuthenticationFailed\)\.\nThe key is not that of devbatchaccount1/)
  expect(stderr).not.toContain(secret)
})

test('when no service listens, it is said how to start one', async () => {
  const env = { AZURE_BATCH_ENDPOINT: 'http://127.0.0.1:9' }
  const { stderr, exitCode } = await malachite(['job', 'list'], { env })
  expect(stderr).toBe(
    'malachite: The Batch service at http://127.0.0.1:9 does not answer (ECONNREFUSED). ' +
      'Is the emulator running? Start it with `malachite emulator`.',
  )
  expect(exitCode).toBe(1)
})

test('variables that were set for Azure are not taken for an emulator', async () => {
  const env = { AZURE_BATCH_ENDPOINT: 'https://mine.westeurope.batch.azure.com' }
  const { stderr, exitCode } = await malachite(['pool', 'delete', 'p', '-y'], { env })
  expect(stderr).toContain('Add --backend azure if that is meant.')
  expect(exitCode).toBe(2)
  const azure = await malachite(['pool', 'list', '--backend', 'azure'])
  expect(azure.stderr).toContain('AZURE_BATCH_ACCOUNT or AZURE_BATCH_ACCOUNT_NAME')
  expect(azure.exitCode).toBe(2)
})

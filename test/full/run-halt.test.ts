// Runs that do not go well: ended early, logged, told of, and run again where they left off.

import { execFile } from 'node:child_process'
import { copyFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { malachite, temporaryDirectory } from '../cli/command.ts'
import { prepare, runUntil, startServices, type Run, type Services } from '../cli/killed-run.ts'

/** An input whose task fails: with `_OUTPUT` the name of its result is longer than a file system takes. */
const BAD = `${'bad'.repeat(83)}.txt`
const GOOD = ['b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name) => `${name}.txt`)
const HEADER = 'Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand'

const hasParallel = await promisify(execFile)('parallel', ['--version']).then(
  ({ stdout }) => stdout.startsWith('GNU parallel'),
  () => false,
)
if (!hasParallel) console.info('Not tested here: GNU parallel is not installed.')

async function readLog(path: string): Promise<string[][]> {
  const [header, ...lines] = (await readFile(path, 'utf8')).trimEnd().split('\n')
  expect(header).toBe(HEADER)
  return lines.map((line) => line.split('\t'))
}

describe('a run that is halted on this machine', () => {
  let cwd: string
  let halted: { stdout: string; stderr: string; exitCode?: number | undefined }

  beforeAll(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'malachite-cli-test-'))
    for (const name of [BAD, ...GOOD]) await writeFile(join(cwd, name), `${name[0]} ${name[0]} other`)
    const flags = ['--nodes', '1', '--halt', 'soon,fail=1', '--joblog', 'run.tsv', '--num-words', '1']
    halted = await malachite(['run', BAD, ...GOOD, ...flags], { cwd })
  })

  afterAll(() => rm(cwd, { recursive: true }))

  const outputs = () => readdir(join(cwd, 'output'))

  test('tells why it ended, what failed, and how to go on, and ends with exit code 1', () => {
    const { stderr, exitCode } = halted
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/^ {2}\| top-words: cannot write bad.*: the name is too long$/m)
    expect(stderr).toMatch(/--delete-job no: malachite logs MalachiteTutorialJob topNtask0 --stderr$/m)
    expect(stderr).toMatch(/^Halting, because 1 of 8 tasks had failed \(--halt soon,fail=1\)\. No further/m)
    expect(stderr).toMatch(/^Halted, because 1 of 8 tasks had failed \(--halt soon,fail=1\): \d tasks? did/m)
    expect(stderr).toMatch(/malachite run --retry-failed [0-9a-f-]{36}$/m)
  })

  test('ends its transcript with its figures, and downloads the results that there are', async () => {
    const { stdout } = halted
    const [, succeeded] = /^Tasks {7}(\d) succeeded, 1 failed, \d not completed$/m.exec(stdout) ?? []
    expect(await outputs()).toHaveLength(Number(succeeded))
    expect(stdout.indexOf('\n\nTasks ')).toBeGreaterThan(stdout.indexOf('Delete pool? [Y/n]'))
    expect(stdout).toMatch(/^topNtask0 +1 +\d+\.\d s +It ended with exit code 1\. +tvmps_/m)
    expect(stdout).not.toMatch(/^topNtask[1-9]/m)
  })

  test('logs each task as it ends, with its bytes and without its signature', async () => {
    const log = await readLog(join(cwd, 'run.tsv'))
    expect(log).toHaveLength((await outputs()).length + 1)
    const input = String('b b other'.length)
    const { size } = await stat(join(cwd, 'output', 'b_OUTPUT.txt'))
    expect(log[0]?.slice(4, 8)).toEqual([input, '0', '1', '0'])
    expect(log[1]?.slice(4, 8)).toEqual([input, String(size), '0', '0'])
    expect(log.slice(0, 2).map(([seq]) => seq)).toEqual(['1', '2'])
    expect(await readFile(join(cwd, 'run.tsv'), 'utf8')).not.toContain('sig=')
  })

  test.skipIf(!hasParallel)('has a log that GNU parallel reads, and whose lines are as its own', async () => {
    const parallel = async (...args: string[]) =>
      (await promisify(execFile)('parallel', ['--will-cite', '--joblog', ...args], { cwd })).stdout
    await copyFile(join(cwd, 'run.tsv'), join(cwd, 'theirs.tsv'))
    const done = (await outputs()).length
    const names = ['bad', ...GOOD]
    expect(await parallel('theirs.tsv', '-k', '--resume-failed', 'echo', '{}', ':::', ...names)).toBe(
      ['bad', ...GOOD.slice(done), ''].join('\n'),
    )
    await parallel('own.tsv', 'true', ':::', '1')
    const [own = []] = await readLog(join(cwd, 'own.tsv'))
    const [ours = []] = await readLog(join(cwd, 'run.tsv'))
    expect(ours).toHaveLength(own.length)
    for (const line of [own, ours]) {
      expect(line[2]).toMatch(/^\d{10}\.\d{3}$/)
      expect(line[3]).toMatch(/^ +\d+\.\d{3}$/)
    }
    expect(ours[3]).toHaveLength(own[3]?.length ?? 0)
  })

  test('is run again where it was left, and what is there stays as it is', async () => {
    const before = await outputs()
    const { mtimeMs } = await stat(join(cwd, 'output', 'b_OUTPUT.txt'))
    const flags = ['--halt', 'never', '--nodes', '3', '--json']
    const { stdout, exitCode } = await malachite(['run', '--retry-failed', ...flags], { cwd })
    const rest = GOOD.length - before.length
    const document = JSON.parse(stdout) as { outputs: string[] }
    expect(exitCode).toBe(1)
    expect(document).toMatchObject({
      outcome: 'failed',
      taskCounts: { succeeded: rest, failed: 1 },
      failedTasks: [{ taskId: 'topNtask0', stderrTail: expect.stringContaining('too long') }],
      unfinished: [join(cwd, BAD)],
      statistics: { bytesUploaded: expect.any(Number), runTimes: { minMs: expect.any(Number) } },
    })
    expect(document).not.toHaveProperty('halted')
    expect(document.outputs).toHaveLength(rest)
    expect((await stat(join(cwd, 'output', 'b_OUTPUT.txt'))).mtimeMs).toBe(mtimeMs)
    expect(await outputs()).toHaveLength(GOOD.length)
    expect(await readFile(join(cwd, 'output', 'h_OUTPUT.txt'), 'utf8')).toMatch(/^h:\t2$/m)
    const plan = await malachite(['run', '--retry-failed', '--dry-run', '--json'], { cwd })
    expect(JSON.parse(plan.stdout)).toMatchObject({ tasks: [{ resourceFiles: [BAD] }] })
  })
})

test('a log that would cost a file is refused before anything starts', async () => {
  const cwd = await temporaryDirectory()
  await writeFile(join(cwd, 'precious'), 'data')
  const { stderr, exitCode } = await malachite(['run', '--joblog', 'precious'], { cwd })
  expect(stderr).toMatch(/precious cannot be written: .*no job log/)
  expect(exitCode).toBe(2)
  expect(await readFile(join(cwd, 'precious'), 'utf8')).toBe('data')
  // Nothing is to be resumed or run again.
  expect((await readdir(cwd)).sort()).toEqual(['output', 'precious'])
})

describe('on an emulator', () => {
  let services: Services

  beforeAll(async () => {
    services = await startServices()
  })

  afterAll(() => services.close())

  beforeEach(() => services.reset())

  test('"now" ends tasks that run, and the results that are there are downloaded', async () => {
    const { cwd, run } = await prepare(services)
    // The task of b has done its work and waits for an answer that never comes.
    services.blob.onAnswer = ({ what }) => what.endsWith('/output/b_OUTPUT.txt') && what.startsWith('PUT')
    const flags = ['--backend', 'emulator', '--nodes', '1', '--halt', 'now,success=1', '--joblog', 'log']
    const { stderr, exitCode } = await run(['a.txt', 'b.txt', 'c.txt', ...flags])
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/Halting, because 1 of 3 tasks had succeeded .*All tasks are ended\./)
    expect(stderr).toMatch(/^Halted, because .*: 2 tasks did not complete\.$/m)
    expect(await readdir(join(cwd, 'output'))).toContain('a_OUTPUT.txt')
    const ended = services.batch.exchanges.filter(({ what }) => what.endsWith('/terminate'))
    expect(ended.map(({ status }) => status)).toContain(202)
    expect((await readLog(join(cwd, 'log'))).map(([seq, , , , , , exit]) => [seq, exit])).toEqual([
      ['1', '0'],
    ])

    services.reset()
    const again = await run(['--retry-failed', '--halt', 'never', '--json'])
    expect(again.exitCode).toBe(0)
    expect(JSON.parse(again.stdout)).toMatchObject({ outcome: 'succeeded', unfinished: [] })
  })
  test('a run that is resumed writes the lines that its log lacks, and none twice', async () => {
    const { cwd, run } = await prepare(services)
    const logged: Run = (args, env) => run([...args, '--joblog', 'log'], env)
    await runUntil(services, logged, ({ what }) => what === 'GET /devstoreaccount1/output/a_OUTPUT.txt')
    const path = join(cwd, 'log')
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n')
    expect(new Set((await readLog(path)).map(([seq]) => seq))).toEqual(new Set(['1', '2', '3']))
    // As if the process had been killed a little earlier.
    await writeFile(path, `${lines.slice(0, -1).join('\n')}\n`)
    expect((await run(['--resume'])).exitCode).toBe(0)
    expect((await readFile(path, 'utf8')).trimEnd().split('\n')).toEqual(lines)
  })
})

import { execFileSync } from 'node:child_process'
import { closeSync, constants, openSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TaskEnd } from '@malachite/orchestrator'
import { expect, onTestFinished, test } from 'vitest'
import { joblogLine, openJoblog } from './joblog.ts'

const HEADER = 'Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand\n'
const END: TaskEnd = {
  taskId: 't1',
  index: 1,
  commandLine: 'echo hi',
  succeeded: true,
  exitCode: 0,
  nodeId: 'node1',
  startedAt: new Date(1_795_330_799_645),
  endedAt: new Date(1_795_330_800_895),
  inputBytes: 17,
  outputBytes: 5,
}

async function prepare(text?: string) {
  const directory = await mkdtemp(join(tmpdir(), 'malachite-joblog-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const path = join(directory, 'log')
  if (text !== undefined) await writeFile(path, text)
  const warnings: string[] = []
  return {
    path,
    warnings,
    read: () => readFile(path, 'utf8'),
    write: async (append: boolean, ...ends: TaskEnd[]) => {
      const log = await openJoblog({ path, append })
      for (const end of ends) log.add(end, (message) => warnings.push(message))
      log.close()
    },
  }
}

test('a line has the columns of parallel', () => {
  expect(joblogLine(END)).toBe('2\tnode1\t1795330799.645\t     1.250\t17\t5\t0\t0\techo hi')
})

test.each<[string, Partial<TaskEnd>, string]>([
  ['an exit code', { succeeded: false, exitCode: 3 }, '3\t0'],
  ['a signal, as parallel tells it', { succeeded: false, exitCode: -9 }, '0\t9'],
  ['an exit code of 0 that is no success', { succeeded: false, exitCode: 0 }, '-1\t0'],
])('%s', (_, end, columns) => {
  expect(
    joblogLine({ ...END, ...end })
      .split('\t')
      .slice(6, 8)
      .join('\t'),
  ).toBe(columns)
})

test('a task that never ran has no node and no run time', () => {
  const { taskId, index, commandLine, inputBytes, outputBytes, endedAt } = END
  const end = { taskId, index, commandLine, inputBytes, outputBytes, succeeded: false }
  expect(joblogLine({ ...end, ...(endedAt && { endedAt }) })).toBe(
    '2\t-\t1795330800.895\t     0.000\t17\t5\t-1\t0\techo hi',
  )
})

test('a command of several lines stays in one', () => {
  expect(joblogLine({ ...END, commandLine: 'a\nb\tc' })).toMatch(/\ta\0b\tc$/)
})

test('a log is begun anew, or added to', async () => {
  const { read, write } = await prepare('')
  await write(false, END)
  await write(false, { ...END, index: 4 })
  expect(await read()).toBe(`${HEADER}${joblogLine({ ...END, index: 4 })}\n`)
  await write(true, END)
  expect((await read()).split('\n').map((line) => line.split('\t')[0])).toEqual(['Seq', '5', '2', ''])
})

test('what is in a log that is added to is not written again, and a line that was cut is ended', async () => {
  const first = { ...END, index: 0 }
  const { read, write } = await prepare(`${HEADER}${joblogLine(END)}\n3\tnode1\t17953`)
  await write(true, END, first)
  expect(await read()).toBe(`${HEADER}${joblogLine(END)}\n3\tnode1\t17953\n${joblogLine(first)}\n`)
})

test('a file that is no job log is not touched', async () => {
  const { read, write } = await prepare('precious')
  for (const append of [false, true]) {
    await expect(write(append)).rejects.toThrow(/cannot be written: .*no job log/)
  }
  expect(await read()).toBe('precious')
})

test('a log that cannot be written is a mistake of the command line', async () => {
  const { path } = await prepare()
  const target = { path: join(path, 'below', 'log'), append: false }
  await expect(openJoblog(target)).rejects.toMatchObject({ code: 'ConfigurationError' })
})

test('a log that cannot be continued is told of once', async () => {
  const { path, warnings } = await prepare()
  execFileSync('mkfifo', [path])
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const log = await openJoblog({ path, append: false })
  closeSync(reader)
  for (let i = 0; i < 2; i++) log.add(END, (message) => warnings.push(message))
  log.close()
  expect(warnings).toEqual([expect.stringMatching(/log is not continued: EPIPE/)])
})

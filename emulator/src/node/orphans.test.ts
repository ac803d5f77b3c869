import { type ChildProcess, spawn } from 'node:child_process'
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { endOrphans, parseOpenFiles } from './orphans.ts'

function makeDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'malachite-orphans-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  return directory
}

/** A process in a group of its own, with its output in a file of the directory unless that is elsewhere. */
function start(command: string, { output, env = {} }: { output?: string; env?: NodeJS.ProcessEnv }) {
  const stdout = output === undefined ? 'ignore' : openSync(output, 'a')
  const child = spawn('/bin/sh', ['-c', command], {
    detached: true,
    env: { PATH: '/usr/bin:/bin', ...env },
    stdio: ['ignore', stdout, 'ignore'],
  })
  if (stdout !== 'ignore') closeSync(stdout)
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

function ended(child: ChildProcess): Promise<string | null> {
  return new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)))
}

test('ends a process whose output goes to a file in the directory, also through a link and when the file is deleted', async () => {
  const directory = makeDirectory()
  const link = join(makeDirectory(), 'link')
  symlinkSync(directory, link)
  const output = join(directory, 'stdout.txt')
  const child = start('exec sleep 60', { output })
  const end = ended(child)
  rmSync(output)
  endOrphans([link])
  expect(await end).toBe('SIGKILL')
})

test('ends a process whose task has its directory there, with all of its group', async () => {
  const directory = makeDirectory()
  const pids = join(makeDirectory(), 'pids')
  const child = start(`env -i sleep 60 & echo $! > ${pids}; exec sleep 60`, {
    env: { AZ_BATCH_TASK_DIR: join(directory, 'node', 'task') },
  })
  const end = ended(child)
  await until(() => readIfThere(pids).endsWith('\n'))
  endOrphans([directory])
  expect(await end).toBe('SIGKILL')
  await until(() => !isAlive(Number(readIfThere(pids))))
})

test('leaves those alone that belong to a directory with a longer name', async () => {
  const parent = makeDirectory()
  const [ours, other] = [join(parent, 'nodes'), join(parent, 'nodes-of-others')]
  mkdirSync(ours)
  mkdirSync(other)
  const child = start('exec sleep 60', {
    output: join(other, 'stdout.txt'),
    env: { AZ_BATCH_TASK_DIR: other },
  })
  endOrphans([ours])
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(isAlive(child.pid ?? 0)).toBe(true)
})

test('ends those that are started while it looks', async () => {
  const directory = makeDirectory()
  const env = { AZ_BATCH_TASK_DIR: directory }
  const [breeder, bystander] = [
    start('while :; do setsid sleep 60 & sleep 0.005; done', { env }),
    start('exec sleep 60', {}),
  ]
  const end = ended(breeder)
  await new Promise((resolve) => setTimeout(resolve, 100))
  endOrphans([directory])
  expect(await end).toBe('SIGKILL')
  const left = allEnvironments().filter((text) => text.includes(`AZ_BATCH_TASK_DIR=${directory}`))
  expect(left).toEqual([])
  expect(isAlive(bystander.pid ?? 0)).toBe(true)
})

test('reads what lsof says of open files', () => {
  expect(parseOpenFiles('p12\nf1\nn/a/stdout.txt\nf2\nn/a/stderr.txt\np13\np14\nf1\nn/dev/null\n')).toEqual([
    { pid: 12, outputs: ['/a/stdout.txt', '/a/stderr.txt'], environment: '' },
    { pid: 13, outputs: [], environment: '' },
    { pid: 14, outputs: ['/dev/null'], environment: '' },
  ])
})

function allEnvironments(): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.map((pid) => readIfThere(`/proc/${pid}/environ`))
}

async function until(done: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 5000; !done();) {
    if (Date.now() > deadline) throw new Error('not reached within 5 s')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function isAlive(pid: number): boolean {
  return !['', 'Z'].includes(/\) (\S)/.exec(readIfThere(`/proc/${pid}/stat`))?.[1] ?? '')
}

// `malachite emulator --detach`, `stop` and `status`: an emulator that outlives the shell, found by its endpoints file.

import { closeSync, mkdirSync, openSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { BatchError, isBatchError } from '@malachite/model'
import { startDetached } from '../child-processes.ts'
import { stateDirectory } from '../settings/state-directory.ts'
import { readEndpoints, type Endpoints } from '../settings/endpoints.ts'
import { EXIT, type ExitCode } from '../text/exit-code.ts'
import type { EmulatorFlags } from '../program/program.ts'
import type { RunningFlags } from '../program/program-tools.ts'

/** Longest waits for the start and for the end, milliseconds. */
const START_MS = 60_000
const END_MS = 30_000
const PAUSE_MS = 50

const SCRIPT = fileURLToPath(new URL('../../bin/malachite.mjs', import.meta.url))

/** Starts this command once more in the background, and resolves when that one serves. */
export async function detach(flags: EmulatorFlags): Promise<ExitCode> {
  const file = fileOf(flags)
  const running = await find(file)
  if (running) throw mistake(`An emulator runs already at ${running.batch.url} (process ${running.pid}).`)
  const log = `${file}.log`
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const child = start(file, log)
  const { promise: ended, resolve: end } = Promise.withResolvers<number>()
  child.once('exit', (code) => end(code ?? EXIT.failed))
  child.once('error', () => end(EXIT.failed))
  const endpoints = await Promise.race([untilReady(file, child.pid), ended])
  if (typeof endpoints === 'number') return tellFailure(log, endpoints)
  child.unref()
  print(`Batch service is successfully listening at ${endpoints.batch.url}`)
  print(`Its process is ${endpoints.pid}, its log is ${log}. End it with: ${stopCommand(flags)}`)
  return EXIT.ok
}

function start(file: string, log: string) {
  const output = openSync(log, 'w', 0o600)
  try {
    const args = process.argv.slice(2).filter((arg) => arg !== '--detach')
    return startDetached(process.execPath, [SCRIPT, ...args], {
      output,
      env: { ...process.env, MALACHITE_ENDPOINTS_FILE: file },
    })
  } finally {
    closeSync(output)
  }
}

/** The endpoints that the process writes when it serves. */
async function untilReady(file: string, pid: number | undefined): Promise<Endpoints> {
  const deadline = Date.now() + START_MS
  for (;;) {
    const endpoints = await readIfThere(file)
    if (endpoints?.pid === pid && endpoints) return endpoints
    if (Date.now() > deadline)
      throw mistake(`The emulator is not ready after ${START_MS / 1000} s; see ${file}.log.`)
    await sleep(PAUSE_MS)
  }
}

async function tellFailure(log: string, code: number): Promise<ExitCode> {
  process.stderr.write(await readFile(log, 'utf8'))
  return code === EXIT.usage ? EXIT.usage : EXIT.failed
}

function stopCommand({ endpointsFile }: EmulatorFlags): string {
  return `malachite emulator stop${endpointsFile === undefined ? '' : ` --endpointsFile '${endpointsFile}'`}`
}

/** Ends the emulator of the endpoints file and waits until its process has ended. */
export async function stop(flags: RunningFlags): Promise<ExitCode> {
  const file = fileOf(flags)
  const running = await find(file)
  if (!running) {
    await rm(file, { force: true }) // what a process that was killed has left
    tell(flags, { running: false }, 'No emulator runs.')
    return EXIT.missing
  }
  const { pid } = running
  process.kill(pid, 'SIGTERM')
  const deadline = Date.now() + END_MS
  while (isAlive(pid)) {
    if (Date.now() > deadline)
      throw new BatchError(
        'EmulatorStillRuns',
        {},
        {
          status: 500,
          message: `Process ${pid} has not ended after ${END_MS / 1000} s. Try: kill -9 ${pid}`,
        },
      )
    await sleep(PAUSE_MS)
  }
  tell(flags, { running: false, pid }, `The emulator at ${running.batch.url} has ended.`)
  return EXIT.ok
}

/** Prints where the emulator of the endpoints file is. */
export async function status(flags: RunningFlags): Promise<ExitCode> {
  const running = await find(fileOf(flags))
  if (!running) {
    tell(flags, { running: false }, 'No emulator runs. Start one with: malachite emulator --detach')
    return EXIT.missing
  }
  const { pid, batch, blob } = running
  const facts = {
    running: true,
    pid,
    batch: batch.url,
    ...(blob && { blob: blob.url }),
    account: batch.account,
  }
  tell(
    flags,
    facts,
    [
      `Batch:    ${batch.url}`,
      `Blobs:    ${blob?.url ?? 'none'}`,
      `Account:  ${batch.account}`,
      `Process:  ${pid}`,
    ].join('\n'),
  )
  return EXIT.ok
}

/** The file that the flag names, else the one of this user. */
function fileOf({ endpointsFile }: { endpointsFile?: string }): string {
  return resolve(endpointsFile ?? `${stateDirectory()}/emulator.json`)
}

/** The endpoints of an emulator that serves; another process may have got the number of one that was killed. */
async function find(file: string): Promise<Endpoints | undefined> {
  const endpoints = await readIfThere(file)
  if (!endpoints || !isAlive(endpoints.pid)) return undefined
  return (await isServing(endpoints.batch.url)) ? endpoints : undefined
}

async function readIfThere(file: string): Promise<Endpoints | undefined> {
  try {
    return await readEndpoints(file)
  } catch (error) {
    const { code } = (error instanceof Error ? (error.cause ?? {}) : {}) as NodeJS.ErrnoException
    if (isBatchError(error, 'ConfigurationError') && code === 'ENOENT') return undefined
    throw error
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (code === 'ESRCH' || code === 'EPERM') return false // EPERM: somebody else's process has got its number
    throw error
  }
}

const ANSWER_MS = 5000

/** Whatever it answers: with a certificate of its own it is no less there. */
async function isServing(url: string): Promise<boolean> {
  if (url.startsWith('https:')) return true
  try {
    const answer = await fetch(`${url}/_malachite/health/live`, { signal: AbortSignal.timeout(ANSWER_MS) })
    return answer.ok
  } catch {
    return false
  }
}

function tell({ output }: RunningFlags, facts: object, text: string): void {
  print(output === 'json' ? JSON.stringify(facts, null, 2) : text)
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

function mistake(message: string): BatchError {
  return new BatchError('ConfigurationError', {}, { message })
}

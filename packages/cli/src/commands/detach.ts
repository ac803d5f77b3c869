// `malachite emulator --detach`, `stop` and `status`: an emulator that outlives the shell, found by its endpoints file.

import { closeSync, mkdirSync, openSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { BatchError } from '@malachite/model'
import { startDetached } from '../child-processes.ts'
import type { EmulatorFlags, RunningFlags } from '../program/program-emulator.ts'
import type { Endpoints } from '../service/endpoints.ts'
import { findRunning, isAlive, readEndpointsIfThere } from '../service/running.ts'
import type { Environment } from '../settings/environment.ts'
import { mistake } from '../settings/mistake.ts'
import { stateDirectory } from '../settings/state-directory.ts'
import type { Surroundings } from '../settings/surroundings.ts'
import { EXIT, type ExitCode } from '../text/exit-code.ts'
import { print } from '../text/lines.ts'

/** Longest waits for the start and for the end, milliseconds. */
const START_MS = 60_000
const END_MS = 30_000
const PAUSE_MS = 50

const SCRIPT = fileURLToPath(new URL('../../bin/malachite.mjs', import.meta.url))

/** Starts this command once more in the background, and resolves when that one serves. */
export async function detach(
  flags: EmulatorFlags,
  argv: readonly string[],
  surroundings: Surroundings,
): Promise<ExitCode> {
  const file = fileOf(flags, surroundings)
  const running = await findRunning(file)
  if (running) throw mistake(`An emulator runs already at ${running.batch.url} (process ${running.pid}).`)
  const log = `${file}.log`
  const env = { ...surroundings.environment, MALACHITE_ENDPOINTS_FILE: file }
  const child = start(argv, env, openLog(log))
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

function openLog(path: string): number {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    return openSync(path, 'w', 0o600)
  } catch (cause) {
    throw mistake(`The log file ${path} cannot be written (${(cause as NodeJS.ErrnoException).code}).`, cause)
  }
}

function start(argv: readonly string[], env: Environment, output: number) {
  try {
    const args = argv.filter((arg) => arg !== '--detach')
    return startDetached(process.execPath, [SCRIPT, ...args], { output, env })
  } finally {
    closeSync(output)
  }
}

/** The endpoints that the process writes when it serves. */
async function untilReady(file: string, pid: number | undefined): Promise<Endpoints> {
  const deadline = Date.now() + START_MS
  for (;;) {
    const endpoints = await readEndpointsIfThere(file)
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
export async function stop(flags: RunningFlags, surroundings: Surroundings): Promise<ExitCode> {
  const file = fileOf(flags, surroundings)
  const running = await findRunning(file)
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
export async function status(flags: RunningFlags, surroundings: Surroundings): Promise<ExitCode> {
  const running = await findRunning(fileOf(flags, surroundings))
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
function fileOf(
  { endpointsFile }: { endpointsFile?: string },
  { environment, directory }: Surroundings,
): string {
  return resolve(directory, endpointsFile ?? `${stateDirectory(environment)}/emulator.json`)
}

function tell({ output }: RunningFlags, facts: object, text: string): void {
  print(output === 'json' ? JSON.stringify(facts, null, 2) : text)
}

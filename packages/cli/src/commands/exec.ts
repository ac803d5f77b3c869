// `malachite exec -- CMD`: a command with an emulator of its own, which ends with it.

import { mkdtemp, rm } from 'node:fs/promises'
import { constants, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { startEmulator, type Emulator } from '@malachite/emulator'
import { startBeside, type ChildProcess } from '../child-processes.ts'
import type { ExecFlags } from '../program/program-tools.ts'
import { clientEnvironment, writeEndpoints } from '../service/endpoints.ts'
import type { Environment } from '../settings/environment.ts'
import type { Surroundings } from '../settings/surroundings.ts'
import { EXIT } from '../text/exit-code.ts'
import { createLineLogger } from '../text/logger.ts'

/** Runs the command and resolves to its exit code when emulator and Azurite have ended, too. */
export async function exec(
  command: readonly string[],
  flags: ExecFlags,
  { environment, directory }: Surroundings,
): Promise<number> {
  const { blobPort, profile, location } = flags
  const relay = relaySignals()
  try {
    const logger = createLineLogger((line) => process.stderr.write(`${line}\n`), { verbose: false })
    const emulator = await startEmulator({
      batchPort: 0,
      blobPort,
      logger,
      ...(profile !== undefined && { profile }),
      ...(location !== undefined && { location: resolve(directory, location) }),
    })
    try {
      const signal = relay.early()
      return signal === undefined
        ? await runBeside(emulator, command, environment, (child) => relay.to(child))
        : codeOfSignal(signal)
    } finally {
      await emulator.close()
    }
  } finally {
    relay.stop()
  }
}

/** The endpoints file is for the commands of Malachite that the command may call. */
async function runBeside(
  { batch, blob, applications }: Emulator,
  command: readonly string[],
  environment: Environment,
  started: (child: ChildProcess) => void,
): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), 'malachite-exec-'))
  const file = join(directory, 'endpoints.json')
  const endpoints = { pid: process.pid, batch, ...(blob && { blob }), applications }
  const removeFile = await writeEndpoints(file, endpoints)
  try {
    return await run(
      command,
      { ...environment, ...clientEnvironment(endpoints), MALACHITE_ENDPOINTS_FILE: file },
      started,
    )
  } finally {
    await removeFile()
    await rm(directory, { recursive: true, force: true })
  }
}

/** As shells have it. */
const CANNOT_START = 126
const NOT_FOUND = 127

async function run(
  [program = '', ...args]: readonly string[],
  env: Environment,
  started: (child: ChildProcess) => void,
): Promise<number> {
  const { promise, resolve: end } = Promise.withResolvers<number>()
  const child = startBeside(program, args, env)
  child.once('spawn', () => started(child))
  child.once('error', (error: NodeJS.ErrnoException) => {
    process.stderr.write(`malachite: ${program} cannot be started (${error.code}).\n`)
    end(error.code === 'ENOENT' ? NOT_FOUND : CANNOT_START)
  })
  child.once('exit', (code, signal) => end(signal === null ? (code ?? EXIT.failed) : codeOfSignal(signal)))
  return promise
}

function codeOfSignal(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal]
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const

/** Passes signals on to the command. What a terminal's keys send has reached it already: its group gets them all. */
function relaySignals() {
  let child: ChildProcess | undefined
  let early: NodeJS.Signals | undefined
  const listener = (signal: NodeJS.Signals): void => {
    if (child === undefined) early = signal
    else if (!(process.stdin.isTTY && (signal === 'SIGINT' || signal === 'SIGQUIT'))) child.kill(signal)
  }
  for (const name of SIGNALS) process.on(name, listener)
  return {
    to(started: ChildProcess): void {
      child = started
      if (early !== undefined) started.kill(early)
    },
    /** A signal that came before there was a command. */
    early: () => early,
    stop(): void {
      for (const name of SIGNALS) process.removeListener(name, listener)
    },
  }
}

// A terminal with bash in it, which runs one command after another: what one exports is there for the next. Servers run
// beside it, as in a second terminal.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'

/** What became of a command. */
export interface Outcome {
  exitCode: number
  /** Standard output and standard error, as they would stand in a terminal. */
  output: string
}

/** A shell for the commands of a page. */
export interface Shell {
  run(command: string, directory?: string): Promise<Outcome>
  /** Starts a server, and resolves when it has printed a line that `ready` matches. */
  serve(command: string, ready: RegExp): Promise<Outcome>
  endServers(): Promise<void>
  close(): Promise<void>
}

const READY_MS = 20_000
const PAUSE_MS = 20

/** Opens bash in a directory; what commands print is kept in another one. */
export function openShell(directory: string, logs: string, env: NodeJS.ProcessEnv): Shell {
  const bash = spawn('bash', ['--noprofile', '--norc', '-s'], {
    cwd: directory,
    env,
    stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
  })
  const [commands, , , answers] = bash.stdio
  const lines = createInterface({ input: answers as Readable })[Symbol.asyncIterator]()
  let servers: number[] = []
  let count = 0
  let status = 0

  const ask = async (text: string): Promise<number> => {
    commands?.write(`${text}\n`)
    const { value } = await lines.next()
    if (value === undefined) throw new Error('The shell has ended.')
    return Number(value)
  }
  const write = async (command: string): Promise<[script: string, log: string]> => {
    const script = join(logs, `${++count}.sh`)
    await writeFile(script, `${command}\n`)
    return [script, join(logs, `${count}.log`)]
  }

  const endServers = async (): Promise<void> => {
    for (const pid of servers.filter(isAlive)) process.kill(pid, 'SIGTERM')
    while (servers.some(isAlive)) await sleep(PAUSE_MS)
    servers = []
  }

  return {
    endServers,
    async run(command, from = directory) {
      const [script, log] = await write(`(exit ${status})\n${command}`)
      const place = from === directory ? '' : `cd '${from}'; `
      const back = from === directory ? '' : `; cd '${directory}'`
      const redirected = `source '${script}' </dev/null >'${log}' 2>&1 3>&-`
      status = await ask(`${place}${redirected}; echo $? >&3${back}`)
      return { exitCode: status, output: await readFile(log, 'utf8') }
    },
    async serve(command, ready) {
      const [script, log] = await write(`exec ${command}`)
      const pid = await ask(`source '${script}' </dev/null >'${log}' 2>&1 3>&- & echo $! >&3`)
      servers.push(pid)
      await untilReady(log, ready, () => isAlive(pid))
      return { exitCode: 0, output: await readFile(log, 'utf8') }
    },
    async close() {
      await endServers()
      commands?.end()
      if (bash.exitCode === null) await once(bash, 'exit')
    },
  }
}

async function untilReady(log: string, ready: RegExp, isRunning: () => boolean): Promise<void> {
  const end = Date.now() + READY_MS
  for (;;) {
    const text = await readFile(log, 'utf8').catch(() => '')
    if (ready.test(text)) return
    if (!isRunning() || Date.now() > end) throw new Error(`The server is not ready: ${text}`)
    await sleep(PAUSE_MS)
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false // ESRCH: it has ended
  }
}

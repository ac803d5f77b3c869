// The program of a launcher (see launcher-node.ts): it starts processes for the emulator, tells how they ended, and kills
// all of them when the emulator is gone, however that happened. It imports little, to stay small.

import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { constants } from 'node:os'
import type { EndSignal, Launch, LaunchEnd } from './launch.ts'
import { hasProgramFormat } from './program-format.ts'

/** What to start; `id` names it in later messages. */
export type LaunchRequest = { id: number } & Launch

/** A signal for the whole process group. */
export interface KillRequest {
  kill: number
  signal: EndSignal
}

/** How it ended. */
export type LaunchReply = { id: number } & LaunchEnd

const running = new Map<number, ChildProcess>()
const devNull = openSync('/dev/null', 'r')

process.on('message', (message: LaunchRequest | KillRequest) => {
  if ('kill' in message) killGroup(running.get(message.kill), message.signal)
  else start(message)
})

// The emulator closes the channel when it ends; the system closes it when the emulator was killed.
for (const event of ['disconnect', 'SIGTERM', 'SIGINT', 'SIGHUP']) process.on(event, endAll)

function start(request: LaunchRequest): void {
  const { id, argv, cwd, env } = request
  try {
    if (!hasProgramFormat(argv[0] ?? '', cwd, env['PATH'])) return reply({ id, error: 'ENOEXEC' })
    const child = spawnInGroup(request)
    child.once('error', (error) => reply({ id, error: codeOf(error) }))
    if (child.pid === undefined) return
    running.set(id, child)
    child.once('exit', (code, signal) => {
      running.delete(id)
      // What the command left running in its group ends with it.
      killGroup(child, 'SIGKILL')
      reply({ id, exitCode: code ?? -constants.signals[signal ?? 'SIGKILL'] })
    })
  } catch (error) {
    reply({ id, error: codeOf(error) })
  }
}

function spawnInGroup({ argv: [file = '', ...args], cwd, env, stdout, stderr }: LaunchRequest): ChildProcess {
  const files = [devNull]
  try {
    files.push(openSync(stdout, 'a'), openSync(stderr, 'a'))
    return spawn(file, args, { cwd, env, stdio: files, detached: true })
  } finally {
    for (const fd of files.slice(1)) closeSync(fd)
  }
}

function killGroup(child: ChildProcess | undefined, signal: NodeJS.Signals): void {
  if (child?.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch (error) {
    // ESRCH: nobody is left. EPERM: macOS says so of a group that has only zombies.
    if (!['ESRCH', 'EPERM'].includes(codeOf(error))) throw error
  }
}

function endAll(): void {
  for (const child of running.values()) killGroup(child, 'SIGKILL')
  process.exit()
}

function reply(message: LaunchReply): void {
  // With a callback, so that an emulator that goes just now is no error: the channel's end ends this process as well.
  if (process.connected) process.send?.(message, undefined, {}, () => {})
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error)
}

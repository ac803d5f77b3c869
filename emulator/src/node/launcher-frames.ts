// A launcher that is no Node: requests and replies over a channel, its fd 3, as any scripting language reads them.
//
// Requests are frames, a length (32 bits, big-endian) and fields ended by NUL, which no argument, path or variable can
// hold: "L", id, cwd, stdout, stderr, number of arguments, arguments, NAME=value …; or "K", id, signal.
// Replies are lines: the id, then the exit code (negative: the signal) or "!" and the errno of why it never started.
// When the emulator's end closes the channel, or at a signal, the helper kills what it runs and exits with 0.

import { spawn, type ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'
import { constants } from 'node:os'
import type { Helper, HelperOutput, Launch, LaunchEnd } from './launch.ts'
import { createWaitingLaunches } from './waiting-launches.ts'

/** What a helper runs. */
export interface HelperProgram {
  /** The interpreter. */
  file: string
  args: readonly string[]
}

/** Starts a helper that runs this program. */
export function startHelper(program: HelperProgram, stdout: HelperOutput): Helper {
  const { child, channel } = spawnHelper(program, stdout)
  const waiting = createWaitingLaunches({
    ref: () => void channel.ref(),
    unref: () => void (isEnding || channel.unref()),
  })
  let isGone = false
  // From then on the event loop must not end before the helper has, and all that it told is read.
  let isEnding = false
  child.once('exit', () => {
    isGone = isEnding = true
    channel.ref()
  })
  const gone = new Promise<boolean>((resolve) => {
    // Not just `exit`: its last replies may still be on their way.
    child.once('close', (code) => resolve(code === 0))
    child.once('error', () => resolve(false))
  }).then((inOrder) => {
    isGone = true
    waiting.lose({ inOrder })
  })
  readReplies(channel, waiting.settle)

  return {
    isGone: () => isGone,
    launch(id, launch) {
      const ended = waiting.add(id, launch)
      const fields = launchFields(id, launch)
      if (fields.some((field) => field.includes('\0'))) waiting.settle(id, { error: 'EINVAL' })
      else channel.write(frame(fields))
      return {
        ended,
        kill: (signal) => {
          if (waiting.has(id)) channel.write(frame(['K', String(id), signal.slice(3)]))
        },
      }
    },
    async close() {
      isEnding = true
      child.ref()
      channel.ref()
      channel.end()
      await gone
    },
  }
}

/** The helper and the socket to it, neither of which keeps the event loop alive. */
function spawnHelper(
  { file, args }: HelperProgram,
  stdout: HelperOutput,
): { child: ChildProcess; channel: Socket } {
  const child = spawn(file, args, {
    // Not in our process group: Ctrl-C is for the emulator, which then ends the tasks in its own way.
    detached: true,
    env: {},
    stdio: ['ignore', stdout, 'inherit', 'pipe'],
  })
  const channel = child.stdio[3] as Socket
  // EPIPE: it is gone; what it was running is settled by its exit.
  channel.on('error', () => {})
  child.unref()
  channel.unref()
  return { child, channel }
}

function launchFields(id: number, { argv, cwd, env, stdout, stderr }: Launch): string[] {
  const fields = ['L', String(id), cwd, stdout, stderr, String(argv.length), ...argv]
  for (const name in env) fields.push(`${name}=${env[name]}`)
  return fields
}

function frame(fields: readonly string[]): Buffer {
  const text = `${fields.join('\0')}\0`
  const length = Buffer.byteLength(text)
  const buffer = Buffer.allocUnsafe(4 + length)
  buffer.writeUInt32BE(length)
  buffer.write(text, 4)
  return buffer
}

function readReplies(channel: Socket, settle: (id: number, end: LaunchEnd) => void): void {
  let rest = ''
  channel.setEncoding('latin1').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const [id = '', end = ''] = line.split(' ')
      settle(Number(id), toEnd(end))
    }
  })
}

function toEnd(text: string): LaunchEnd {
  return text.startsWith('!') ? { error: errorCode(Number(text.slice(1))) } : { exitCode: Number(text) }
}

function errorCode(errno: number): string {
  return Object.entries(constants.errno).find(([, value]) => value === errno)?.[0] ?? `errno ${errno}`
}

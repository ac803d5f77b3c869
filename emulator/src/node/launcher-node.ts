// A launcher in Node, where there is no Perl.

import { fork, type ChildProcess } from 'node:child_process'
import { getCompileCacheDir } from 'node:module'
import { dirname, extname, join } from 'node:path'
import { type Helper, type HelperOutput, LAUNCHER_LOST } from './launch.ts'
import type { KillRequest, LaunchReply, LaunchRequest } from './launcher-process.ts'
import { createWaitingLaunches } from './waiting-launches.ts'

export function startNodeHelper(stdout: HelperOutput): Helper {
  const child = forkHelper(stdout)
  const waiting = createWaitingLaunches({
    ref: () => child.channel?.ref(),
    unref: () => child.channel?.unref(),
  })
  const gone = new Promise<boolean>((resolve) => {
    child.once('exit', (code) => resolve(code === 0))
    child.once('error', () => resolve(false))
  })
  child.on('message', ({ id, ...end }: LaunchReply) => waiting.settle(id, end))
  void gone.then((inOrder) => waiting.lose({ inOrder }))

  return {
    isGone: () => !child.connected,
    launch(id, launch) {
      const ended = waiting.add(id, launch)
      send(child, { id, ...launch }, () => waiting.settle(id, { error: LAUNCHER_LOST }))
      return {
        ended,
        kill: (signal) => {
          if (waiting.has(id)) send(child, { kill: id, signal }, () => {})
        },
      }
    },
    async close() {
      child.ref()
      if (child.connected) child.disconnect()
      await gone
    },
  }
}

/** `onLost` is called when the helper is gone; what it was running is settled by its exit. */
function send(child: ChildProcess, message: LaunchRequest | KillRequest, onLost: () => void): void {
  child.send(message, (error) => {
    if (error) onLost()
  })
}

function forkHelper(stdout: HelperOutput): ChildProcess {
  const file = join(import.meta.dirname, `launcher-process${extname(import.meta.filename)}`)
  const child = fork(file, {
    // Not in our process group: Ctrl-C is for the emulator, which then ends the tasks in its own way.
    detached: true,
    env: cacheEnvironment(),
    execArgv: [],
    stdio: ['ignore', stdout, 'inherit', 'ipc'],
  })
  child.unref()
  child.channel?.unref()
  return child
}

// The compiler of types stays out of memory when its result is cached: 9 MB to fork instead of 22 MB. The helper shares
// the cache of this process, whose directory node has extended by one for its version.
function cacheEnvironment(): NodeJS.ProcessEnv {
  const directory = getCompileCacheDir()
  return directory === undefined ? {} : { NODE_COMPILE_CACHE: dirname(directory) }
}

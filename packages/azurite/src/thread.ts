// A program in a worker thread, seen as a process: its arguments, environment, last output and end.

import { Worker } from 'node:worker_threads'

/** What to run: the path of a CommonJS script, its arguments and its environment. */
export interface ThreadOptions {
  readonly script: string
  readonly argv: string[]
  readonly env: NodeJS.ProcessEnv
}

/** Characters of output kept for error messages. */
const TAIL = 4_000

// A program such as Azurite waits for the message "shutdown" of a parent process; to a thread it must be passed on.
// Azurite listens for it a moment after it says that it is ready, and must not miss it.
const PROGRAM = `
  const { parentPort, workerData } = require('node:worker_threads')
  const pass = (message) => {
    if (process.listenerCount('message') > 0) process.emit('message', message)
    else setTimeout(pass, 2, message)
  }
  parentPort.once('message', pass)
  parentPort.unref()
  require(workerData)
`

/** A running thread. */
export type Thread = ReturnType<typeof createThread>

/** Starts the script. Its errors, also unhandled ones, end the thread and never this process. */
export function createThread({ script, argv, env }: ThreadOptions) {
  const worker = new Worker(PROGRAM, {
    eval: true,
    workerData: script,
    argv,
    env,
    execArgv: [],
    stdout: true,
    stderr: true,
  })
  const output = collectOutput(worker)
  const ended = new Promise<string>((resolve) => {
    worker.once('error', (error) => resolve(error instanceof Error ? error.message : String(error)))
    worker.once('exit', (code) => resolve(`its thread ended with exit code ${code}`))
  })
  return {
    output,
    /** Why the thread ended. Never rejects. */
    ended,
    /** Emits `message` on the program's `process` as soon as that listens; the first message only. */
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    send: (message: string) => worker.postMessage(message),
    /** Ends the thread at once. */
    stop: async () => void (await worker.terminate()),
  }
}

function collectOutput(worker: Worker) {
  let text = ''
  const listeners = new Set<() => void>()
  const add = (chunk: Buffer): void => {
    text = (text + chunk.toString()).slice(-TAIL)
    for (const listener of listeners) listener()
  }
  worker.stdout.on('data', add)
  worker.stderr.on('data', add)
  return {
    tail: () => text.trim(),
    /** Resolves with the first match of `pattern`, if there ever is one. */
    match: (pattern: RegExp) =>
      new Promise<RegExpExecArray>((resolve) => {
        const check = (): void => {
          const found = pattern.exec(text)
          if (found === null) return
          listeners.delete(check)
          resolve(found)
        }
        listeners.add(check)
        check()
      }),
  }
}

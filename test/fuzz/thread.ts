// The thread of one target.

import { parentPort, workerData } from 'node:worker_threads'
import { runTarget } from './run.ts'
import { TARGETS } from './targets.ts'

interface Work {
  name: string
  seed: number
  runs: number
  from?: number
  progress: Int32Array
}

const { name, progress, ...options } = workerData as Work
const open = TARGETS[name]
if (!open) throw new Error(`no target "${name}"`)
const onInput = (index: number): void => void (progress[0] = index)
const outcome = await runTarget(open(), { ...options, onInput })
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
parentPort?.postMessage(outcome)

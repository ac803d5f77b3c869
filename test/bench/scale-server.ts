// The service in a process of its own, with nodes on which every task is over at once: a million of them need no million
// processes. The benchmark tells it what to do by messages, measures through HTTP, and asks how long the loop stood still.

import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createEngine, type Effect, type TaskRun, openStore } from '@malachite/emulator'
import { systemClock } from '@malachite/model'
import { createBatchServer } from '../../emulator/src/http/server.ts'
import { createNodeFiles } from '../../emulator/src/node/files.ts'
import { createNodeRuntime } from '../../emulator/src/node/runtime.ts'

/** What the benchmark may ask; each order is answered once. */
export type Order =
  /** Adds tasks to a job, which is there. */
  | { do: 'add'; job: string; first: number; count: number; dependsOn?: string }
  /** Lets the nodes finish this many tasks more; answered when they are over. */
  | { do: 'run'; tasks: number }
  /** Since the last time it was asked. */
  | { do: 'turns' }
  | { do: 'memory' }
  | { do: 'close' }

/** What the loop did not come round for at the longest, milliseconds: on the wall, and of processor time. */
export interface Turns {
  wall: number
  processor: number
}

const COLLECTION = 100
/** Tasks that end before others are served. */
const BATCH = 20

const directory = process.argv[2] ?? ''
const isKept = process.argv[3] === 'location'
const nodes = join(directory, 'nodes')
mkdirSync(nodes, { recursive: true })

const account = { name: 'bench', url: 'http://127.0.0.1/' }
const runtime = createNodeRuntime({ root: nodes, account, clock: systemClock, reports: () => engine.reports })
const waiting: TaskRun[] = []
let [allowed, first, isDraining] = [0, 0, false]
let allOver: (() => void) | undefined

const begin = performance.now()
const store = openStore(isKept ? join(directory, 'batch.db') : ':memory:')
const engine = createEngine({
  store,
  clock: systemClock,
  account,
  newId: () => randomBytes(32).toString('hex'),
  perform: (effects) => {
    const others: Effect[] = []
    for (const effect of effects) {
      if (effect.type === 'runTask') waiting.push(effect)
      else if (effect.type === 'endTask') endTask(effect.run)
      else others.push(effect)
    }
    runtime.perform(others)
    drainSoon()
  },
})
const opened = performance.now() - begin

function drainSoon(): void {
  if (isDraining || allowed === 0 || first >= waiting.length) return
  isDraining = true
  setImmediate(drain)
}

function drain(): void {
  isDraining = false
  for (let i = 0; i < BATCH && allowed > 0 && first < waiting.length; i++) {
    const task = waiting[first++]
    allowed -= 1
    if (task) engine.reports.taskEnded({ run: task.run, exitCode: 0 })
  }
  if (first > 10_000) {
    waiting.splice(0, first)
    first = 0
  }
  if (allowed === 0) allOver?.()
  drainSoon()
}

/** Ends it, as a process that obeys. */
function endTask(run: number): void {
  setImmediate(() => {
    const at = waiting.findIndex((task, i) => i >= first && task.run === run)
    if (at < 0) return
    waiting.splice(at, 1)
    engine.reports.taskEnded({ run, exitCode: -15 })
  })
}

async function add({ job, first: start, count, dependsOn }: Extract<Order, { do: 'add' }>): Promise<number> {
  const before = processorMilliseconds()
  for (let done = 0; done < count; done += COLLECTION) {
    const value = Array.from({ length: Math.min(COLLECTION, count - done) }, (_, i) => ({
      id: `task${String(start + done + i).padStart(7, '0')}`,
      commandLine: '/bin/true',
      ...(dependsOn !== undefined && { dependsOn: { taskIds: [dependsOn] } }),
    }))
    engine.tasks.addCollection(job, { value })
    await new Promise((resolve) => setImmediate(resolve))
  }
  return processorMilliseconds() - before
}

async function run(tasks: number): Promise<number> {
  const before = processorMilliseconds()
  allowed = tasks
  const over = new Promise<void>((resolve) => (allOver = resolve))
  drainSoon()
  await over
  return processorMilliseconds() - before
}

const delays = monitorEventLoopDelay({ resolution: 1 })
delays.enable()
let [longest, last] = [0, processorMilliseconds()]
setInterval(() => {
  const now = processorMilliseconds()
  longest = Math.max(longest, now - last)
  last = now
}, 1)

function turns(): Turns {
  const result = { wall: delays.max / 1e6, processor: longest }
  delays.reset()
  longest = 0
  return result
}

/** Of this thread: the compilers and the collector of Node have threads of their own. */
function processorMilliseconds(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

function memory(): number {
  const [, kilobytes = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
  return Number(kilobytes) / 1024
}

function obey(order: Order): unknown {
  switch (order.do) {
    case 'add':
      return add(order)
    case 'run':
      return run(order.tasks)
    case 'turns':
      return turns()
    case 'memory':
      return memory()
    case 'close':
    default:
      return close()
  }
}

async function close(): Promise<void> {
  await server.close()
  await runtime.close()
  engine.close()
  setImmediate(() => process.exit(0))
}

const server = createBatchServer({
  engine,
  files: { ...createNodeFiles(nodes), uploadLogs: runtime.uploadLogs },
})
const url = await server.listen({ host: '127.0.0.1', port: 0 })
process.on('message', (order: Order) => {
  void Promise.resolve(obey(order)).then((answer) => process.send?.({ answer: answer ?? null }))
})
process.send?.({ url, opened, memory: memory() })

// A pool of a thousand emulated nodes, with their directories and processes: they boot, run four thousand tasks and are
// removed, in this process. A node that has nothing to do may cost nothing but its files: no timer, no open file.

import { readdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { openBatchHost } from '@malachite/emulator'
import type { Measurement, Row } from './bench.ts'
import { round } from './statistics.ts'

const COLLECTION = 100

/** Milliseconds of processor time that the loop may be away for. */
const TURN = 100
/** Milliseconds of processor time that the pool may take in a second in which nothing is to be done. */
const IDLE = 20
/** Milliseconds to let the boots end: log files are written in the second after, which takes 90 ms, the next one 0.4. */
const SETTLING = 2000
/** Megabytes above those of the start. */
const MEMORY = 150

/** Boots this many nodes, runs this many tasks on them and removes them. */
export async function measureNodes(nodes: number, tasks: number): Promise<Measurement> {
  const host = openBatchHost()
  const { engine } = host
  const watch = watchTurns()
  try {
    const before = { memory: megabytes(), files: openFiles(), idle: await idleTime() }
    const boot = await timed(async () => {
      engine.pools.add(poolOf(nodes))
      await until(() => countNodes(host, 'idle') === nodes)
    })
    await sleep(SETTLING)
    const booting = watch.longest()
    const idle = Math.max(0, (await idleTime()) - before.idle)
    const standing = { memory: megabytes(), files: openFiles() }
    watch.longest()
    const run = await timed(async () => {
      engine.jobs.add({ id: 'job', poolInfo: { poolId: 'pool' } })
      for (let first = 0; first < tasks; first += COLLECTION) {
        const value = Array.from({ length: COLLECTION }, (_, i) => ({
          id: `${first + i}`,
          commandLine: '/bin/true',
        }))
        engine.tasks.addCollection('job', { value })
        await sleep(0)
      }
      await until(() => engine.jobs.taskCounts('job').taskCounts.succeeded === tasks)
    })
    const running = watch.longest()
    const removal = await timed(async () => {
      engine.pools.delete('pool')
      await until(() => engine.pools.list().items.length === 0)
    })
    const removing = watch.longest()
    const turns = { booting, running, removing }
    return {
      title: `${nodes} nodes with their directories, ${tasks} × /bin/true`,
      rows: [
        row('all nodes idle after', 's', boot),
        row('all tasks done after', 's', run),
        row('pool gone after', 's', removal),
        row('memory above the start', 'MB', standing.memory - before.memory, MEMORY),
        row('open files above the start', '', standing.files - before.files, nodes / 10),
        row('processor time more in an idle second', 'ms', idle, IDLE),
        row('longest turn of the loop', 'ms', Math.max(...Object.values(turns)), TURN),
      ],
      figures: Object.fromEntries(
        Object.entries(turns).map(([what, ms]) => [`longest turn of the loop, ${what} (ms)`, round(ms)]),
      ),
    }
  } finally {
    watch.close()
    await host.close()
  }
}

function row(what: string, unit: string, value: number, limit?: number): Row {
  return { what, unit, better: 'less', ours: [value], ...(limit !== undefined && { bound: { limit } }) }
}

function poolOf(targetDedicatedNodes: number): object {
  return {
    id: 'pool',
    vmSize: 'standard_d2s_v3',
    virtualMachineConfiguration: {
      imageReference: { publisher: 'canonical', offer: 'ubuntu-24_04-lts', sku: 'server' },
      nodeAgentSKUId: 'batch.node.ubuntu 24.04',
    },
    targetDedicatedNodes,
    taskSlotsPerNode: 4,
  }
}

function countNodes({ engine }: ReturnType<typeof openBatchHost>, state: 'idle'): number {
  return engine.pools.nodeCounts().items[0]?.dedicated?.[state] ?? 0
}

async function idleTime(): Promise<number> {
  const start = processorMilliseconds()
  await sleep(1000)
  return processorMilliseconds() - start
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}

async function until(done: () => boolean): Promise<void> {
  while (!done()) await sleep(20)
}

/** Asks every millisecond how much processor time went by since the last time. */
function watchTurns() {
  let [longest, last] = [0, processorMilliseconds()]
  const timer = setInterval(() => {
    const now = processorMilliseconds()
    longest = Math.max(longest, now - last)
    last = now
  }, 1)
  return {
    /** Milliseconds of the longest turn since it was asked last. */
    longest(): number {
      const result = longest
      longest = 0
      return result
    },
    close: () => clearInterval(timer),
  }
}

/** Of this thread: the compilers and the collector of Node have threads of their own. */
function processorMilliseconds(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

function openFiles(): number {
  return readdirSync('/proc/self/fd').length
}

function megabytes(): number {
  return process.memoryUsage.rss() / 2 ** 20
}

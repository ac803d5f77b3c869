// What readers have before they give the commands of a page: pools, jobs, a run that was killed. The names are the pages'.

import { setTimeout as sleep } from 'node:timers/promises'
import type { JsonObject } from '@malachite/azure'
import { poolBody } from '../helpers/virtual-engine.ts'
import type { Stage } from './stage.ts'

export type Preparation = (stage: Stage) => Promise<void>

/** The script of a task that fails and says why. */
export const FAILS = 'echo $AZ_BATCH_TASK_ID: no such input >&2; exit 1'

/** The bodies of so many tasks of bash. */
export function bashTasks(count: number, script: (index: number) => string, prefix = 't'): object[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `${prefix}${index}`,
    commandLine: `/bin/bash -c '${script(index)}'`,
  }))
}

/** A job `myjob` whose pool has four slots. */
export async function addMyJob(stage: Stage): Promise<void> {
  const client = await stage.client()
  await client.send('POST', ['pools'], poolBody('mypool', { taskSlotsPerNode: 4 }))
  await client.send('POST', ['jobs'], { id: 'myjob', poolInfo: { poolId: 'mypool' } })
}

/** An emulator with a pool, a task and a schedule, which have the names of the page's placeholders. */
export async function addJobs(stage: Stage): Promise<void> {
  await stage.startEmulator()
  await addPool(stage)
  const client = await stage.client()
  const poolInfo = { poolId: 'POOL' }
  await client.send('POST', ['jobs'], { id: 'JOB', poolInfo })
  await client.send('POST', ['jobs', 'JOB', 'tasks'], { id: 'TASK', commandLine: 'false' })
  const jobSpecification = { poolInfo, jobManagerTask: { id: 'manager', commandLine: 'true' } }
  const schedule = { recurrenceInterval: 'P1D' }
  await client.send('POST', ['jobschedules'], { id: 'SCHEDULE', schedule, jobSpecification })
}

/** A pool whose start task fails, and a task that waits for it. */
export async function addBrokenPool(stage: Stage): Promise<void> {
  const client = await stage.client()
  const startTask = { commandLine: "/bin/sh -c 'exit 3'", waitForSuccess: true }
  await client.send('POST', ['pools'], poolBody('blender', { targetDedicatedNodes: 2, startTask }))
  await client.send('POST', ['jobs'], { id: 'render', poolInfo: { poolId: 'blender' } })
  await client.send('POST', ['jobs', 'render', 'tasks'], { id: 'frame7', commandLine: 'true' })
  await untilNodes(stage, 'blender', 2, ({ state }) => state === 'starttaskfailed')
}

/** A pool POOL with one node, NODE. Of its size the quota of the page allows enough. */
export async function addPool(stage: Stage): Promise<void> {
  const client = await stage.client()
  await client.send('POST', ['pools'], poolBody('POOL', { vmSize: 'standard_a1_v2' }))
  await nameNode(stage, 1, true)
}

/** Restarts the node of POOL, which has failed. */
export async function restart(stage: Stage): Promise<void> {
  const client = await stage.client()
  await client.send('POST', ['pools', 'POOL', 'nodes', String(stage.words.get('NODE')), 'reboot'], {})
  await nameNode(stage, 1, true)
}

/** Gives POOL six spot nodes; NODE is the last one. */
export async function addSpotNodes(stage: Stage): Promise<void> {
  const client = await stage.client()
  const targets = { targetDedicatedNodes: 1, targetLowPriorityNodes: 6 }
  await client.send('POST', ['pools', 'POOL', 'resize'], targets)
  await nameNode(stage, 6, false)
}

async function nameNode(stage: Stage, count: number, dedicated: boolean): Promise<void> {
  const isWanted = ({ state, isDedicated }: JsonObject) => state === 'idle' && isDedicated === dedicated
  const nodes = await untilNodes(stage, 'POOL', count, isWanted)
  stage.words.set('NODE', String(nodes.at(-1)?.['id']))
}

/** Begins a run and kills it while its tasks wait for nodes; RUN is its id. */
export async function beginRun({ shell, words }: Stage): Promise<void> {
  const { output } = await shell.run(
    `malachite run books/*.txt --backend emulator --delete-pool yes >begun 2>&1 &
     until grep -q Monitoring begun || ! kill -0 $!; do sleep 0.05; done
     kill -9 $! && wait $!
     basename "$(ls -td ~/.local/state/malachite/runs/*/ | head -n 1)"`,
  )
  words.set('RUN', output.trim().split('\n').at(-1) ?? '')
}

/** The nodes of a pool that are as wanted, as soon as there are so many. */
async function untilNodes(
  stage: Stage,
  pool: string,
  count: number,
  isWanted: (node: JsonObject) => boolean,
): Promise<JsonObject[]> {
  const client = await stage.client()
  const end = Date.now() + 20_000
  while (Date.now() < end) {
    const nodes: JsonObject[] = []
    for await (const node of client.list(['pools', pool, 'nodes'])) if (isWanted(node)) nodes.push(node)
    if (nodes.length === count) return nodes
    await sleep(20)
  }
  throw new Error(`Pool ${pool} has not got ${count} nodes of the kind that its page needs.`)
}

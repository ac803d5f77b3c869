// `malachite clean`: finds what runs have left behind by the mark that each run puts on what it creates.

import type { JsonObject, RestClient } from '@malachite/azure'
import { RUN_METADATA } from '@malachite/orchestrator'
import { connect } from '../settings/connection.ts'
import { EXIT, type ExitCode } from '../text/exit-code.ts'
import { selectedColumns, writeList } from '../text/output.ts'
import type { CleanFlags } from '../program/program-tools.ts'
import { confirmed } from '../sure.ts'

/** Something that a run has created and that still exists. */
export interface Leftover {
  kind: 'job' | 'pool'
  id: string
  /** Id of the run. */
  run: string
  state: string
  creationTime: string
  nodes: number
  /** Hours of its nodes so far, to hundredths. */
  nodeHours: number
}

const HOUR_MS = 3_600_000

/** Lists the leftovers, then deletes them if the flag or the person says so. */
export async function clean(flags: CleanFlags): Promise<ExitCode> {
  const client = await connect(flags)
  try {
    const leftovers = await findLeftovers(client, Date.now(), flags.olderThan ?? HOUR_MS)
    if (flags.output !== 'json') await list(leftovers)
    const doomed = leftovers.length > 0 && (await isDeletionMeant(leftovers, flags)) ? leftovers : []
    const deleted: Leftover[] = []
    for (const leftover of doomed) {
      await client.send('DELETE', [`${leftover.kind}s`, leftover.id])
      deleted.push(leftover)
      if (flags.output !== 'json') print(`${leftover.kind} ${leftover.id} is being deleted.`)
    }
    if (flags.output === 'json')
      print(JSON.stringify({ leftovers, deleted: deleted.map(({ id }) => id) }, null, 2))
    return EXIT.ok
  } finally {
    await client.close()
  }
}

async function isDeletionMeant(leftovers: readonly Leftover[], flags: CleanFlags): Promise<boolean> {
  if (flags.dryRun) return false
  if (flags.yes) return true
  if (flags.output === 'json' || !process.stdin.isTTY || !process.stderr.isTTY) {
    process.stderr.write('Nothing was deleted: there is no terminal to ask on. Add --yes to delete them.\n')
    return false
  }
  return confirmed(`Delete ${leftovers.length === 1 ? 'it' : `all ${leftovers.length}`}?`, flags)
}

/** Jobs first: they are deleted first, so that no task is left to wait for a pool. */
async function findLeftovers(client: RestClient, now: number, olderThan: number): Promise<Leftover[]> {
  const jobs = await marked(client, 'job', now - olderThan)
  const pools = await marked(client, 'pool', now - olderThan)
  for (const pool of pools) Object.assign(pool, await countNodes(client, pool.id, now))
  return [...jobs, ...pools]
}

async function marked(client: RestClient, kind: Leftover['kind'], madeBefore: number): Promise<Leftover[]> {
  const found: Leftover[] = []
  const query = { $select: 'id,state,creationTime,metadata' }
  for await (const item of client.list([`${kind}s`], { query })) {
    const run = runOf(item)
    const { id, state, creationTime } = item as Record<'id' | 'state' | 'creationTime', string>
    if (run === undefined || state === 'deleting' || Date.parse(creationTime) > madeBefore) continue
    found.push({ kind, id, run, state, creationTime, nodes: 0, nodeHours: 0 })
  }
  return found
}

function runOf({ metadata = [] }: JsonObject): string | undefined {
  return (metadata as { name: string; value: string }[]).find(({ name }) => name === RUN_METADATA)?.value
}

/** A node costs from its allocation on. */
async function countNodes(
  client: RestClient,
  poolId: string,
  now: number,
): Promise<Pick<Leftover, 'nodes' | 'nodeHours'>> {
  let nodes = 0
  let ms = 0
  for await (const { allocationTime } of client.list(['pools', poolId, 'nodes'], {
    query: { $select: 'id,allocationTime' },
  })) {
    nodes++
    ms += Math.max(0, now - Date.parse(String(allocationTime)))
  }
  return { nodes, nodeHours: Math.round((ms / HOUR_MS) * 100) / 100 }
}

async function list(leftovers: readonly Leftover[]): Promise<void> {
  if (leftovers.length === 0) return print('Runs have left nothing behind.')
  const columns = selectedColumns(['kind', 'id', 'state', 'creationTime', 'nodes', 'nodeHours', 'run'])
  const rows = leftovers.map((leftover): JsonObject => ({ ...leftover }))
  await writeList(rows, { format: 'table', columns })
  const hours = leftovers.reduce((sum, { nodeHours }) => sum + nodeHours, 0)
  print(`${leftovers.length} left behind, ${hours.toFixed(2)} node-hours so far.`)
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

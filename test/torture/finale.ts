// Everything comes to its end: all jobs may run, and do.

import { globSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { POOL } from './operations.ts'
import { readAll, type Session } from './session.ts'

/** Milliseconds until every task of every job that may run is completed. */
const LIMIT = 60_000

/** Enables all jobs and waits until no task is left to do and nothing is in transit. Throws `Lost` when the emulator ends. */
export async function finish(session: Session): Promise<void> {
  await session.ask(`POST /pools/${POOL}/stopresize`)
  for (const [id, { isEnding, isDisabled, presence }] of session.facts.jobs) {
    if (presence !== 'there' || isEnding.allows(true) || isDisabled.allows(false)) continue
    const answer = await session.ask(`POST /jobs/${id}/enable`)
    if (answer && answer.status < 300) isDisabled.set(false, true)
  }
  let left: string[] = []
  for (const deadline = Date.now() + LIMIT; Date.now() < deadline; await sleep(100)) {
    left = await unfinished(session)
    if (left.length === 0) return checkFiles(session)
  }
  for (const text of left) session.blame(`after ${LIMIT / 1000} s ${text}`)
}

/** Nodes that are gone have no files. */
async function checkFiles(session: Session): Promise<void> {
  const nodes = new Set<string>()
  for (const pool of await readAll<Item>(session, '/pools'))
    for (const node of await readAll<Item>(session, `/pools/${pool.id}/nodes`)) nodes.add(node.id)
  for (const path of globSync('*', { cwd: session.nodes }))
    if (!nodes.has(path)) session.blame(`node ${path} is gone, and its files are not`)
}

interface Item {
  id: string
  state: string
  allocationState?: string
}

async function unfinished(session: Session): Promise<string[]> {
  const left: string[] = []
  for (const { id, state, allocationState } of await readAll<Item>(session, '/pools'))
    if (state !== 'active' || allocationState !== 'steady')
      left.push(`pool ${id} is ${state}, ${allocationState}`)
  for (const { id, state } of await readAll<Item>(session, '/jobs')) {
    if (!['active', 'disabled', 'completed'].includes(state)) left.push(`job ${id} is ${state}`)
    // What waits in an ended job waits for ever.
    if (state !== 'active') continue
    for (const task of await readAll<Item>(session, `/jobs/${id}/tasks`))
      if (task.state !== 'completed') left.push(`task ${id}/${task.id} is ${task.state}`)
  }
  return left
}

import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openStore } from './store.ts'

/** Statements that read a whole table of things that there may be many of, and why they may. */
const SCANS: readonly { statement: RegExp; why: string }[] = [
  { statement: /^select max\(us\)/, why: 'once, when the database is opened' },
  { statement: /^select 1 from jobs where preemptible limit 1$/, why: 'once, when the database is opened' },
  { statement: /count\(\*\) as count from nodes join pools/, why: 'the counts of all nodes of the account' },
  { statement: /as vmSize, count\(\*\) as count from pools/, why: 'nodes that join, if cores have a quota' },
  { statement: /^select sum\(started\)/, why: 'the statistics of all jobs of the account' },
  { statement: /^select poolId, vmSize, dedicated, startAt, endAt/, why: 'the usage of all pools' },
]

interface Plan {
  statement: string
  steps: string[]
}

/** The plans of all statements that the stores prepare. */
function readPlans(): Plan[] {
  const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare')
  const store = openStore(':memory:')
  onTestFinished(() => store.close())
  const statements = prepare.mock.calls.map(([sql]) => sql).filter((sql) => !sql.startsWith('pragma'))
  const db = prepare.mock.contexts[0] as DatabaseSync
  prepare.mockRestore()
  return statements.map((sql) => {
    const steps = db.prepare(`explain query plan ${sql}`).all()
    return { statement: sql.replace(/\s+/g, ' '), steps: steps.map((step) => String(step['detail'])) }
  })
}

test('no statement reads all tasks, jobs, nodes or endings but the few that are for that', () => {
  const plans = readPlans()
  expect(plans.length).toBeGreaterThan(80)
  const scans = plans.filter(({ steps }) =>
    steps.some((step) => /^SCAN (tasks|jobs|nodes|endings|instances|jobNodes)$/.test(step)),
  )
  const statements = scans.map(({ statement }) => statement)
  expect(statements.filter((sql) => !SCANS.some(({ statement }) => statement.test(sql)))).toEqual([])
  expect(SCANS.filter(({ statement }) => !statements.some((sql) => statement.test(sql)))).toEqual([])
})

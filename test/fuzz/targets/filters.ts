// $filter of every list, down to the database.

import { createEngine, openStore, selectFiles } from '@malachite/emulator'
import { systemClock } from '@malachite/model'
import { defineTarget, orRefused, type Target } from '../target.ts'
import { type Language, makeText, wordsOf } from '../texts.ts'

const FILTERS: Language = {
  valid: [
    "id eq 'a'",
    "state eq 'active' and (priority gt 1 or not startswith(id,'j'))",
    "executionInfo/exitCode ne 0 and executionInfo/startTime ge DateTime'2020-01-01T00:00:00Z'",
    "creationTime lt DateTime'2100-01-01T00:00:00.1234567Z' and displayName ne null",
    "startswith(name,'wd/''x')",
    'enableAutoScale eq false and taskSlotsPerNode le 4',
    "osType eq 'linux' and nodeAgentSKUId eq 'batch.node.debian 12'",
    "poolId eq 'p' or thumbprintAlgorithm eq 'sha1'",
    "id eq 'x' or ".repeat(40) + "id eq 'y'",
    `${'('.repeat(45)}id eq 'x'${')'.repeat(45)}`,
    'not '.repeat(30) + "id eq 'x'",
  ],
  words: wordsOf(
    `
      and or not eq ne gt ge lt le AND Eq ( ) , / null true false id state priority creationTime
      executionInfo/exitCode stateTransitionTime url stats 'a' '' 'it''s' ' 0 -1 1.5 1e999
      99999999999999999999 0x1f guid'1' DateTime'2020-01-01T00:00:00Z' datetime'x' DateTime'0000-00-00'
      DateTime'99999-01-01T00:00:00Z' startswith( startswith(id, substringof( __proto__ constructor toString
      executionInfo/constructor`,
    "'\u{10ffff}'",
  ),
}

/** A filter of one of the lists. */
export function openFilters(): Target {
  let ids = 0
  const engine = createEngine({
    store: openStore(':memory:'),
    clock: systemClock,
    account: { name: 'fuzz' },
    newId: () => String(++ids).padStart(64, '0'),
    perform: () => undefined,
  })
  engine.jobs.add({ id: 'j', poolInfo: { poolId: 'p' } })
  for (const id of ['a', 'b']) engine.tasks.add('j', { id, commandLine: 'true' })
  engine.pools.add({
    id: 'p',
    vmSize: 'standard_a1',
    virtualMachineConfiguration: {
      imageReference: { publisher: 'canonical', offer: 'ubuntu-24_04-lts', sku: 'server' },
      nodeAgentSKUId: 'batch.node.ubuntu 24.04',
    },
  })
  const lists: readonly [(filter: string) => unknown, ...((filter: string) => unknown)[]] = [
    (filter) => engine.tasks.list('j', { filter }),
    (filter) => engine.jobs.list({ filter }),
    (filter) => engine.pools.list({ filter }),
    (filter) => engine.nodes.list('p', { filter }),
    (filter) => engine.pools.nodeCounts({ filter }),
    (filter) => engine.jobSchedules.list({ filter }),
    (filter) => engine.certificates.list({ filter }),
    (filter) => engine.listSupportedImages({ filter }),
    (filter) => selectFiles([{ name: 'wd/x', isDirectory: false }], filter),
  ]
  return defineTarget({
    name: 'filters',
    make: (random) => ({ list: random.int(lists.length), filter: makeText(random, FILTERS) }),
    check: ({ list, filter }) => void orRefused(() => (lists[list] ?? lists[0])(filter)),
    close: () => engine.close(),
  })
}

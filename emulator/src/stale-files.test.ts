import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { findStaleFiles } from './stale-files.ts'
import type { Store } from './storage/store.ts'

test('of the files on a node those are stale that no task has there: it is gone, it waits, it ran elsewhere, its job is gone', () => {
  const nodes = mkdtempSync(join(tmpdir(), 'malachite-stale-'))
  onTestFinished(() => rmSync(nodes, { recursive: true }))
  const jobs = new Map([
    ['j', { key: 1, preparationId: 'jobpreparation', releaseId: null }],
    ['s:job-2', { key: 2, preparationId: null, releaseId: null }],
  ])
  const tasks = new Map([
    ['1/here', { nodeId: 'n', nodes: 0 }],
    ['1/elsewhere', { nodeId: 'm', nodes: 0 }],
    ['1/waiting', { nodeId: null, nodes: 0 }],
    ['1/several', { nodeId: 'm', nodes: 2 }],
    ['2/here', { nodeId: 'n', nodes: 0 }],
  ])
  const store = {
    jobs: { byId: (id: string) => jobs.get(id) },
    tasks: { byId: (job: number, id: string) => tasks.get(`${job}/${id}`) },
  } as unknown as Store
  const kept = ['j/job-1/here', 'j/job-1/jobpreparation', 'j/job-1/several', 's/job-2/here']
  const stale = ['gone/job-1/t', 'j/job-1/elsewhere', 'j/job-1/gone', 'j/job-1/waiting', 's/job-1/here']
  for (const path of [...kept, ...stale]) mkdirSync(join(nodes, 'n', 'workitems', path), { recursive: true })
  const found = [...findStaleFiles(nodes, store)].map((files) => `${files?.nodeId}:${files?.directory}`)
  expect(found.sort()).toEqual(stale.map((path) => `n:workitems/${path}`))
})

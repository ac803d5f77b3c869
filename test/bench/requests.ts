// What the REST service answers in a second, beside Azurite in the same process; and a job of very many tasks.

import { readFileSync } from 'node:fs'
import { createAzureBlobBackend } from '@malachite/azure'
import type { Measurement, Row } from './bench.ts'
import { CONNECTIONS, measureAll, measureLatencies, measureRates, type Shot, type Turns } from './load.ts'
import { createShooter, type Endpoints, type Service, type Shoot, withEmulator } from './service.ts'

/** How many times Azurite's rate ours must be. */
const BOUND = 3
/** Median milliseconds for a page of 1,000 tasks filtered by state. */
const PAGE_BOUND = 50
/** How often each page is asked for. */
const PAGES = 21

/** How often, how long and of how many tasks. */
interface Amount extends Turns {
  tasks: number
}

/** Asks the emulator and its Azurite in turn; then adds the tasks and asks for pages of them. */
export function measureRequests(amount: Amount): Promise<Measurement> {
  return withEmulator(['--blobPort', '0'], (service) => measure(service, amount))
}

async function measure({ batch, blob, pid }: Service, { tasks, ...turns }: Amount): Promise<Measurement> {
  const shoot = createShooter(batch)
  const blobs = await prepareBlobs(blob)
  await measureAll([await shoot('POST', '/jobs', { id: 'small', poolInfo: { poolId: 'none' } })])
  await measureAll([await shoot('POST', '/jobs/small/addtaskcollection', collectionOf(0))])

  const one = {
    ours: await shoot('GET', '/jobs/small/tasks/task0000007'),
    azurite: { method: 'GET', url: blobs.one, headers: {} },
  }
  const page = {
    ours: await shoot('GET', '/jobs/small/tasks?maxresults=100'),
    azurite: { method: 'GET', url: blobs.list, headers: {} },
  }
  return {
    title: `${CONNECTIONS} connections to the emulator, Azurite in the same process`,
    rows: [
      rateRow('GET of a task', 'Azurite, GET of a blob of 1 KB', await measureRates(one, turns)),
      rateRow('page of 100 tasks', 'Azurite, page of 100 blobs', await measureRates(page, turns)),
      ...(await measureLargeJob(shoot, pid, tasks)),
    ],
  }
}

function rateRow(what: string, peer: string, rates: { ours: number[]; azurite: number[] }): Row {
  return {
    what,
    unit: 'requests/s',
    better: 'more',
    ours: rates.ours,
    peer: { name: peer, values: rates.azurite, kind: 'measured' },
    bound: { timesPeer: BOUND },
  }
}

async function measureLargeJob(shoot: Shoot, pid: number, tasks: number): Promise<Row[]> {
  await measureAll([await shoot('POST', '/jobs', { id: 'large', poolInfo: { poolId: 'none' } })])
  const shots: Shot[] = []
  for (let first = 0; first < tasks; first += 100)
    shots.push(await shoot('POST', '/jobs/large/addtaskcollection', collectionOf(first)))
  const before = residentMegabytes(pid)
  const seconds = await measureAll(shots)
  const memory = residentMegabytes(pid) - before
  const filter = encodeURIComponent("state eq 'active'")
  const pages = (select: string): Promise<Shot> =>
    shoot('GET', `/jobs/large/tasks?$filter=${filter}${select}&maxresults=1000`)
  const count = tasks.toLocaleString('en')
  const times = async (select: string) => ({
    unit: 'ms',
    better: 'less' as const,
    ours: await measureLatencies(await pages(select), PAGES),
  })
  return [
    { what: `${count} tasks added by 100s`, unit: 'tasks/s', better: 'more', ours: [tasks / seconds] },
    { what: 'memory that they take', unit: 'MB', better: 'less', ours: [memory] },
    { what: 'page of 1,000 of them by state', ...(await times('')), bound: { limit: PAGE_BOUND } },
    { what: 'the same with $select=id,state', ...(await times('&$select=id,state')) },
  ]
}

function collectionOf(first: number): object {
  const value = Array.from({ length: 100 }, (_, i) => ({
    id: `task${String(first + i).padStart(7, '0')}`,
    commandLine: '/bin/true',
  }))
  return { value }
}

async function prepareBlobs({ url, connectionString }: Endpoints['blob']) {
  const backend = createAzureBlobBackend({ connectionString })
  await backend.createContainer('bench')
  const expiresOn = new Date(Date.now() + 3_600_000)
  const permissions = ['read', 'list', 'create', 'write'] as const
  const sas = await backend.containerSas('bench', { permissions: [...permissions], expiresOn })
  const headers = { 'x-ms-blob-type': 'BlockBlob', 'content-length': '1024' }
  const blobs = Array.from({ length: 100 }, (_, i) => `${url}/bench/blob${i}?${sas}`)
  await measureAll(blobs.map((blob) => ({ method: 'PUT', url: blob, headers, body: 'x'.repeat(1024) })))
  return { one: blobs[0] ?? '', list: `${url}/bench?restype=container&comp=list&maxresults=100&${sas}` }
}

/** Memory of a process as the system counts it. */
function residentMegabytes(pid: number): number {
  const [, kilobytes = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Math.round(Number(kilobytes) / 1024)
}

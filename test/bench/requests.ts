// What the REST service answers in a second, beside Azurite in the same process; and a job of 100,000 tasks.

import { readFileSync } from 'node:fs'
import { createAzureBlobBackend } from '@malachite/azure'
import { type Measurement, round } from './bench.ts'
import { CONNECTIONS, measureAll, measureLatencies, measureRates, median, type Shot } from './load.ts'
import { createShooter, type Endpoints, type Service, type Shoot, withEmulator } from './service.ts'

/** How many times Azurite's rate ours must be. */
const BOUND = 3
const TASKS = 100_000
/** Median milliseconds for a page of 1,000 tasks filtered by state. */
const PAGE_BOUND = 50

export function measureRequests(): Promise<Measurement> {
  return withEmulator(['--blobPort', '0'], measure)
}

async function measure({ batch, blob, pid }: Service): Promise<Measurement> {
  const shoot = createShooter(batch)
  const blobs = await prepareBlobs(blob)
  await measureAll([await shoot('POST', '/jobs', { id: 'small', poolInfo: { poolId: 'none' } })])
  await measureAll([await shoot('POST', '/jobs/small/addtaskcollection', collectionOf(0))])

  const { get, getBlob } = await measureRates({
    get: await shoot('GET', '/jobs/small/tasks/task0000007'),
    getBlob: { method: 'GET', url: blobs.one, headers: {} },
  })
  const { list, listBlobs } = await measureRates({
    list: await shoot('GET', '/jobs/small/tasks?maxresults=100'),
    listBlobs: { method: 'GET', url: blobs.list, headers: {} },
  })
  const large = await measureLargeJob(shoot, pid)
  return {
    name: `requests: ${CONNECTIONS} connections, Azurite in the same process`,
    figures: {
      'GET of a task, requests/s': round(get),
      'GET of a blob of 1 KB from Azurite, requests/s': round(getBlob),
      'page of 100 tasks, requests/s': round(list),
      'page of 100 blobs from Azurite, requests/s': round(listBlobs),
      ...large.figures,
    },
    ratios: {
      'GET of a task × of a blob (more is better)': round(get / getBlob),
      'page of tasks × of blobs (more is better)': round(list / listBlobs),
    },
    bounds: [
      [`GET at least ${BOUND} × Azurite's`, get / getBlob >= BOUND],
      [`page at least ${BOUND} × Azurite's`, list / listBlobs >= BOUND],
      [`page of 1,000 of ${TASKS} tasks in less than ${PAGE_BOUND} ms`, large.median < PAGE_BOUND],
    ],
  }
}

async function measureLargeJob(shoot: Shoot, pid: number) {
  await measureAll([await shoot('POST', '/jobs', { id: 'large', poolInfo: { poolId: 'none' } })])
  const shots: Shot[] = []
  for (let first = 0; first < TASKS; first += 100)
    shots.push(await shoot('POST', '/jobs/large/addtaskcollection', collectionOf(first)))
  const before = residentMegabytes(pid)
  const seconds = await measureAll(shots)
  const after = residentMegabytes(pid)
  const filter = encodeURIComponent("state eq 'active'")
  const page = await shoot('GET', `/jobs/large/tasks?$filter=${filter}&$select=id,state&maxresults=1000`)
  const full = await shoot('GET', `/jobs/large/tasks?$filter=${filter}&maxresults=1000`)
  const worst = round(median(await measureLatencies(full, 21)))
  return {
    median: worst,
    figures: {
      [`adding ${TASKS} tasks in collections of 100, tasks/s`]: round(TASKS / seconds),
      'memory they take, MB resident': `${before} → ${after}`,
      'page of 1,000 of them by state, ms (median)': worst,
      'the same with $select=id,state, ms (median)': round(median(await measureLatencies(page, 21))),
    },
  }
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

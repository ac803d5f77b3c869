// What the REST service answers in a second, beside Azurite in the same process; and a job of 100,000 tasks.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { BatchSharedKeyCredentials } from '@azure/batch'
import { type HttpMethods, WebResource } from '@azure/ms-rest-js'
import { createAzureBlobBackend } from '@malachite/azure'
import { execa } from 'execa'
import { type Measurement, round } from './bench.ts'
import { CONNECTIONS, measureAll, measureLatencies, measureRates, median, type Shot } from './load.ts'

const MALACHITE = join(import.meta.dirname, '../../packages/cli/bin/malachite.mjs')

/** How many times Azurite's rate ours must be. */
const BOUND = 3
const TASKS = 100_000
/** Median milliseconds for a page of 1,000 tasks filtered by state. */
const PAGE_BOUND = 50

interface Endpoints {
  batch: { url: string; account: string; key: string }
  blob: { url: string; connectionString: string }
}

export async function measureRequests(): Promise<Measurement> {
  const directory = mkdtempSync(join(tmpdir(), 'malachite-bench-'))
  const file = join(directory, 'endpoints.json')
  const args = ['emulator', '--silent', '--batchPort', '0', '--blobPort', '0', '--endpointsFile', file]
  const emulator = execa(process.execPath, [MALACHITE, ...args], { reject: false })
  try {
    return await measure(await readEndpoints(file), emulator.pid ?? 0)
  } finally {
    emulator.kill('SIGTERM')
    await emulator
    rmSync(directory, { recursive: true })
  }
}

async function readEndpoints(file: string): Promise<Endpoints> {
  for (let left = 200; left > 0; left--) {
    try {
      return JSON.parse(readFileSync(file, 'utf8')) as Endpoints
    } catch {
      await sleep(50)
    }
  }
  throw new Error('the emulator did not start')
}

async function measure({ batch, blob }: Endpoints, pid: number): Promise<Measurement> {
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

type Shoot = (method: HttpMethods, path: string, body?: object) => Promise<Shot>

/** Requests signed by the client's own code. */
function createShooter({ url, account, key }: Endpoints['batch']): Shoot {
  const credentials = new BatchSharedKeyCredentials(account, key)
  return async (method, path, body) => {
    const target = `${url}${path}${path.includes('?') ? '&' : '?'}api-version=2022-10-01.16.0`
    const text = body && JSON.stringify(body)
    const type = { 'content-type': 'application/json; odata=minimalmetadata; charset=utf-8' }
    const signed = await credentials.signRequest(new WebResource(target, method, text, {}, type))
    const headers = {
      ...signed.headers.rawHeaders(),
      ...(text && { 'content-length': `${Buffer.byteLength(text)}` }),
    }
    return { method, url: target, headers, ...(text !== undefined && { body: text }) }
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

// One job with a thousand to a million tasks: what a task costs, what memory it takes, how long requests about the job
// take and how long everything else waits for them meanwhile. The nodes end every task at once (scale-server.ts), so that
// all the time is the service's. Times per task are processor time: the machine may have others to serve.

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { BatchSharedKeyCredentials } from '@azure/batch'
import { type HttpMethods, WebResource } from '@azure/ms-rest-js'
import { DEVELOPMENT_ACCOUNT, DEVELOPMENT_KEY } from '@malachite/model'
import type { Measurement, Row, Series } from './bench.ts'
import type { Order, Turns } from './scale-server.ts'
import { median, round } from './statistics.ts'

/** How many times as much a task may cost in the largest job as in the others. */
const LINEAR = 1.2
/** Megabytes above those of the start. */
const MEMORY = 300
/** Milliseconds of processor time that the loop may be away for. */
const TURN = 100
/** Milliseconds. */
const ANSWER = 100

const REPEATS = 5
/** Tasks that are over before anything is measured: code that has hardly run is slow, which small jobs would pay for. */
const WARM_UP = 3000
/** Tasks that another job has meanwhile. */
const OTHERS = 1000

type Mode = 'memory' | 'location'
type Figures = Record<string, number>

/** What was found out about a job of one size. */
export interface SizeFigures {
  /** Microseconds of processor time. */
  add: number
  run: number
  /** Megabytes above those of the start, after each of the two. */
  added: number
  done: number
  /** Milliseconds of requests, and until the job is gone. */
  answers: Figures
  gone: number
  /** Milliseconds of the start on what was kept. */
  restart?: number
  /** The longest turn of the loop, by what was done meanwhile. */
  turns: Record<string, Turns>
}

/** Jobs of these sizes, in memory and kept. */
export async function measureScale(sizes: readonly number[]): Promise<Measurement> {
  const modes = new Map<Mode, Map<number, SizeFigures>>()
  for (const mode of ['memory', 'location'] as const) {
    const found = new Map<number, SizeFigures>()
    for (const size of sizes) found.set(size, await measureSize(size, mode))
    modes.set(mode, found)
  }
  const described = Array.from(modes, ([mode, found]) => describe(mode, found))
  return {
    title: `one job with up to ${Math.max(...sizes).toLocaleString('en')} tasks, which the nodes end at once`,
    rows: described.flatMap(({ rows }) => rows),
    figures: Object.assign({}, ...described.map(({ figures }) => figures)),
    series: described.flatMap(({ series }) => series),
  }
}

function describe(mode: Mode, found: ReadonlyMap<number, SizeFigures>) {
  const name = mode === 'memory' ? 'in memory' : '--location'
  const largest = Math.max(...found.keys())
  const last = found.get(largest)
  const cost = (figures: SizeFigures | undefined): number => (figures ? figures.add + figures.run : Infinity)
  const others = [...found].filter(([size]) => size !== largest).map(([, figures]) => cost(figures))
  const turns = [...found.values()].flatMap(({ turns }) => Object.values(turns))
  const away = Math.max(...turns.map(({ processor }) => processor))
  const memory = Math.max(last?.added ?? Infinity, last?.done ?? Infinity)
  return {
    rows: [
      {
        what: `${name}: a task of ${largest.toLocaleString('en')}, added and ended`,
        unit: 'µs',
        better: 'less',
        ours: [cost(last)],
        peer: { name: 'the smaller jobs', values: [median(others)], kind: 'own' },
        bound: { timesPeer: LINEAR },
      },
      limited(`${name}: memory above the start`, 'MB', memory, MEMORY),
      limited(`${name}: longest turn of the loop`, 'ms', away, TURN),
      limited(`${name}: its deletion is answered`, 'ms', last?.answers['delete'] ?? Infinity, ANSWER),
    ] satisfies Row[],
    figures: Object.fromEntries(
      [...found].flatMap(([size, figures]) => rows(`${name}, ${size.toLocaleString('en')}`, figures)),
    ),
    series: [
      { chart: 'time per task', name, points: Array.from(found, ([size, of]) => [size, round(cost(of))]) },
      { chart: 'memory', name, points: Array.from(found, ([size, of]) => [size, Math.round(of.done)]) },
    ] satisfies Series[],
  }
}

function limited(what: string, unit: string, value: number, limit: number): Row {
  return { what, unit, better: 'less', ours: [value], bound: { limit } }
}

function rows(name: string, { add, run, added, done, answers, gone, restart, turns }: SizeFigures) {
  const text = (figures: Figures): string =>
    Object.entries(figures)
      .map(([what, ms]) => `${what} ${round(ms)}`)
      .join(', ')
  const away = Object.fromEntries(Object.entries(turns).map(([what, { processor }]) => [what, processor]))
  return [
    [`${name}: add, run a task (µs)`, `${round(add)}, ${round(run)}`],
    [`${name}: memory added, done (MB above the start)`, `${Math.round(added)}, ${Math.round(done)}`],
    [`${name}: answers (ms)`, text(answers)],
    [`${name}: gone after (ms)`, Math.round(gone)],
    ...(restart === undefined ? [] : [[`${name}: opened again in (ms)`, Math.round(restart)]]),
    [`${name}: longest turn of the loop (ms of processor time)`, text(away)],
  ] as [string, string | number][]
}

/** Adds, lists, runs and deletes a job of this size in a process of its own. */
export async function measureSize(size: number, mode: Mode): Promise<SizeFigures> {
  const directory = mkdtempSync(join(tmpdir(), 'malachite-bench-'))
  let server = await openServer(directory, mode)
  try {
    const turns: SizeFigures['turns'] = {}
    const noteTurns = async (what: string): Promise<void> => {
      turns[what] = await server.ask<Turns>({ do: 'turns' })
    }
    const start = server.memory
    await server.send('POST', '/pools', POOL)
    await warmUp(server)
    await server.send('POST', '/jobs', { id: 'job', poolInfo: { poolId: 'pool' } })
    await server.ask({ do: 'turns' })
    const add = (await server.ask<number>({ do: 'add', job: 'job', first: 0, count: size })) / size
    const added = (await server.ask<number>({ do: 'memory' })) - start
    await noteTurns('add')
    const reads = await readJob(server, size)
    await noteTurns('read')
    const run = (await server.ask<number>({ do: 'run', tasks: size })) / size
    const done = (await server.ask<number>({ do: 'memory' })) - start
    await noteTurns('run')
    const readsDone = await readJob(server, size)
    await noteTurns('read completed')
    const restart = mode === 'location' && (await reopen())
    const removal = await removeJob(server)
    await noteTurns('delete')
    return {
      add: add * 1000,
      run: run * 1000,
      added,
      done,
      answers: {
        ...reads,
        'completed by an unindexed filter': readsDone['by an unindexed filter'] ?? 0,
        ...removal.answers,
      },
      gone: removal.gone,
      ...(restart !== false && { restart }),
      turns,
    }
  } finally {
    await server.close()
    rmSync(directory, { recursive: true })
  }

  async function reopen(): Promise<number> {
    await server.close()
    server = await openServer(directory, mode)
    return server.opened
  }
}

async function warmUp(server: Server): Promise<void> {
  await server.send('POST', '/jobs', { id: 'first', poolInfo: { poolId: 'pool' } })
  await server.ask({ do: 'add', job: 'first', first: 0, count: WARM_UP })
  await server.ask({ do: 'run', tasks: WARM_UP })
  await server.send('DELETE', '/jobs/first')
  await untilGone(server, 'first')
}

const POOL = {
  id: 'pool',
  vmSize: 'standard_d2s_v3',
  virtualMachineConfiguration: {
    imageReference: { publisher: 'canonical', offer: 'ubuntu-24_04-lts', sku: 'server' },
    nodeAgentSKUId: 'batch.node.ubuntu 24.04',
  },
  targetDedicatedNodes: 10,
  taskSlotsPerNode: 4,
}

type Server = Awaited<ReturnType<typeof openServer>>

async function openServer(directory: string, mode: Mode) {
  const child = fork(join(import.meta.dirname, 'scale-server.ts'), [directory, mode], { execArgv: [] })
  const exited = once(child, 'exit') as Promise<[code: number | null]>
  const answer = async <T>(): Promise<T> => {
    const ended = new AbortController()
    const [found] = await Promise.race([
      once(child, 'message', { signal: ended.signal }),
      exited.then(([code]) => Promise.reject(new Error(`the server ended with exit code ${code}`))),
    ]).finally(() => ended.abort())
    return found as T
  }
  const hello = await answer<{ url: string; opened: number; memory: number }>()
  const ask = async <T>(order: Order): Promise<T> => {
    child.send(order)
    return (await answer<{ answer: T }>()).answer
  }
  return {
    ...hello,
    ask,
    send: createSender(hello.url),
    async close(): Promise<void> {
      if (child.connected) child.send({ do: 'close' } satisfies Order)
      await exited
    },
  }
}

/** Sends a signed request; its status and how long it took. */
function createSender(url: string) {
  const credentials = new BatchSharedKeyCredentials(DEVELOPMENT_ACCOUNT, DEVELOPMENT_KEY)
  return async (
    method: HttpMethods,
    path: string,
    body?: object,
  ): Promise<{ status: number; ms: number }> => {
    const target = `${url}${path}${path.includes('?') ? '&' : '?'}api-version=2022-10-01.16.0`
    const text = body && JSON.stringify(body)
    const type = { 'content-type': 'application/json; odata=minimalmetadata; charset=utf-8' }
    const signed = await credentials.signRequest(new WebResource(target, method, text, {}, type))
    const start = performance.now()
    const answer = await fetch(target, {
      method,
      headers: signed.headers.rawHeaders(),
      ...(text && { body: text }),
    })
    await answer.arrayBuffer()
    return { status: answer.status, ms: performance.now() - start }
  }
}

async function readJob(server: Server, size: number): Promise<Figures> {
  const filtered = (filter: string): string => `/jobs/job/tasks?$filter=${encodeURIComponent(filter)}`
  const from = (i: number): string => {
    const token = Buffer.from(`task${String(i).padStart(7, '0')}`).toString('base64url')
    return `/jobs/job/tasks?$skiptoken=M1:${token}`
  }
  const paths = {
    'first page': '/jobs/job/tasks',
    'deep page': from(Math.floor(size / 2)),
    'last page': from(size - 500),
    'by state': filtered("state eq 'active'"),
    'by an unindexed filter': filtered("displayName eq 'none'"),
    'id and state': '/jobs/job/tasks?$select=id,state',
    counts: '/jobs/job/taskcounts',
    statistics: '/jobs/job?$expand=stats',
  }
  const figures: Figures = {}
  for (const [name, path] of Object.entries(paths)) {
    const times: number[] = []
    for (let i = 0; i < REPEATS; i++) times.push((await server.send('GET', path)).ms)
    figures[name] = median(times)
  }
  return figures
}

/** Deletes the job while another one runs, and terminates one before with tasks that run. */
async function removeJob(server: Server): Promise<{ answers: Figures; gone: number }> {
  await server.send('POST', '/jobs', { id: 'other', poolInfo: { poolId: 'pool' } })
  await server.ask({ do: 'add', job: 'other', first: 0, count: OTHERS })
  const start = performance.now()
  const terminated = await server.send('POST', '/jobs/job/terminate', {})
  const deleted = await server.send('DELETE', '/jobs/job')
  const others = server.ask({ do: 'run', tasks: OTHERS }).then(() => performance.now() - start)
  const slowest = await untilGone(server, 'job')
  const gone = performance.now() - start
  const answers = {
    terminate: terminated.ms,
    delete: deleted.ms,
    'slowest while it is deleted': slowest,
    [`${OTHERS} tasks of another job meanwhile`]: await others,
  }
  return { answers, gone }
}

/** Asks for a job until it is gone; the slowest answer, milliseconds. */
async function untilGone(server: Server, job: string): Promise<number> {
  let slowest = 0
  for (;;) {
    const { status, ms } = await server.send('GET', `/jobs/${job}?$select=id,state`)
    slowest = Math.max(slowest, ms)
    if (status === 404) return slowest
    await sleep(5)
  }
}

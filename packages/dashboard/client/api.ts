// The operations of the service that the pages use, typed. Paths are made here and nowhere else.

import type {
  ComputeNode,
  Explanation,
  Job,
  JobSchedule,
  JobTaskCounts,
  NodeCounts,
  NodeFile,
  Pool,
  PoolResize,
  Task,
  TaskResult,
  Wire,
} from '@malachite/model'
import { receive, send } from './http.ts'
import { quote } from './odata.ts'

export type PoolView = Wire<Pool>
export type NodeView = Wire<ComputeNode>
export type JobView = Wire<Job>
export type TaskView = Wire<Task>
export type ScheduleView = Wire<JobSchedule>
/** On the wire sizes are texts. */
type NodeFileView = Pick<NodeFile, 'name'> & { properties?: { lastModified: string; contentLength: string } }

/** A file on a node. */
export interface FileView {
  /** Path below the directory that was listed. */
  name: string
  /** Bytes. */
  size: number
  lastModified: string
}

/** What the page looks at. */
export interface Settings {
  title: string
  account: string
  url: string
  backend: 'emulator' | 'azure'
  /** Nothing can be changed from here. */
  readOnly: boolean
  instance: string
}

/** A change of state that the emulator remembers. */
export interface HistoryEntry {
  time: string
  kind: 'pool' | 'node' | 'job' | 'task' | 'jobSchedule' | 'autoscale'
  /** Slashes between the ids: `pool/node`, `job/task`. */
  id: string
  from?: string
  to: string
  /** Of a task that is completed. */
  result?: TaskResult
  detail?: string
}

/** One page of a list. */
export interface Page<T> {
  value: T[]
  'odata.nextLink'?: string
}

/** Options of a list, as the service has them. */
export interface ListOptions {
  filter?: string
  select?: string
  maxResults?: number
  skipToken?: string
  recursive?: boolean
}

type Signal = AbortSignal | undefined

const BATCH = '/api/batch'
const own = encodeURIComponent

/** Where things are in the service's tree. */
export const at = {
  pool: (pool: string): string => `/pools/${own(pool)}`,
  node: (pool: string, node: string): string => `/pools/${own(pool)}/nodes/${own(node)}`,
  job: (job: string): string => `/jobs/${own(job)}`,
  task: (job: string, task: string): string => `/jobs/${own(job)}/tasks/${own(task)}`,
  schedule: (schedule: string): string => `/jobschedules/${own(schedule)}`,
}

/** What the page looks at, and whether it may change it. */
export function getSettings(signal?: Signal): Promise<Settings> {
  return receive('/api/settings', withSignal(signal))
}

/** One resource, or one page of a list, by its path in the service. */
export function get<T>(path: string, options: ListOptions = {}, signal?: Signal): Promise<T> {
  return receive(`${BATCH}${path}${queryOf(options)}`, withSignal(signal))
}

/** Items of a list, page after page, until there are `limit` of them. `isCut` says that there are more. */
export async function list<T>(
  path: string,
  { limit = 1000, ...options }: ListOptions & { limit?: number } = {},
  signal?: Signal,
): Promise<{ items: T[]; isCut: boolean }> {
  const items: T[] = []
  let page = await get<Page<T>>(path, { ...options, maxResults: Math.min(limit, 1000) }, signal)
  items.push(...page.value)
  for (let next = page['odata.nextLink']; next !== undefined; next = page['odata.nextLink']) {
    if (items.length >= limit) return { items: items.slice(0, limit), isCut: true }
    page = await receive<Page<T>>(localLink(next), withSignal(signal))
    items.push(...page.value)
  }
  return { items, isCut: false }
}

/** The token in a link to the next page; undefined on the last page. */
export function skipTokenOf(page: Page<unknown>): string | undefined {
  const link = page['odata.nextLink']
  return link === undefined
    ? undefined
    : (new URL(link, location.origin).searchParams.get('$skiptoken') ?? undefined)
}

/** Counts of tasks of a job by state. */
export function getTaskCounts(job: string, signal?: Signal): Promise<JobTaskCounts> {
  return get(`${at.job(job)}/taskcounts`, {}, signal)
}

/** Counts of nodes of all pools by state. */
export async function listNodeCounts(signal?: Signal): Promise<Map<string, NodeCounts>> {
  const { items } = await list<NodeCounts>('/nodecounts', {}, signal)
  return new Map(items.map((counts) => [counts.poolId, counts]))
}

/** Why something is as it is; rejects where that cannot be asked (Azure). */
export async function why(path: string, signal?: Signal): Promise<Explanation> {
  return receive(`/api/malachite/why${path}`, withSignal(signal))
}

/** Latest changes first, of one thing or of everything; empty where there is no memory of them. */
export function getHistory(
  of?: { kind: HistoryEntry['kind']; id: string },
  signal?: Signal,
): Promise<HistoryEntry[]> {
  const query = of ? `?kind=${of.kind}&id=${own(of.id)}` : ''
  return receive(`/api/history${query}`, withSignal(signal))
}

/** Files of a task or a node, directories left out, `limit` at most. */
export async function listFiles(
  owner: string,
  limit: number,
  signal?: Signal,
): Promise<{ items: FileView[]; isCut: boolean }> {
  const { items, isCut } = await list<NodeFileView>(`${owner}/files`, { recursive: true, limit }, signal)
  return { items: items.flatMap(toFile), isCut }
}

/** The files of `owner` whose names begin so. */
export async function statFiles(owner: string, prefix: string, signal?: Signal): Promise<FileView[]> {
  const options = { recursive: true, filter: `startswith(name,${quote(prefix)})`, maxResults: 100 }
  return (await get<Page<NodeFileView>>(`${owner}/files`, options, signal)).value.flatMap(toFile)
}

function toFile({ name, properties }: NodeFileView): FileView[] {
  if (!properties) return []
  return [{ name, size: Number(properties.contentLength), lastModified: properties.lastModified }]
}

/** Bytes `from` to `to` (not included) of a file. */
export async function readBytes(
  owner: string,
  name: string,
  from: number,
  to: number,
  signal?: Signal,
): Promise<Uint8Array> {
  const headers = { 'ocp-range': `bytes=${from}-${to - 1}` }
  const response = await send(`${BATCH}${owner}/files/${own(name)}`, { headers, ...withSignal(signal) })
  return new Uint8Array(await response.arrayBuffer())
}

/** A whole file. */
export async function readFile(owner: string, name: string): Promise<Blob> {
  const response = await send(`${BATCH}${owner}/files/${own(name)}`)
  return response.blob()
}

/** Does something to a resource: `post(at.job('j'), 'terminate')`. */
export async function post(path: string, verb: string, body?: unknown): Promise<void> {
  await send(`${BATCH}${path}/${verb}`, { method: 'POST', ...(body !== undefined && { body }) })
}

/** Deletes a resource. */
export async function remove(path: string): Promise<void> {
  await send(`${BATCH}${path}`, { method: 'DELETE' })
}

/** Gives a pool another size. */
export function resizePool(pool: string, size: PoolResize): Promise<void> {
  return post(at.pool(pool), 'resize', size)
}

/** Takes the machine of a spot node away, as the emulator can. */
export async function preempt(pool: string, node: string): Promise<void> {
  await send(`/api/malachite/preempt${at.node(pool, node)}`, { method: 'POST' })
}

function withSignal(signal: Signal): { signal?: AbortSignal } {
  return signal ? { signal } : {}
}

/** Only links to this server are followed. */
function localLink(link: string): string {
  const { pathname, search } = new URL(link, location.origin)
  return `${pathname}${search}`
}

function queryOf({ filter, select, maxResults, skipToken, recursive }: ListOptions): string {
  const pairs = [
    filter && `$filter=${own(filter)}`,
    select && `$select=${own(select)}`,
    maxResults && `maxresults=${maxResults}`,
    recursive && 'recursive=true',
    skipToken && `$skiptoken=${own(skipToken)}`,
  ].filter(Boolean)
  return pairs.length > 0 ? `?${pairs.join('&')}` : ''
}

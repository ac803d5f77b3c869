// The tasks of a job, page by page in the service's order. The service only knows “the next page”: pages on the way to a
// distant one are walked through by ids only, and pages far away from what is seen are forgotten, but for where they begin.

import { signal, type ReadonlySignal } from '@preact/signals'
import { at, get, skipTokenOf, type Page, type TaskView } from './api.ts'

export type TaskItem = Pick<TaskView, 'id' | 'state' | 'executionInfo' | 'nodeInfo' | 'displayName'>

export interface TaskPages {
  /** Rises with everything that is read. */
  version: ReadonlySignal<number>
  error: ReadonlySignal<Error | undefined>
  /** The task at a place, unless it is yet to be read. */
  row: (place: number) => TaskItem | undefined
  /** Places that are known of; `isAll` when there are no more. */
  known: () => { count: number; isAll: boolean }
  /** Reads the tasks from one place to another. */
  show: (first: number, last: number) => void
  /** Reads again what is shown. */
  refresh: () => void
  stop: () => void
}

const PAGE = 1000
const KEPT = 40
const SELECT = 'id,displayName,state,executionInfo,nodeInfo'

/** Tasks of a job that meet a filter. */
export function createTaskPages(job: string, filter: string): TaskPages {
  const version = signal(0)
  const error = signal<Error | undefined>(undefined)
  const control = new AbortController()
  const chain = createChain()
  const pages = new Map<number, TaskItem[]>()
  const stale = new Set<number>()
  let shown = { first: 0, last: PAGE - 1 }
  let isBusy = false

  const read = async (page: number, isWalk: boolean): Promise<void> => {
    const skipToken = chain.tokenOf(page)
    const options = {
      filter,
      select: isWalk ? 'id' : SELECT,
      maxResults: PAGE,
      ...(skipToken && { skipToken }),
    }
    const answer = await get<Page<TaskItem>>(`${at.job(job)}/tasks`, options, control.signal)
    const isSame = chain.learn(page, answer.value.length, skipTokenOf(answer))
    if (!isSame) for (const other of pages.keys()) if (other > page) stale.add(other)
    if (!isWalk) {
      pages.set(page, answer.value)
      stale.delete(page)
      forgetFar(pages, page)
    }
    version.value++
  }

  /** The first page that is shown and not read, or the one on the way to it. */
  const next = (): { page: number; isWalk: boolean } | undefined => {
    const last = chain.pageAt(shown.last)
    for (let page = chain.pageAt(shown.first); page <= last; page++) {
      if (pages.has(page) && !stale.has(page)) continue
      return { page, isWalk: chain.isOpen(page) && shown.first - chain.startOf(page) >= PAGE }
    }
    return undefined
  }

  const work = async (): Promise<void> => {
    if (isBusy) return
    isBusy = true
    try {
      for (let step = next(); step && !control.signal.aborted; step = next())
        await read(step.page, step.isWalk)
      error.value = undefined
    } catch (problem) {
      if (!control.signal.aborted) error.value = problem as Error
    } finally {
      isBusy = false
    }
  }

  return {
    version,
    error,
    row: (place) => {
      const page = chain.pageAt(place)
      return pages.get(page)?.[place - chain.startOf(page)]
    },
    known: chain.known,
    show(first, last) {
      shown = { first, last }
      void work()
    },
    refresh() {
      for (const page of pages.keys()) stale.add(page)
      void work()
    },
    stop: () => control.abort(),
  }
}

/** Where pages begin: their tokens and the places of their first items. */
function createChain() {
  let links: { token?: string | undefined; start: number }[] = [{ start: 0 }]
  let end: number | undefined
  return {
    tokenOf: (page: number) => links[page]?.token,
    startOf: (page: number) => links[page]?.start ?? 0,
    pageAt: (place: number) =>
      Math.max(
        0,
        links.findLastIndex(({ start }) => start <= place),
      ),
    /** Whether what follows the page is not known yet. */
    isOpen: (page: number) => page === links.length - 1 && end === undefined,
    known: () => ({ count: end ?? links.at(-1)?.start ?? 0, isAll: end !== undefined }),
    /** Takes in what a page told; false when what was known after it no longer holds. */
    learn(page: number, count: number, token: string | undefined): boolean {
      const start = (links[page]?.start ?? 0) + count
      const follower = links[page + 1]
      const isSame = follower ? follower.token === token && follower.start === start : token === undefined
      if (!isSame) links = links.slice(0, page + 1)
      if (!isSame && token !== undefined) links.push({ token, start })
      if (token === undefined) end = start
      else if (!isSame) end = undefined
      return isSame
    },
  }
}

function forgetFar(pages: Map<number, unknown>, near: number): void {
  if (pages.size <= KEPT) return
  const farthest = [...pages.keys()].toSorted((a, b) => Math.abs(b - near) - Math.abs(a - near))[0]
  if (farthest !== undefined) pages.delete(farthest)
}

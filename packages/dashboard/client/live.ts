// The one stream of changes that all pages share: it comes back by itself, and then everything shown is read again.

import { signal } from '@preact/signals'
import { EVERYTHING, parseChange, type Change } from './changes.ts'
import { createEventParser, type ServerEvent } from './event-stream.ts'
import { renewToken, send } from './http.ts'

export type Connection = 'connecting' | 'live' | 'lost'

export const connection = signal<Connection>('connecting')
/** The emulator is another one than when the page was opened, and its user has not been told yet. */
export const isRestarted = signal(false)

const FIRST_PAUSE = 500
const LAST_PAUSE = 8000
/** What the first requests wait for the connection at most. */
const FIRST_WAIT = 400
/** A page that is not seen keeps its connection as long. */
const UNSEEN = 10_000
/** The server says something every 15 s. */
const SILENCE = 40_000

const listeners = new Set<(change: Change) => void>()
let instance: string | undefined
/** Something may have been read before the connection that comes next. */
let mayHaveMissed = false

const heard = Promise.withResolvers<void>()
/**
 * Settled when changes are heard of, or after a short wait. What is read from then on cannot miss a change: a connection
 * that comes later is told as a change of everything.
 */
export const listening: Promise<void> = heard.promise

/** Calls the listener at every change from now on, until the function that it answers is called. */
export function onChange(listener: (change: Change) => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** Tells all listeners about a change: the server's, or one that this page has made. */
export function tell(change: Change): void {
  for (const listener of listeners) listener(change)
}

/**
 * Listens to the server for as long as the page is open. Browsers have six connections for all pages of a server, so that
 * pages that nobody sees give theirs away.
 */
export async function listen(): Promise<never> {
  setTimeout(giveUpWaiting, FIRST_WAIT)
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LAST_PAUSE)) {
    await whenSeen()
    await follow(() => {
      pause = FIRST_PAUSE / 2
    })
    if (document.hidden) continue
    connection.value = 'lost'
    giveUpWaiting()
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
}

/** What is shown is read, even though changes may be missed until there is a connection. */
function giveUpWaiting(): void {
  if (instance === undefined) mayHaveMissed = true
  heard.resolve()
}

function whenSeen(): Promise<void> {
  if (!document.hidden) return Promise.resolve()
  return new Promise((resolve) => {
    document.addEventListener('visibilitychange', () => resolve(), { once: true })
  })
}

/** One connection until its end, however it ends. */
async function follow(onOpen: () => void): Promise<void> {
  const control = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  let unseen: ReturnType<typeof setTimeout> | undefined
  const stillThere = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => control.abort(), SILENCE)
  }
  const onVisibility = (): void => {
    if (document.hidden) unseen = setTimeout(() => control.abort(), UNSEEN)
    else clearTimeout(unseen)
  }
  document.addEventListener('visibilitychange', onVisibility)
  try {
    if (connection.value === 'lost') await renewToken()
    const { body } = await send('/api/events', { signal: control.signal })
    if (!body) return
    const parse = createEventParser()
    const reader = body.pipeThrough(new TextDecoderStream()).getReader()
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      stillThere()
      onOpen()
      for (const event of parse(part.value)) receiveEvent(event)
    }
  } catch {
    // Every way to fail means the same: the connection is lost, and the banner says so until there is another one.
  } finally {
    document.removeEventListener('visibilitychange', onVisibility)
    clearTimeout(unseen)
    clearTimeout(timer)
    control.abort()
  }
}

function receiveEvent({ event, data }: ServerEvent): void {
  if (event === 'change') tell(parseChange(data))
  if (event === 'hello') greet((JSON.parse(data) as { instance: string }).instance)
}

/** A connection has begun: what changed before it is unknown. */
function greet(name: string): void {
  if (instance !== undefined && instance !== name) isRestarted.value = true
  instance = name
  connection.value = 'live'
  heard.resolve()
  if (mayHaveMissed) tell(EVERYTHING)
  mayHaveMissed = true
}

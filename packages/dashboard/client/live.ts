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
/** The server says something every 15 s. */
const SILENCE = 40_000

const listeners = new Set<(change: Change) => void>()
let instance: string | undefined

/** Calls the listener at every change from now on, until the function that it answers is called. */
export function onChange(listener: (change: Change) => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** Tells all listeners about a change: the server's, or one that this page has made. */
export function tell(change: Change): void {
  for (const listener of listeners) listener(change)
}

/** Listens to the server for as long as the page is open. */
export async function listen(): Promise<never> {
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LAST_PAUSE)) {
    await follow(() => {
      pause = FIRST_PAUSE / 2
    })
    connection.value = 'lost'
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
}

/** One connection until its end, however it ends. */
async function follow(onOpen: () => void): Promise<void> {
  const control = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  const stillThere = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => control.abort(), SILENCE)
  }
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
  const isFirst = instance === undefined
  if (!isFirst && instance !== name) isRestarted.value = true
  instance = name
  connection.value = 'live'
  if (!isFirst) tell(EVERYTHING)
}

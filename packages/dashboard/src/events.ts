// Tells the open pages what has changed, at most four times a second and only while there are any. Who reads too slowly is
// not waited for and nothing is kept for him: he is told to look at everything once he reads again.

import type { ServerResponse } from 'node:http'
import { createPending } from './pending.ts'
import type { Upstream } from './upstream.ts'

/** How often something is told, milliseconds. */
export interface Rhythm {
  /** Between two messages at least. */
  interval: number
  /** In which the first change waits for those that come with it. */
  gathering: number
  /** Between signs of life, so that whoever is between does not end the connection. */
  heartbeat: number
  /** Between looks at an account that does not tell of changes. */
  look: number
}

const RHYTHM: Rhythm = { interval: 250, gathering: 20, heartbeat: 15_000, look: 10_000 }

/** Streams at once; browsers open one for each page. */
const MOST = 100

const ALL = frame('change', { all: true })

/** The streams of a server. */
export interface EventStreams {
  /** Answers with a stream that lasts until either end closes it; false when there are too many. */
  open(response: ServerResponse, headers: Readonly<Record<string, string>>): boolean
  /** Ends all streams. */
  close(): void
}

/** Streams about what changes in an account. `instance` tells the page whether the server is still the same. */
export function createEventStreams(upstream: Upstream, instance: string, rhythm = RHYTHM): EventStreams {
  const streams = new Set<Stream>()
  const broadcast = (text: string): void => streams.forEach((stream) => stream.send(text))
  const source = createSource(upstream, broadcast, rhythm)

  function leave(stream: Stream): void {
    if (streams.delete(stream) && streams.size === 0) source.stop()
  }

  return {
    open(response, headers) {
      if (streams.size >= MOST) return false
      response.writeHead(200, { ...headers, 'Content-Type': 'text/event-stream; charset=utf-8' })
      const stream = createStream(response)
      if (streams.size === 0) source.start()
      streams.add(stream)
      response.on('close', () => leave(stream))
      stream.send(frame('hello', { instance }))
      return true
    },
    close() {
      for (const stream of streams) {
        leave(stream)
        stream.end()
      }
    },
  }
}

function frame(event: string, data: object): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}

interface Stream {
  send(text: string): void
  end(): void
}

function createStream(response: ServerResponse): Stream {
  let isBehind = false
  response.on('drain', () => {
    if (!isBehind) return
    isBehind = false
    response.write(ALL)
  })
  return {
    send(text) {
      if (response.writableNeedDrain) isBehind = true
      else response.write(text)
    },
    end: () => void response.end(),
  }
}

/** Watches the account and the clock while somebody listens. */
function createSource(upstream: Upstream, broadcast: (text: string) => void, rhythm: Rhythm) {
  let stops: (() => void)[] = []
  return {
    start() {
      stops = [
        every(rhythm.heartbeat, () => broadcast(':\n\n')),
        upstream.events
          ? relay(upstream.events.bind(upstream), broadcast, rhythm)
          : every(rhythm.look, () => broadcast(ALL)),
      ]
    },
    stop() {
      for (const stop of stops) stop()
      stops = []
    },
  }
}

function every(milliseconds: number, action: () => void): () => void {
  const timer = setInterval(action, milliseconds).unref()
  return () => clearInterval(timer)
}

function relay(
  events: NonNullable<Upstream['events']>,
  broadcast: (text: string) => void,
  { interval, gathering }: Rhythm,
): () => void {
  const pending = createPending()
  let timer: NodeJS.Timeout | undefined
  let sentAt = -Infinity
  const send = (): void => {
    timer = undefined
    sentAt = performance.now()
    const message = pending.take()
    if (message) broadcast(frame('change', message))
  }
  const unsubscribe = events((change) => {
    pending.add(change)
    timer ??= setTimeout(send, Math.max(gathering, sentAt + interval - performance.now())).unref()
  })
  return () => {
    unsubscribe()
    clearTimeout(timer)
  }
}

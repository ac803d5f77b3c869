// The same request again and again over a few kept connections: what a server answers in a second.

import { Agent, request } from 'node:http'

/** A request that can be sent as often as one likes. */
export interface Shot {
  method: string
  url: string
  headers: Readonly<Record<string, string>>
  body?: string
}

/** Connections that a load keeps open. */
export const CONNECTIONS = 8

/** How often each of several requests has its turn, and how long. */
export interface Turns {
  rounds: number
  seconds: number
}

/**
 * Requests a second of each of the shots, in each round after a warm-up. They take turns, so that what else the machine
 * does meets them all alike. Throws at the first answer that is no success.
 */
export async function measureRates<Name extends string>(
  shots: Readonly<Record<Name, Shot>>,
  { rounds, seconds }: Turns,
): Promise<Record<Name, number[]>> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  const names = Object.keys(shots) as Name[]
  const rates = new Map<Name, number[]>(names.map((name) => [name, []]))
  try {
    for (let round = -1; round < rounds; round++) {
      for (const name of names) {
        const rate = await fire(agent, shots[name], seconds)
        if (round >= 0) rates.get(name)?.push(rate)
      }
    }
  } finally {
    agent.destroy()
  }
  return Object.fromEntries(rates) as Record<Name, number[]>
}

/** Milliseconds that each of a number of requests takes, one after the other. */
export async function measureLatencies(shot: Shot, count: number): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const times: number[] = []
  try {
    for (let i = 0; i < count; i++) {
      const start = performance.now()
      await send(agent, shot)
      times.push(performance.now() - start)
    }
  } finally {
    agent.destroy()
  }
  return times
}

/** Sends each of the shots once, a few at a time; seconds for all of them. */
export async function measureAll(shots: Iterable<Shot>, connections = CONNECTIONS): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const queue = shots[Symbol.iterator]()
  const start = performance.now()
  const drain = async (): Promise<void> => {
    for (let next = queue.next(); !next.done; next = queue.next()) await send(agent, next.value)
  }
  try {
    await Promise.all(Array.from({ length: connections }, drain))
  } finally {
    agent.destroy()
  }
  return (performance.now() - start) / 1000
}

async function fire(agent: Agent, shot: Shot, seconds: number): Promise<number> {
  const end = performance.now() + seconds * 1000
  let count = 0
  const repeat = async (): Promise<void> => {
    while (performance.now() < end) {
      await send(agent, shot)
      count += 1
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, repeat))
  return count
}

/** Sends a request to its end. Throws when the answer is no success. */
export function send(agent: Agent, { method, url, headers, body }: Shot): Promise<void> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { agent, method, headers }, (answer) => {
      const { statusCode = 0 } = answer
      answer.resume().on('end', () => {
        if (statusCode < 300) resolve()
        else reject(new Error(`${method} ${url.split('?')[0]} answered ${statusCode}`))
      })
    })
    outgoing.on('error', reject).end(body)
  })
}

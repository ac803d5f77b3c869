// What the client's parts share: requests whose answer may never come, what is known, and what was found to be wrong.

import { DEVELOPMENT_ACCOUNT, DEVELOPMENT_KEY } from '@malachite/model'
import { type Answer, type Call, type Json, openClient } from '../protocol/helpers.ts'
import type { Facts } from './facts.ts'
import type { Witness } from './witness.ts'

/** What lasts from one life of the emulator to the next. */
export interface World {
  facts: Facts
  witness: Witness
  /** Directory of all nodes. */
  nodes: string
  /** Answered with success. */
  acknowledged: number
  /** Sent, and the emulator died before it answered. */
  unanswered: number
  violations: string[]
  /** A number that was never given before. */
  newNumber(): number
}

/** The client's side of one life of the emulator. */
export interface Session extends World {
  /** The answer; `undefined` when there was none. An answer of 500 or more is a violation. */
  ask(line: string, json?: object): Promise<Answer | undefined>
  blame(text: string): void
  close(): void
}

/** The emulator is gone: what the client was about to do ends here. */
export class Lost extends Error {}

/** Opens a client for the emulator at a URL. */
export function openSession(world: World, url: string): Session {
  const { call, close } = openClient({ url, account: DEVELOPMENT_ACCOUNT, key: DEVELOPMENT_KEY })
  return Object.assign(Object.create(world) as World, {
    close,
    blame: (text: string) => void world.violations.push(text),
    ask: (line: string, json?: object) => ask(world, call, line, json),
  })
}

async function ask(world: World, call: Call, line: string, json?: object): Promise<Answer | undefined> {
  const answer = await call(line, json ? { json } : {}).catch(() => undefined)
  if (!answer) world.unanswered += 1
  else if (answer.status < 300) world.acknowledged += 1
  else if (answer.status >= 500)
    world.violations.push(`${line} was answered ${answer.status}: ${answer.text}`)
  return answer
}

/** The JSON of a successful answer, `undefined` for 404. Throws `Lost` when there is none. */
export async function read<Body = Json>(session: Session, path: string): Promise<Body | undefined> {
  const answer = await session.ask(`GET ${path}`)
  if (!answer) throw new Lost()
  return answer.status === 200 ? answer.json<Body>() : undefined
}

/** All items of a list, whatever the number of pages. */
export async function readAll<Item = Json>(session: Session, path: string): Promise<Item[]> {
  type Page = { value: Item[]; 'odata.nextLink'?: string }
  const items: Item[] = []
  for (let next: string | undefined = path; next !== undefined;) {
    const page: Page | undefined = await read<Page>(session, next)
    items.push(...(page?.value ?? []))
    const link: string | undefined = page?.['odata.nextLink']
    next = link === undefined ? undefined : withoutVersion(link)
  }
  return items
}

function withoutVersion(link: string): string {
  const url = new URL(link)
  url.searchParams.delete('api-version')
  return `${url.pathname}${url.search}`
}

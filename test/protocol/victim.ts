// The server that hostile tests attack: a pool, a job and a task, and what must be true after each of them.

import { existsSync } from 'node:fs'
import { readdir, readlink } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { inspect } from 'node:util'
import { afterAll, afterEach, expect } from 'vitest'
import { addPoolWithNodes, jobOf, must, openProtocol, runTask, taskOf, type Protocol } from './helpers.ts'
import { exchange, rawRequest, statusesOf, type RawOptions } from './raw.ts'

/** An emulator with the pool `p` of one node, the job `j`, and its completed task `t` with the file `wd/big` (20 MB). */
export interface Victim extends Protocol {
  nodeId: string
  /** Lines that it has logged during the test. */
  logged: readonly string[]
  /** The bytes of a signed request. */
  raw: (line: string, options?: RawOptions) => Buffer
  /** The same, with the wish that the connection ends after the answer. */
  closing: (line: string, options?: RawOptions) => Buffer
  /** The status of the one answer to these bytes. */
  statusOf: (bytes: string | Buffer) => Promise<number | undefined>
}

/** The header that asks for the end of the connection. */
export const CLOSE = 'Connection: close'

/** Starts it. After each test it still answers, holds no file open, has rejected nothing and logged no secret. */
export async function openVictim(): Promise<Victim> {
  const logged: string[] = []
  const keep = (message: string, error?: unknown): void => void logged.push(`${message} ${inspect(error)}`)
  const protocol = await openProtocol({ logger: { debug: keep, info: keep, warn: keep, error: keep } })
  const { call, url, emulator } = protocol
  const [nodeId = ''] = await addPoolWithNodes(call, 'p', 1)
  await must(call('POST /jobs', { json: jobOf('j', 'p') }))
  await runTask(call, 'j', taskOf('t', 'sh -c "head -c 20000000 /dev/zero > big; ln -s /etc/passwd link"'))
  const unhandled = watchRejections()
  afterEach(async () => {
    expect((await call('GET /pools/p?$select=id')).json()['id']).toBe('p')
    expect(await openFiles()).toEqual([])
    expect(unhandled).toEqual([])
    const lines = logged.splice(0).join('\n')
    expect(lines).not.toMatch(/SharedKey|s3cret|failed unexpectedly/)
    expect(lines).not.toContain(emulator.batch.key)
  })
  const raw: Victim['raw'] = (line, options = {}) => rawRequest(emulator.batch, line, options)
  return {
    ...protocol,
    nodeId,
    logged,
    raw,
    closing: (line, { lines = [], ...options } = {}) => raw(line, { ...options, lines: [...lines, CLOSE] }),
    async statusOf(bytes) {
      const statuses = statusesOf(await exchange(url, bytes))
      expect(statuses.length).toBeLessThan(2)
      return statuses[0]
    },
  }
}

function watchRejections(): unknown[] {
  const unhandled: unknown[] = []
  const keep = (reason: unknown): void => void unhandled.push(reason)
  process.on('unhandledRejection', keep)
  afterAll(() => void process.off('unhandledRejection', keep))
  return unhandled
}

/** The large files of nodes that this process holds open; those that are being closed get a second. */
export async function openFiles(): Promise<string[]> {
  if (!existsSync('/proc/self/fd')) return []
  let open: string[] = []
  for (let left = 50; left > 0; left--) {
    const names = await readdir('/proc/self/fd')
    const targets = await Promise.all(names.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => '')))
    open = targets.filter((target) => target.includes('/nodes/') && target.endsWith('/big'))
    if (open.length === 0) break
    await sleep(20)
  }
  return open
}

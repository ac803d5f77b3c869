import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { createThread, type Thread } from './thread.ts'

let directory = ''

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'malachite-thread-'))
})

afterEach(async () => {
  await rm(directory, { recursive: true })
})

async function run(source: string, ...argv: string[]): Promise<Thread> {
  const script = join(directory, 'script.cjs')
  await writeFile(script, source)
  return createThread({ script, argv, env: { NAME: 'value' } })
}

test('gives the script its arguments and environment and nothing else', async () => {
  const thread = await run('console.log(JSON.stringify([process.argv.slice(2), process.env]))', '--a', 'b')
  await thread.ended
  expect(JSON.parse(thread.output.tail())).toEqual([['--a', 'b'], { NAME: 'value' }])
})

test('says why the thread ended when the script throws', async () => {
  const thread = await run('setTimeout(() => { throw new Error("out of luck") })')
  expect(await thread.ended).toBe('out of luck')
})

test('says why the thread ended when the script leaves a rejection unhandled', async () => {
  const thread = await run('Promise.reject(new Error("nobody listens"))')
  expect(await thread.ended).toBe('nobody listens')
})

test('says with which code the script exited', async () => {
  const thread = await run('process.exit(3)')
  expect(await thread.ended).toBe('its thread ended with exit code 3')
})

test('passes a message on as if a parent process had sent it, also to a script that listens later', async () => {
  const thread = await run(`
    const exit = (message) => process.exit(message === 'shutdown' ? 5 : 6)
    setTimeout(() => process.once('message', exit), 20)
  `)
  thread.send('shutdown')
  expect(await thread.ended).toContain('exit code 5')
})

test('ends a script that never would', async () => {
  const thread = await run('console.log("working"); setInterval(() => {}, 1e6)')
  await thread.output.match(/working/)
  await thread.stop()
  expect(await thread.ended).toContain('exit code 1')
})

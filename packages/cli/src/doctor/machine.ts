// Checks of this machine.

import { access, readFile, statfs } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { outputOf } from '../child-processes.ts'
import type { Finding } from './finding.ts'

const OLDEST_NODE = 24

/** The version of Node. */
export async function diagnoseNode(version = process.versions.node): Promise<Finding[]> {
  if (Number.parseInt(version, 10) >= OLDEST_NODE)
    return [{ check: 'node', level: 'ok', says: `Node ${version}` }]
  const fix = `Install Node ${OLDEST_NODE} or newer from https://nodejs.org.`
  return [{ check: 'node', level: 'problem', says: `Node ${version} is too old`, fix }]
}

const GIB = 1024 ** 3
const LITTLE_GIB = 2
const TOO_LITTLE_GIB = 0.2

/** Space where nodes have their files unless there is a location. */
export async function diagnoseDisk(directory = tmpdir()): Promise<Finding[]> {
  try {
    const { bavail, bsize } = await statfs(directory)
    return [judgeDisk(directory, (bavail * bsize) / GIB)]
  } catch (error) {
    const says = `${directory} cannot be used (${(error as NodeJS.ErrnoException).code})`
    return [{ check: 'disk', level: 'problem', says, fix: 'Let TMPDIR name a directory that is there.' }]
  }
}

/** The finding for so much free space. */
export function judgeDisk(directory: string, gib: number): Finding {
  const says = `${gib.toFixed(1)} GiB free in ${directory}`
  if (gib >= LITTLE_GIB) return { check: 'disk', level: 'ok', says }
  const fix = 'Make room, or let the emulator keep its files elsewhere: TMPDIR=DIR, or --location DIR.'
  return { check: 'disk', level: gib < TOO_LITTLE_GIB ? 'problem' : 'warning', says, fix }
}

/** Command lines of tasks for Linux nodes begin with it. */
export async function diagnoseShell(path = '/bin/bash'): Promise<Finding[]> {
  try {
    await access(path)
    return [{ check: 'shell', level: 'ok', says: path }]
  } catch {
    const fix = 'Install bash: command lines of tasks use it.'
    return [{ check: 'shell', level: 'warning', says: `${path} is missing`, fix }]
  }
}

/** Whether a port of the emulator is free, or who serves there. */
export async function diagnosePort(service: string, port: number, flag: string): Promise<Finding[]> {
  const check = `port ${port}`
  const code = await tryPort(port)
  if (code === undefined) return [{ check, level: 'ok', says: `free for ${service}` }]
  if (code !== 'EADDRINUSE') {
    return [
      { check, level: 'problem', says: `cannot be used (${code})`, fix: `Choose another one with ${flag}.` },
    ]
  }
  const owner = await whoServes(port)
  if (owner !== undefined) return [{ check, level: 'ok', says: `${owner} serves there` }]
  const fix = `Choose another one with ${flag}, 0 for any that is free, or end what serves there.`
  return [{ check, level: 'warning', says: `taken by another program`, fix }]
}

async function tryPort(port: number): Promise<string | undefined> {
  const server = createServer()
  const { promise, resolve } = Promise.withResolvers<string | undefined>()
  server.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code ?? 'unknown'))
  server.listen(port, '127.0.0.1', () => server.close(() => resolve(undefined)))
  return promise
}

const ANSWER_MS = 2000

async function whoServes(port: number): Promise<string | undefined> {
  const ask = (path: string) =>
    fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(ANSWER_MS) })
  try {
    const answer = await ask('/_malachite/health/live')
    await answer.body?.cancel()
    if (answer.ok) return 'an emulator of Malachite'
    return answer.headers.get('server')?.startsWith('Azurite') ? 'Azurite' : undefined
  } catch {
    return undefined // it does not speak HTTP
  }
}

/** The blob service that is started beside the emulator. */
export async function diagnoseAzurite(): Promise<Finding[]> {
  try {
    const path = createRequire(import.meta.resolve('@malachite/azurite')).resolve('azurite/package.json')
    const { version } = JSON.parse(await readFile(path, 'utf8')) as { version: string }
    return [{ check: 'Azurite', level: 'ok', says: version }]
  } catch {
    const fix = 'Install Malachite again, or serve without blobs: --blobPort none.'
    return [{ check: 'Azurite', level: 'problem', says: 'is not installed', fix }]
  }
}

const ENGINE_MS = 5000

/** What runs the containers of tasks. */
export async function diagnoseContainers(
  engines: readonly string[] = ['docker', 'podman'],
): Promise<Finding[]> {
  for (const engine of engines) {
    try {
      const version = await outputOf(engine, ['version', '--format', '{{.Client.Version}}'], ENGINE_MS)
      return [{ check: 'containers', level: 'ok', says: `${engine} ${version.trim()}` }]
    } catch {
      continue // the next one
    }
  }
  const says = `neither ${engines.join(' nor ')} answers; only tasks with containerSettings need one`
  return [{ check: 'containers', level: 'ok', says }]
}

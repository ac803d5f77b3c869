// Clients that others publish: taken from this machine, or installed into a cache outside the repository, which later
// runs use again. What cannot be had is a skipped test that says why.

import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, test } from 'vitest'

/** Something that a test needs, or why it cannot be had here. */
export type Found<Tool> = { tool: Tool } | { missing: string }

/** A package of Python with all that it needs: a directory for PYTHONPATH, and the interpreter that it fits. */
export interface PythonPackage {
  interpreter: string
  directory: string
}

const CACHE = join(tmpdir(), `malachite-clients-${userInfo().username}`)
const MINUTES = 60_000

/** `describe`, or a skipped test with the reason in its title; it is printed as well, as reporters hide such tests. */
export function describeWith<Tool>(name: string, found: Found<Tool>, tests: (tool: Tool) => void): void {
  const missing = 'missing' in found ? ` (skipped: ${found.missing})` : ''
  if (missing) console.warn(`${name}${missing}`)
  describe(`${name}${missing}`, () => {
    if ('tool' in found) tests(found.tool)
    else test.skipIf(missing)(`all of it${missing}`, () => expect(found).toHaveProperty('tool'))
  })
}

/** A directory whose `node_modules` has the package, such as `@azure/batch@7.0.0`. */
export function installFromNpm(spec: string): Promise<Found<string>> {
  const options = ['--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--loglevel=error']
  return cached(spec, (directory) => attempt('npm', ['install', ...options, '--prefix', directory, spec]))
}

/** A package of PyPI, such as `azure-batch==14.2.0`. Fetches pip from Debian if there is none. */
export async function installFromPyPi(spec: string): Promise<Found<PythonPackage>> {
  const python = await findPython()
  if ('missing' in python) return python
  const interpreter = python.tool
  const printVersion = 'import sys; print(sys.implementation.cache_tag)'
  const { stdout: version } = await execa(interpreter, ['-c', printVersion])
  const options = ['--quiet', '--no-user', '--no-compile', '--disable-pip-version-check']
  const found = await cached(`${spec}-${version}`, (directory) =>
    attempt(interpreter, ['-m', 'pip', 'install', ...options, '--target', directory, spec]),
  )
  return 'tool' in found ? { tool: { interpreter, directory: found.tool } } : found
}

/**
 * The `az` of this machine. Debian's package brings every Azure SDK for Python, 1.4 GB and about two minutes, so it is
 * installed only where CI is set.
 */
export async function findAzureCli(): Promise<Found<string>> {
  if (await runs('az', ['version'])) return { tool: 'az' }
  if (process.env['CI'] === undefined) {
    return { missing: 'there is no az (Debian: apt-get install azure-cli, 1.4 GB; done where CI is set)' }
  }
  const missing = await installDebianPackage('azure-cli')
  return missing === undefined ? { tool: 'az' } : { missing: `there is no az: ${missing}` }
}

/** Programs and the Debian packages that they are in, installed where CI is set; undefined, or what is missing. */
export async function findPrograms(packages: Readonly<Record<string, string>>): Promise<string | undefined> {
  for (const [program, name] of Object.entries(packages)) {
    if (await runs('which', [program])) continue
    if (process.env['CI'] === undefined)
      return `there is no ${program} (Debian: apt-get install ${name}; done where CI is set)`
    const missing = await installDebianPackage(name)
    if (missing !== undefined) return `there is no ${program}: ${missing}`
  }
  return undefined
}

/** The SDK for Python that Debian ships together with `az`. */
export async function findDebianSdk(): Promise<Found<PythonPackage>> {
  const az = await findAzureCli()
  if ('missing' in az) return az
  const interpreter = '/usr/bin/python3'
  if (await runs(interpreter, ['-c', 'import azure.batch'])) return { tool: { interpreter, directory: '' } }
  return { missing: 'az is not the one of Debian, which comes with the SDK for Python' }
}

/** An interpreter that has pip. */
async function findPython(): Promise<Found<string>> {
  const pip = ['-m', 'pip', '--version']
  for (const name of ['python3', '/usr/bin/python3']) if (await runs(name, pip)) return { tool: name }
  const missing = await installDebianPackage('python3-pip')
  return missing === undefined
    ? { tool: '/usr/bin/python3' }
    : { missing: `there is no python3 with pip: ${missing}` }
}

/** Installs with apt-get, as root or through a sudo that asks nothing; undefined, or what was in the way. */
async function installDebianPackage(name: string): Promise<string | undefined> {
  const options = ['-q', '-y', '-o', 'DPkg::Lock::Timeout=120', '--no-install-recommends']
  const aptGet = (...args: string[]): Promise<string | undefined> => {
    const command = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...options, ...args]
    return process.getuid?.() === 0 ? attempt('env', command.slice(1)) : attempt('sudo', ['-n', ...command])
  }
  return (await aptGet('update')) ?? (await aptGet('install', name))
}

/** What `install` put into a directory; a directory is complete or absent. */
async function cached(
  name: string,
  install: (directory: string) => Promise<string | undefined>,
): Promise<Found<string>> {
  const directory = join(CACHE, name.replaceAll(/[^\w.-]+/g, '_'))
  if (await exists(directory)) return { tool: directory }
  await mkdir(CACHE, { recursive: true, mode: 0o700 })
  const draft = await mkdtemp(join(CACHE, 'draft-'))
  try {
    const missing = await install(draft)
    if (missing !== undefined) return { missing }
    await rename(draft, directory)
    return { tool: directory }
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

async function runs(program: string, args: readonly string[]): Promise<boolean> {
  return (await attempt(program, args)) === undefined
}

/** Runs a program; undefined if all went well, otherwise one line about what did not. */
async function attempt(program: string, args: readonly string[]): Promise<string | undefined> {
  const done = await execa(program, args, { reject: false, all: true, timeout: 5 * MINUTES })
  if (!done.failed) return undefined
  const lines = done.all.trim().split('\n')
  return lines.find((line) => /\berror\b|^E:/i.test(line)) ?? (lines.at(-1) || done.shortMessage)
}

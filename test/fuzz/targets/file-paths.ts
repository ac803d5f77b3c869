// Paths of files: on a node whose tasks have laid links to the outside, nothing outside is ever seen.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { isAbsolute, join, relative, resolve } from 'node:path'
import { resolveFilePath } from '@malachite/emulator'
import { createNodeFiles, type NodeFiles } from '../../../emulator/src/node/files.ts'
import { parseTask } from '../../../emulator/src/schema/task.ts'
import { decodePart } from '../../../emulator/src/http/target.ts'
import type { Random } from '../random.ts'
import { defineTarget, expectThat, isToldToCallers, orRefused, type Target } from '../target.ts'
import { type Language, makeText, wordsOf } from '../texts.ts'

const PATHS: Language = {
  valid: [
    'workitems/j/job-1/t/wd/out.txt',
    '../outside/secret.txt',
    'link/secret.txt',
    'up/../../outside/secret.txt',
    '..%2f..%2foutside%2fsecret.txt',
    'startup\\..\\..\\outside\\secret.txt',
    '/etc/passwd',
    'C:\\Windows',
    'self/self/self/wd',
    'file/secret.txt',
  ],
  words: wordsOf(
    `
      .. . / // %2e %2f %5c %00 %252f outside secret.txt link up self workitems startup etc passwd ~ : C:
      ... file tvm tvm2`,
    '\\',
    '\0',
    ' ',
    '\u{2024}',
    '\u{ff0f}',
  ),
}

/** The size of the file that must not be seen; no other file has it. */
const SECRET = 31_337
const VERBS = ['stat', 'list', 'read', 'task', 'resource'] as const
const NODES = ['tvm', 'tvm', 'tvm', '..', '.', '', 'tvm/../outside', '../outside', 'tvm\0'] as const

interface Attack {
  verb: (typeof VERBS)[number]
  nodeId: string
  path: string
}

/** A path on a node, or of a resource file. */
export function openFilePaths(): Target {
  const home = mkdtempSync(join(tmpdir(), 'malachite-fuzz-'))
  const files = layTraps(home)
  return defineTarget<Attack>({
    name: 'file-paths',
    make: (random: Random) => ({
      verb: random.pick(VERBS),
      nodeId: random.pick(NODES),
      path: makeText(random, PATHS),
    }),
    check: (attack) => attackFiles(files, attack),
    close: () => rmSync(home, { recursive: true }),
  })
}

/** A node `tvm` with links that lead out of it, beside a directory that is not its own. */
function layTraps(home: string): NodeFiles {
  const nodes = join(home, 'nodes')
  const node = join(nodes, 'tvm')
  for (const directory of [
    join(nodes, 'outside'),
    join(home, 'outside'),
    join(node, 'workitems/j/job-1/t/wd'),
  ])
    mkdirSync(directory, { recursive: true })
  mkdirSync(join(node, 'startup'))
  for (const place of [nodes, home]) writeFileSync(join(place, 'outside/secret.txt'), 'x'.repeat(SECRET))
  writeFileSync(join(node, 'workitems/j/job-1/t/wd/out.txt'), 'mine')
  symlinkSync(join(home, 'outside'), join(node, 'link'))
  symlinkSync('..', join(node, 'up'))
  symlinkSync('.', join(node, 'self'))
  symlinkSync(join(home, 'outside/secret.txt'), join(node, 'file'))
  return createNodeFiles(nodes)
}

async function attackFiles(files: NodeFiles, { verb, nodeId, path }: Attack): Promise<void> {
  if (verb === 'resource') return expectInside(path)
  const asked =
    verb === 'task' ? orRefused(() => resolveFilePath('workitems/j/job-1/t', decodePart(path))) : path
  if (asked === undefined) return
  try {
    await (verb === 'list' ? lookInto(files, nodeId, asked) : lookAt(files, verb === 'read', nodeId, asked))
  } catch (error) {
    if (!isToldToCallers(error)) throw error
  }
}

async function lookInto(files: NodeFiles, nodeId: string, directory: string): Promise<void> {
  const found = await files.list(nodeId, directory, { recursive: true })
  const seen = found.some(
    ({ name, properties }) => name.includes('secret') || properties?.contentLength === SECRET,
  )
  expectThat(!seen, 'nothing outside is listed')
}

async function lookAt(files: NodeFiles, isRead: boolean, nodeId: string, path: string): Promise<void> {
  const { properties } = await files.stat(nodeId, path)
  expectThat(properties?.contentLength !== SECRET, 'nothing outside is described')
  if (!isRead || !properties) return
  let size = 0
  for await (const chunk of await files.read(nodeId, path)) size += chunk.length
  expectThat(size !== SECRET, 'nothing outside is read')
}

/** The path of a resource file that is taken stays in the working directory. */
function expectInside(filePath: string): void {
  const body = { id: 't', commandLine: 'true', resourceFiles: [{ httpUrl: 'http://h/x', filePath }] }
  if (!orRefused(() => parseTask(body))) return
  for (const path of [filePath, filePath.replaceAll('\\', '/')]) {
    const place = relative('/wd', resolve('/wd', path))
    expectThat(place !== '..' && !place.startsWith('../') && !isAbsolute(place), `${path} stays inside`)
  }
}

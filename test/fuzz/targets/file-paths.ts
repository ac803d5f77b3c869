// Paths of files: on a node whose tasks have laid links to the outside, nothing outside is ever seen.

import { isAbsolute, relative, resolve } from 'node:path'
import { resolveFilePath } from '@malachite/emulator'
import { createNodeFiles, type NodeFiles } from '../../../emulator/src/node/files.ts'
import { parseTask } from '../../../emulator/src/schema/task.ts'
import { decodePart } from '../../../emulator/src/http/target.ts'
import type { Random } from '../random.ts'
import { defineTarget, expectThat, isToldToCallers, orRefused, type Target } from '../target.ts'
import { makeText } from '../texts.ts'
import { layTraps, NODES, PATHS, SECRET, TASK } from './traps.ts'

const VERBS = ['stat', 'list', 'read', 'task', 'resource'] as const

interface Attack {
  verb: (typeof VERBS)[number]
  nodeId: string
  path: string
}

/** A path on a node, or of a resource file. */
export function openFilePaths(): Target {
  const { nodes, remove } = layTraps()
  const files = createNodeFiles(nodes)
  return defineTarget<Attack>({
    name: 'file-paths',
    make: (random: Random) => ({
      verb: random.pick(VERBS),
      nodeId: random.pick(NODES),
      path: makeText(random, PATHS),
    }),
    check: (attack) => attackFiles(files, attack),
    close: remove,
  })
}

async function attackFiles(files: NodeFiles, { verb, nodeId, path }: Attack): Promise<void> {
  if (verb === 'resource') return expectInside(path)
  const asked = verb === 'task' ? orRefused(() => resolveFilePath(TASK, decodePart(path))) : path
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

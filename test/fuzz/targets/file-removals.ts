// Deletion of files: on a node whose tasks have laid links to the outside, nothing outside is ever deleted, nor the node.

import { lstatSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { resolveFilePath } from '@malachite/emulator'
import { decodePart } from '../../../emulator/src/http/target.ts'
import { createNodeFiles, type NodeFiles } from '../../../emulator/src/node/files.ts'
import { defineTarget, expectThat, isToldToCallers, orRefused, type Target } from '../target.ts'
import { makeText } from '../texts.ts'
import { layTraps, NODES, PATHS, SECRET, TASK, type Traps } from './traps.ts'

interface Removal {
  /** The path is below a task's directory, and comes from a URL. */
  isTaskFile: boolean
  nodeId: string
  path: string
  recursive: boolean
}

/** A path of a file or a directory that is to be deleted; it is, with real files. */
export function openFileRemovals(): Target {
  const traps = layTraps()
  const files = createNodeFiles(traps.nodes)
  return defineTarget<Removal>({
    name: 'file-removals',
    make: (random) => ({
      isTaskFile: random.oneIn(3),
      nodeId: random.pick(NODES),
      path: makeText(random, PATHS),
      recursive: !random.oneIn(3),
    }),
    async check(removal) {
      const isGone = await attempt(files, removal)
      for (const path of traps.secrets)
        expectThat(statSync(path, { throwIfNoEntry: false })?.size === SECRET, `${path} stays as it was`)
      expectThat(isThere(traps, '.'), 'the node stays')
      if (removal.isTaskFile)
        for (const name of ['link', 'startup']) expectThat(isThere(traps, name), `${name} stays`)
      if (isGone) traps.lay()
    },
    close: traps.remove,
  })
}

/** Whether something was deleted. */
async function attempt(files: NodeFiles, { isTaskFile, nodeId, path, recursive }: Removal): Promise<boolean> {
  const asked = isTaskFile ? orRefused(() => resolveFilePath(TASK, decodePart(path))) : path
  if (asked === undefined) return false
  try {
    await files.remove(nodeId, asked, { recursive })
    return true
  } catch (error) {
    if (!isToldToCallers(error)) throw error
    return false
  }
}

function isThere({ nodes }: Traps, path: string): boolean {
  return lstatSync(join(nodes, 'tvm', path), { throwIfNoEntry: false }) !== undefined
}

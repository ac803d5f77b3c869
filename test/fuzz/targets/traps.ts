// A node with links that lead out of it, beside directories that are not its own: for targets that must not follow them.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Language, wordsOf } from '../texts.ts'

/** Paths on the node, and what leads out of it. */
export const PATHS: Language = {
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

/** Ids of nodes: the one that there is, and others that are none. */
export const NODES = ['tvm', 'tvm', 'tvm', '..', '.', '', 'tvm/../outside', '../outside', 'tvm\0'] as const

/** The directory of a task on the node, relative to it. */
export const TASK = 'workitems/j/job-1/t'

/** The size of the files that are not the node's; none of its own has it. */
export const SECRET = 31_337

/** Where things are. */
export interface Traps {
  /** Directory of all nodes. */
  nodes: string
  /** What must stay as it is: files of `SECRET` bytes. */
  secrets: readonly string[]
  /** Makes what is missing on the node. */
  lay: () => void
  remove: () => void
}

/** Lays the traps in a temporary directory. */
export function layTraps(): Traps {
  const home = mkdtempSync(join(tmpdir(), 'malachite-fuzz-'))
  const nodes = join(home, 'nodes')
  const node = join(nodes, 'tvm')
  const outside = join(home, 'outside')
  const secrets = [home, nodes].map((place) => join(place, 'outside/secret.txt'))
  for (const place of [home, nodes]) mkdirSync(join(place, 'outside'), { recursive: true })
  for (const path of secrets) writeFileSync(path, 'x'.repeat(SECRET))
  const links = { link: outside, up: '..', self: '.', file: join(outside, 'secret.txt') }
  const lay = (): void => {
    for (const directory of [join(TASK, 'wd'), 'startup'])
      mkdirSync(join(node, directory), { recursive: true })
    writeFileSync(join(node, TASK, 'wd/out.txt'), 'mine')
    for (const [name, target] of Object.entries(links)) {
      rmSync(join(node, name), { force: true })
      symlinkSync(target, join(node, name))
    }
  }
  lay()
  return { nodes, secrets, lay, remove: () => rmSync(home, { recursive: true }) }
}

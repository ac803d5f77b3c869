// File patterns of output files: `*` `?` `[…]` within a name, `**` for any directories. A name that begins with a dot
// is matched by a pattern that does. `[*]` stands for the character itself.

import { type NameTest, parseName } from './glob-name.ts'

/** One level of a path: a name, a test of names, or any number of directories. */
export type GlobSegment = string | NameTest | typeof ANY_DEPTH

/** Matches any number of directories. */
export const ANY_DEPTH = Symbol('**')

/** A pattern taken apart. */
export interface Glob {
  /** The directory before the first wildcard, `/` at the end if it is not empty. */
  base: string
  /** What is below it; exactly one name when `isLiteral`. */
  segments: readonly GlobSegment[]
  /** There is no wildcard: the pattern is one file. */
  isLiteral: boolean
}

/** Takes a pattern apart. */
export function parseGlob(pattern: string): Glob {
  const segments = pattern.split('/').map(parseSegment)
  const isLiteral = segments.every((segment) => typeof segment === 'string')
  const wild = segments.findIndex((segment) => typeof segment !== 'string')
  const split = isLiteral ? segments.length - 1 : wild
  const base = segments.slice(0, split).map((segment) => `${String(segment)}/`)
  return { base: base.join(''), segments: endWithName(segments.slice(split)), isLiteral }
}

/** A pattern that ends with `**` means the files in those directories. */
function endWithName(segments: GlobSegment[]): GlobSegment[] {
  return segments.at(-1) === ANY_DEPTH ? [...segments, parseName('*')] : segments
}

function parseSegment(text: string): GlobSegment {
  return text === '**' ? ANY_DEPTH : parseName(text)
}

/** Lists a directory: its names, and which of them are directories to go into. */
export type ListDirectory = (path: string) => Promise<readonly { name: string; isDirectory: boolean }[]>

/** Paths of the files below `base` that the segments match, relative to it, in the order of the listings. */
export async function matchFiles(segments: readonly GlobSegment[], list: ListDirectory): Promise<string[]> {
  const found = new Set<string>()
  // Several `**` lead to one place in many ways.
  const visited = new Set<string>()

  async function walk(path: string, index: number): Promise<void> {
    const place = `${index} ${path}`
    const segment = segments[index]
    if (segment === undefined || visited.has(place)) return
    visited.add(place)
    if (segment === ANY_DEPTH) await walk(path, index + 1)
    for (const { name, isDirectory } of await list(path)) {
      const child = `${path}${name}`
      if (segment === ANY_DEPTH) {
        if (isDirectory && !name.startsWith('.')) await walk(`${child}/`, index)
      } else if (typeof segment === 'string' ? segment === name : segment(name)) {
        if (isDirectory) await walk(`${child}/`, index + 1)
        else if (index === segments.length - 1) found.add(child)
      }
    }
  }

  await walk('', 0)
  return [...found]
}

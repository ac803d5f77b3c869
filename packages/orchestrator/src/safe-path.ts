// Blob names come from whoever may write to the output container: none may lead out of the directory of the outputs.

import { join } from 'node:path'

/** Where a blob is stored below `directory`, or why its name is refused. */
export type SafePath = { path: string } | { refused: string }

/** The path of a blob below `directory`; refuses every name that is not a plain relative path. */
export function safePath(directory: string, blob: string): SafePath {
  const refused = whyRefused(blob)
  return refused ? { refused } : { path: join(directory, ...blob.split('/')) }
}

function whyRefused(blob: string): string | undefined {
  if (blob.includes('\0')) return 'the name contains a NUL character'
  // A backslash separates directories on Windows; a drive letter leaves the directory there.
  if (blob.includes('\\')) return 'the name contains a backslash'
  if (blob.startsWith('/') || /^[A-Za-z]:/.test(blob)) return 'the name is an absolute path'
  const segments = blob.split('/')
  if (segments.includes('..')) return 'the name leads out of the output directory'
  if (segments.some((segment) => segment === '' || segment === '.')) return 'the name has an empty segment'
  return undefined
}

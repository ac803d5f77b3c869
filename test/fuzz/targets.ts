// The table of what is fuzzed. A target is opened when it is run.

import { openBodies } from './targets/bodies.ts'
import { openCommandLines } from './targets/command-lines.ts'
import { openFilePaths } from './targets/file-paths.ts'
import { openFileRemovals } from './targets/file-removals.ts'
import { openFilters } from './targets/filters.ts'
import { openFormulas } from './targets/formulas.ts'
import { openGlobs } from './targets/globs.ts'
import { openSignatures } from './targets/signatures.ts'
import { openTimes } from './targets/times.ts'
import { openUrls } from './targets/urls.ts'
import { openZips } from './targets/zips.ts'
import type { Target } from './target.ts'

/** By the name that `--only` takes. */
export const TARGETS: Readonly<Record<string, () => Target>> = {
  filters: openFilters,
  formulas: openFormulas,
  signatures: openSignatures,
  bodies: openBodies,
  urls: openUrls,
  'file-paths': openFilePaths,
  'file-removals': openFileRemovals,
  'command-lines': openCommandLines,
  globs: openGlobs,
  times: openTimes,
  zips: openZips,
}

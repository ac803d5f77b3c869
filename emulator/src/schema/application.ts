// References to application packages, as pools and tasks make them.

import * as v from 'valibot'
import { list, members, nonEmpty } from './common.ts'

/** As many as a pool or a task may refer to. */
const MAX_REFERENCES = 10

const reference = members({ applicationId: nonEmpty, version: v.exactOptional(nonEmpty) })

/** The packages that a pool or a task refers to; without a version: the application's default one. */
export const applicationPackageReferences = v.pipe(
  list(reference),
  v.maxLength(MAX_REFERENCES, `must have at most ${MAX_REFERENCES} packages`),
  // The service answers other lists as they came, but never an empty list of packages.
  v.transform((references) => (references.length > 0 ? references : undefined)),
)

/** One reference. */
export type ApplicationPackageReference = v.InferOutput<typeof reference>

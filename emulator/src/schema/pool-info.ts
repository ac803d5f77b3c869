// Where the tasks of a job run: on a pool that exists, or on one that comes and goes with the job or its schedule.

import * as v from 'valibot'
import { choice, flag, id, memberPath, members, MISSING, text } from './common.ts'
import { poolSpecification } from './pool.ts'

// With `_` and a GUID of 36 characters behind it, it still is the id of a pool.
const autoPoolIdPrefix = v.pipe(
  text,
  v.regex(/^[A-Za-z0-9_-]{1,20}$/, 'must be 1 to 20 characters of A-Z, a-z, 0-9, - and _'),
)

const LIFE = {
  autoPoolIdPrefix: v.exactOptional(autoPoolIdPrefix),
  poolLifetimeOption: choice('jobschedule', 'job'),
  keepAlive: v.exactOptional(flag, false),
}

const autoPoolSpecification = members({ ...LIFE, pool: poolSpecification })
const autoPoolChange = members({ ...LIFE, pool: v.exactOptional(poolSpecification) })

/** The pool of a new job: an id or a specification, never both. */
export const poolInfo = v.pipe(
  members({ autoPoolSpecification: v.exactOptional(autoPoolSpecification), poolId: v.exactOptional(id) }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (dataset.typed) choiceIssues(dataset.value).forEach(addIssue)
  }),
)

/** The pool in an update of a job: a specification may leave out the pool, which cannot be changed. */
export const poolInfoChange = v.pipe(
  members({ autoPoolSpecification: v.exactOptional(autoPoolChange), poolId: v.exactOptional(id) }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (dataset.typed) choiceIssues(dataset.value).forEach(addIssue)
  }),
)

/** Where the tasks of a job run. */
export type PoolInfoBody = v.InferOutput<typeof poolInfo>
/** Where they shall run from now on. */
export type PoolInfoChange = v.InferOutput<typeof poolInfoChange>
/** The pool that a job brings with it, and how long it stays. */
export type AutoPoolBody = v.InferOutput<typeof autoPoolSpecification>

function choiceIssues(info: PoolInfoChange): { message: string; path: [v.IssuePathItem] }[] {
  const { autoPoolSpecification: auto, poolId } = info
  if ((auto === undefined) !== (poolId === undefined)) return []
  const message = auto ? 'must not be given with autoPoolSpecification' : MISSING
  return [{ message, path: memberPath(info, 'poolId') }]
}

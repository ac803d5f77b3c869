// The size of a pool: fixed targets or a formula, never both.

import { parseDuration } from '@malachite/model'
import * as v from 'valibot'
import { duration, flag, integer, memberPath, members, MISSING, text } from './common.ts'
import { parseBody } from './parse.ts'

const nodeCount = integer()
/** Time between two evaluations of a formula. */
const interval = v.pipe(
  duration(),
  v.check((value) => isInterval(parseDuration(value) ?? 0), 'must be from PT5M to P7D'),
)

function isInterval(ms: number): boolean {
  return ms >= 5 * 60_000 && ms <= 168 * 3_600_000
}

/** What the service assumes when no interval is given. */
export const DEFAULT_INTERVAL = 'PT15M'

/** The members of a pool that say how large it is, in the service's order. */
export const SIZE_MEMBERS = {
  targetDedicatedNodes: v.exactOptional(nodeCount),
  targetLowPriorityNodes: v.exactOptional(nodeCount),
  enableAutoScale: v.exactOptional(flag, false),
  autoScaleFormula: v.exactOptional(text),
  autoScaleEvaluationInterval: v.exactOptional(interval),
}

/** A size as it was given. */
export interface SizeBody {
  targetDedicatedNodes?: number
  targetLowPriorityNodes?: number
  enableAutoScale: boolean
  autoScaleFormula?: string
  autoScaleEvaluationInterval?: string
}

/** What is wrong with the members of a size together, as an issue of its schema. */
export function findSizeIssue(size: SizeBody): { message: string; path: [v.IssuePathItem] } | undefined {
  const issue = (message: string, key: keyof SizeBody) => ({ message, path: memberPath(size, key) })
  if (!size.enableAutoScale) {
    if (size.autoScaleFormula === undefined) return undefined
    return issue('must not be set unless enableAutoScale is true', 'autoScaleFormula')
  }
  const target = (['targetDedicatedNodes', 'targetLowPriorityNodes'] as const).find((key) => key in size)
  if (target) return issue('must not be set when enableAutoScale is true', target)
  if (size.autoScaleFormula === undefined) return issue(MISSING, 'autoScaleFormula')
  return undefined
}

/** The size with what was left out: no nodes, the usual interval. An interval without a formula means nothing. */
export function completeSize(
  size: SizeBody,
): SizeBody & Required<Pick<SizeBody, `target${string}` & keyof SizeBody>> {
  const { autoScaleFormula, autoScaleEvaluationInterval = DEFAULT_INTERVAL } = size
  return {
    targetDedicatedNodes: size.targetDedicatedNodes ?? 0,
    targetLowPriorityNodes: size.targetLowPriorityNodes ?? 0,
    enableAutoScale: size.enableAutoScale,
    ...(autoScaleFormula !== undefined && { autoScaleFormula, autoScaleEvaluationInterval }),
  }
}

const enabling = members({
  autoScaleFormula: v.exactOptional(text),
  autoScaleEvaluationInterval: v.exactOptional(interval),
})

const evaluation = members({ autoScaleFormula: text })

/** Checks what autoscale is to be enabled with; what is absent stays as it is. */
export function parseEnableAutoScale(body: unknown): v.InferOutput<typeof enabling> {
  return parseBody(enabling, body ?? {})
}

/** Checks a formula that is to be tried out. */
export function parseEvaluateAutoScale(body: unknown): v.InferOutput<typeof evaluation> {
  return parseBody(evaluation, body ?? {})
}

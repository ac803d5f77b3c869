// What the pools of ports of one pool of nodes must agree on, each of them being right for itself.

import type { GenericIssue, IssuePathItem } from 'valibot'
import { memberPath } from './common.ts'

interface NatPool {
  name: string
  backendPort: number
  frontendPortRangeStart: number
  frontendPortRangeEnd: number
  networkSecurityGroupRules?: readonly { priority: number }[]
}

interface Endpoints {
  inboundNATPools: NatPool[]
}

type Issue = Pick<GenericIssue, 'message'> & { path: [IssuePathItem] }

/** A range of ports serves one node with each of them; the service wants no smaller one. */
const MIN_PORTS = 40
/** Where the service itself gives nodes their ports. */
const RESERVED = [50_000, 55_000] as const
const MAX_RULES = 25

/** What is wrong with the pools of ports together, as an issue of their schema. */
export function findNatPoolIssue(endpoints: Endpoints): Issue | undefined {
  const { inboundNATPools: pools } = endpoints
  const rules = pools.flatMap(({ networkSecurityGroupRules = [] }) => networkSecurityGroupRules)
  const message =
    pools.map(rangeMistake).find((mistake) => mistake !== undefined) ??
    (repeats(pools.map(({ name }) => name.toLowerCase())) ? 'must have names that differ' : undefined) ??
    (repeats(pools.map(({ backendPort }) => backendPort))
      ? 'must have backend ports that differ'
      : undefined) ??
    (overlap(pools) ? 'must have ranges of frontend ports that do not overlap' : undefined) ??
    (rules.length > MAX_RULES ? `must have at most ${MAX_RULES} security rules together` : undefined) ??
    (repeats(rules.map(({ priority }) => priority)) ? 'must have rules whose priorities differ' : undefined)
  return message === undefined ? undefined : { message, path: memberPath(endpoints, 'inboundNATPools') }
}

function rangeMistake({
  frontendPortRangeStart: first,
  frontendPortRangeEnd: last,
}: NatPool): string | undefined {
  if (last - first + 1 < MIN_PORTS) return `must have ranges of at least ${MIN_PORTS} frontend ports`
  if (first > RESERVED[1] || last < RESERVED[0]) return undefined
  return `must have no frontend port from ${RESERVED.join(' to ')}`
}

function overlap(pools: readonly NatPool[]): boolean {
  const ranges = pools.toSorted((a, b) => a.frontendPortRangeStart - b.frontendPortRangeStart)
  return ranges.some(
    ({ frontendPortRangeStart }, i) => frontendPortRangeStart <= (ranges[i - 1]?.frontendPortRangeEnd ?? 0),
  )
}

function repeats(values: readonly unknown[]): boolean {
  return new Set(values).size < values.length
}

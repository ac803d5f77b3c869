import { expect, test } from 'vitest'
import { findNatPoolIssue } from './nat-pools.ts'
import { parsePool } from './pool.ts'

const WEB = {
  name: 'web',
  protocol: 'tcp',
  backendPort: 8080,
  frontendPortRangeStart: 1000,
  frontendPortRangeEnd: 1039,
}
const NEXT = {
  ...WEB,
  name: 'next',
  backendPort: 8081,
  frontendPortRangeStart: 1040,
  frontendPortRangeEnd: 1100,
}

const issueOf = (...pools: (typeof WEB & { networkSecurityGroupRules?: { priority: number }[] })[]) =>
  findNatPoolIssue({ inboundNATPools: pools })?.message
const rules = (count: number, first = 150) =>
  Array.from({ length: count }, (_, i) => ({ priority: first + i }))

test('pools of ports that share nothing are right', () => {
  expect(issueOf()).toBeUndefined()
  expect(issueOf(WEB, NEXT)).toBeUndefined()
})

test('names and backend ports differ', () => {
  expect(issueOf(WEB, { ...NEXT, name: 'WEB' })).toBe('must have names that differ')
  expect(issueOf(WEB, { ...NEXT, backendPort: 8080 })).toBe('must have backend ports that differ')
})

test('a range has at least 40 frontend ports, and ranges do not overlap', () => {
  expect(issueOf({ ...WEB, frontendPortRangeEnd: 1038 })).toBe(
    'must have ranges of at least 40 frontend ports',
  )
  expect(issueOf(NEXT, { ...WEB, frontendPortRangeEnd: 1040 })).toBe(
    'must have ranges of frontend ports that do not overlap',
  )
})

test.each([
  [49_900, 49_999, undefined],
  [49_900, 50_000, 'must have no frontend port from 50000 to 55000'],
  [52_000, 52_100, 'must have no frontend port from 50000 to 55000'],
  [40_000, 60_000, 'must have no frontend port from 50000 to 55000'],
  [55_000, 55_100, 'must have no frontend port from 50000 to 55000'],
  [55_001, 55_100, undefined],
])('the service keeps the ports from 50000 to 55000 for itself: %i to %i', (first, last, expected) => {
  expect(issueOf({ ...WEB, frontendPortRangeStart: first, frontendPortRangeEnd: last })).toBe(expected)
})

test('all pools together have at most 25 rules, of different priorities', () => {
  const withRules = (a: number, b: number, first: number) =>
    issueOf(
      { ...WEB, networkSecurityGroupRules: rules(a) },
      { ...NEXT, networkSecurityGroupRules: rules(b, first) },
    )
  expect(withRules(12, 13, 500)).toBeUndefined()
  expect(withRules(13, 13, 500)).toBe('must have at most 25 security rules together')
  expect(withRules(2, 2, 151)).toBe('must have rules whose priorities differ')
})

const rule = { priority: 150, access: 'allow', sourceAddressPrefix: '*' }
test.each<[string, object[], string]>([
  [
    'six pools',
    [1, 2, 3, 4, 5, 6].map((n) => ({ ...WEB, name: `n${n}` })),
    'must have at most 5 pools of ports',
  ],
  ['a long name', [{ ...WEB, name: 'x'.repeat(78) }], 'must have at most 77 characters'],
  ['a name that ends in a dot', [{ ...WEB, name: 'web.' }], 'must be letters'],
  ['a port of the agent', [{ ...WEB, backendPort: 29_876 }], 'must be none of 22, 3389, 29876, 29877'],
  ['a frontend port too high', [{ ...WEB, frontendPortRangeEnd: 65_535 }], 'from 1 to 65534'],
  [
    'a low priority',
    [{ ...WEB, networkSecurityGroupRules: [{ ...rule, priority: 149 }] }],
    'from 150 to 4096',
  ],
  ['a short range', [{ ...WEB, frontendPortRangeEnd: 1001 }], 'at least 40 frontend ports'],
])('a pool of nodes is refused with %s among its ports', (_, inboundNATPools, reason) => {
  const pool = {
    id: 'p',
    vmSize: 'standard_a1',
    virtualMachineConfiguration: {
      imageReference: { publisher: 'canonical', offer: 'ubuntu', sku: '22_04' },
      nodeAgentSKUId: 'batch.node.ubuntu 22.04',
    },
    networkConfiguration: { endpointConfiguration: { inboundNATPools } },
  }
  expect(() => parsePool(pool)).toThrow(
    expect.objectContaining({
      code: 'InvalidPropertyValue',
      status: 400,
      details: expect.objectContaining({ Reason: expect.stringContaining(reason) }),
    }),
  )
})

// The network of a pool: checked and answered, without effect on simulated nodes, which share this machine's network.

import * as v from 'valibot'
import { choice, flag, integer, list, members, nonEmpty, text } from './common.ts'
import { findNatPoolIssue } from './nat-pools.ts'

/** Ports of a node that belong to the service and its agent. */
const RESERVED_PORTS: readonly number[] = [22, 3389, 29_876, 29_877]

const securityRule = members({
  priority: integer(150, 4096),
  access: choice('allow', 'deny'),
  sourceAddressPrefix: nonEmpty,
  sourcePortRanges: v.exactOptional(list(text), ['*']),
})

const natPool = members({
  name: v.pipe(
    nonEmpty,
    v.maxLength(77, 'must have at most 77 characters'),
    v.regex(
      /^[a-z\d](?:[\w.-]*\w)?$/i,
      'must be letters, digits, _, . and -, with a letter or digit first and none of . and - last',
    ),
  ),
  protocol: choice('tcp', 'udp'),
  backendPort: v.pipe(
    integer(1, 65_535),
    v.check((port) => !RESERVED_PORTS.includes(port), `must be none of ${RESERVED_PORTS.join(', ')}`),
  ),
  frontendPortRangeStart: integer(1, 65_534),
  frontendPortRangeEnd: integer(1, 65_534),
  networkSecurityGroupRules: v.exactOptional(list(securityRule)),
})

const endpointConfiguration = v.pipe(
  members({ inboundNATPools: v.pipe(list(natPool), v.maxLength(5, 'must have at most 5 pools of ports')) }),
  v.rawCheck(({ dataset, addIssue }) => {
    const issue = dataset.typed ? findNatPoolIssue(dataset.value) : undefined
    if (issue) addIssue(issue)
  }),
)

/** How the nodes of a pool are reached. */
export const networkConfiguration = members({
  subnetId: v.exactOptional(nonEmpty),
  dynamicVNetAssignmentScope: v.exactOptional(choice('none', 'job'), 'none'),
  endpointConfiguration: v.exactOptional(endpointConfiguration),
  publicIPAddressConfiguration: v.exactOptional(
    members({
      provision: v.exactOptional(
        choice('batchmanaged', 'usermanaged', 'nopublicipaddresses'),
        'batchmanaged',
      ),
      ipFamilies: v.exactOptional(list(choice('IPv4', 'IPv6'))),
      ipAddressIds: v.exactOptional(list(nonEmpty)),
      ipTags: v.exactOptional(
        list(members({ ipTagType: v.exactOptional(text), tag: v.exactOptional(text) })),
      ),
    }),
  ),
  enableAcceleratedNetworking: v.exactOptional(flag, false),
})

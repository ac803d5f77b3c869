// The network of a pool: checked and answered, without effect on simulated nodes, which share this machine's network.

import * as v from 'valibot'
import { choice, flag, integer, list, members, nonEmpty, text } from './common.ts'

const securityRule = members({
  priority: integer(150, 4096),
  access: choice('allow', 'deny'),
  sourceAddressPrefix: nonEmpty,
  sourcePortRanges: v.exactOptional(list(text), ['*']),
})

const natPool = members({
  name: v.pipe(nonEmpty, v.maxLength(77, 'must have at most 77 characters')),
  protocol: choice('tcp', 'udp'),
  backendPort: integer(1, 65_535),
  frontendPortRangeStart: integer(1, 65_534),
  frontendPortRangeEnd: integer(1, 65_534),
  networkSecurityGroupRules: v.exactOptional(list(securityRule)),
})

/** How the nodes of a pool are reached. */
export const networkConfiguration = members({
  subnetId: v.exactOptional(nonEmpty),
  dynamicVNetAssignmentScope: v.exactOptional(choice('none', 'job'), 'none'),
  endpointConfiguration: v.exactOptional(members({ inboundNATPools: list(natPool) })),
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

// Security settings of virtual machines and the encryption of their disks: checked and answered, without effect on
// local nodes.

import * as v from 'valibot'
import { choice, flag, integer, list, members, nonEmpty, text } from './common.ts'

const proxyAgentEndpoint = members({
  inVMAccessControlProfileReferenceId: v.exactOptional(text),
  mode: v.exactOptional(choice('Audit', 'Enforce')),
})

/** Trusted launch, confidential machines, encryption at the host. */
export const securityProfile = members({
  encryptionAtHost: v.exactOptional(flag),
  proxyAgentSettings: v.exactOptional(
    members({
      enabled: v.exactOptional(flag),
      imds: v.exactOptional(proxyAgentEndpoint),
      wireServer: v.exactOptional(proxyAgentEndpoint),
    }),
  ),
  securityType: v.exactOptional(choice('trustedLaunch', 'confidentialvm')),
  uefiSettings: v.exactOptional(
    members({ secureBootEnabled: v.exactOptional(flag), vTpmEnabled: v.exactOptional(flag) }),
  ),
})

const storageAccountType = v.exactOptional(choice('standard_lrs', 'premium_lrs', 'standardssd_lrs'))
const caching = choice('none', 'readonly', 'readwrite')

/** The disk of the operating system. */
export const osDisk = members({
  ephemeralOSDiskSettings: v.exactOptional(members({ placement: v.exactOptional(choice('cachedisk')) })),
  caching: v.exactOptional(caching),
  managedDisk: v.exactOptional(
    members({
      storageAccountType,
      securityProfile: v.exactOptional(
        members({
          securityEncryptionType: v.exactOptional(
            choice('DiskWithVMGuestState', 'NonPersistedTPM', 'VMGuestStateOnly'),
          ),
        }),
      ),
    }),
  ),
  diskSizeGB: v.exactOptional(integer(1)),
  writeAcceleratorEnabled: v.exactOptional(flag),
})

/** A further disk of each machine. */
export const dataDisk = members({
  lun: integer(0, 63),
  caching: v.exactOptional(caching, 'none'),
  diskSizeGB: integer(1),
  storageAccountType: v.exactOptional(
    choice('standard_lrs', 'premium_lrs', 'standardssd_lrs'),
    'standard_lrs',
  ),
})

/** Which disks are encrypted, and with whose key. */
export const diskEncryptionConfiguration = members({
  targets: v.exactOptional(list(choice('osdisk', 'temporarydisk'))),
  customerManagedKey: v.exactOptional(
    members({
      identityReference: v.exactOptional(members({ resourceId: v.exactOptional(nonEmpty) })),
      keyUrl: v.exactOptional(nonEmpty),
      rotationToLatestKeyVersionEnabled: v.exactOptional(flag),
    }),
  ),
})

// The virtual machines of a pool: image, disks, accounts and network. Nothing here has an effect on simulated nodes
// except the image; the rest is checked and answered as the service does.

import * as v from 'valibot'
import {
  choice,
  flag,
  integer,
  list,
  memberPath,
  members,
  MISSING,
  nonEmpty,
  omit,
  refused,
  text,
} from './common.ts'

const MARKETPLACE = ['publisher', 'offer', 'sku'] as const

const imageReference = v.pipe(
  members({
    publisher: v.exactOptional(nonEmpty),
    offer: v.exactOptional(nonEmpty),
    sku: v.exactOptional(nonEmpty),
    version: v.exactOptional(nonEmpty),
    virtualMachineImageId: v.exactOptional(nonEmpty),
    exactVersion: v.exactOptional(text),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return
    const image = dataset.value
    const isCustom = image.virtualMachineImageId !== undefined
    const wrong = MARKETPLACE.find((name) => (image[name] !== undefined) === isCustom)
    if (wrong === undefined) return
    const message = isCustom ? 'must not be given with virtualMachineImageId' : MISSING
    addIssue({ message, path: memberPath(image, wrong) })
  }),
  v.transform((image) =>
    image.virtualMachineImageId === undefined ? { ...image, version: image.version ?? 'latest' } : image,
  ),
)

const dataDisk = members({
  lun: integer(0, 63),
  caching: v.exactOptional(choice('none', 'readonly', 'readwrite'), 'none'),
  diskSizeGB: integer(1),
  storageAccountType: v.exactOptional(choice('standard_lrs', 'premium_lrs'), 'standard_lrs'),
})

const extension = v.pipe(
  members({
    name: nonEmpty,
    publisher: nonEmpty,
    type: nonEmpty,
    typeHandlerVersion: v.exactOptional(text),
    autoUpgradeMinorVersion: v.exactOptional(flag),
    settings: v.exactOptional(v.unknown()),
    protectedSettings: v.exactOptional(v.unknown()),
    provisionAfterExtensions: v.exactOptional(list(text)),
  }),
  v.transform((extension) => omit(extension, 'protectedSettings')),
)

/** Which machines a pool is made of. */
export const virtualMachineConfiguration = members({
  imageReference,
  nodeAgentSKUId: nonEmpty,
  windowsConfiguration: v.exactOptional(members({ enableAutomaticUpdates: v.exactOptional(flag) })),
  dataDisks: v.exactOptional(list(dataDisk)),
  licenseType: v.exactOptional(text),
  containerConfiguration: refused('virtualMachineConfiguration.containerConfiguration'),
  diskEncryptionConfiguration: v.exactOptional(
    members({ targets: v.exactOptional(list(choice('osdisk', 'temporarydisk'))) }),
  ),
  nodePlacementConfiguration: v.exactOptional(
    members({ policy: v.exactOptional(choice('regional', 'zonal'), 'regional') }),
  ),
  extensions: v.exactOptional(list(extension)),
  osDisk: v.exactOptional(
    members({
      ephemeralOSDiskSettings: v.exactOptional(members({ placement: v.exactOptional(choice('cachedisk')) })),
    }),
  ),
})

const linuxUser = v.pipe(
  members({
    uid: v.exactOptional(integer()),
    gid: v.exactOptional(integer()),
    sshPrivateKey: v.exactOptional(text),
  }),
  v.check(
    ({ uid, gid }) => (uid === undefined) === (gid === undefined),
    'must have both of uid and gid, or neither',
  ),
  v.transform((user) => omit(user, 'sshPrivateKey')),
)

/** An account on every node; its secrets are checked and forgotten. */
export const userAccount = v.pipe(
  members({
    name: v.pipe(nonEmpty, v.maxLength(20, 'must have at most 20 characters')),
    password: nonEmpty,
    elevationLevel: v.exactOptional(choice('nonadmin', 'admin'), 'nonadmin'),
    linuxUserConfiguration: v.exactOptional(linuxUser),
    windowsUserConfiguration: v.exactOptional(
      members({ loginMode: v.exactOptional(choice('batch', 'interactive'), 'batch') }),
    ),
  }),
  v.transform((account) => omit(account, 'password')),
)

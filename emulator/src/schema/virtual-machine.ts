// The virtual machines of a pool: image, disks, accounts and network. Nothing here has an effect on simulated nodes
// except the image; the rest is checked and answered as the service does.

import * as v from 'valibot'
import { choice, flag, integer, list, memberPath, members, MISSING, nonEmpty, omit, text } from './common.ts'
import { dataDisk, diskEncryptionConfiguration, osDisk, securityProfile } from './security.ts'
import { containerConfiguration } from './container.ts'

const MARKETPLACE = ['publisher', 'offer', 'sku'] as const
const CUSTOM = ['virtualMachineImageId', 'sharedGalleryImageId', 'communityGalleryImageId'] as const

const imageReference = v.pipe(
  members({
    publisher: v.exactOptional(nonEmpty),
    offer: v.exactOptional(nonEmpty),
    sku: v.exactOptional(nonEmpty),
    version: v.exactOptional(nonEmpty),
    virtualMachineImageId: v.exactOptional(nonEmpty),
    sharedGalleryImageId: v.exactOptional(nonEmpty),
    communityGalleryImageId: v.exactOptional(nonEmpty),
    exactVersion: v.exactOptional(text),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return
    const image = dataset.value
    const custom = CUSTOM.find((name) => image[name] !== undefined)
    const wrong = [...MARKETPLACE, ...CUSTOM].find((name) => isWrong(name, image[name] !== undefined, custom))
    if (wrong === undefined) return
    const message = custom === undefined ? MISSING : `must not be given with ${custom}`
    addIssue({ message, path: memberPath(image, wrong) })
  }),
  v.transform((image) =>
    CUSTOM.every((name) => image[name] === undefined)
      ? { ...image, version: image.version ?? 'latest' }
      : image,
  ),
)

/** Without a custom image all members of a marketplace image are needed, with one nothing else. */
function isWrong(name: string, isGiven: boolean, custom: string | undefined): boolean {
  if (custom === undefined) return !isGiven && MARKETPLACE.some((member) => member === name)
  return isGiven && name !== custom
}

const extension = v.pipe(
  members({
    name: nonEmpty,
    publisher: nonEmpty,
    type: nonEmpty,
    typeHandlerVersion: v.exactOptional(text),
    autoUpgradeMinorVersion: v.exactOptional(flag),
    enableAutomaticUpgrade: v.exactOptional(flag),
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
  containerConfiguration: v.exactOptional(containerConfiguration),
  diskEncryptionConfiguration: v.exactOptional(diskEncryptionConfiguration),
  nodePlacementConfiguration: v.exactOptional(
    members({ policy: v.exactOptional(choice('Regional', 'Zonal'), 'Regional') }),
  ),
  extensions: v.exactOptional(list(extension)),
  osDisk: v.exactOptional(osDisk),
  securityProfile: v.exactOptional(securityProfile),
  serviceArtifactReference: v.exactOptional(members({ id: nonEmpty })),
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

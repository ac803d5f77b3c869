// The images that the emulated service offers. Nodes are processes of this machine whatever the image says; the list
// is what clients choose from, old marketplace names included, so that older programs find theirs. Windows images are
// left out: a pool of them is refused.

import type { SupportedImage, Wire } from '@malachite/model'

type Row = [publisher: string, offer: string, sku: string, agent: string, options?: Options]
interface Options {
  unverified?: true
  capabilities?: string[]
  endOfLife?: string
}

const DOCKER = ['DockerCompatible', 'NvidiaTeslaDriverInstalled', 'NvidiaGridDriverInstalled']

const ROWS: Row[] = [
  [
    'canonical',
    'ubuntuserver',
    '16.04-lts',
    'batch.node.ubuntu 16.04',
    { endOfLife: '2021-05-21T00:00:00Z' },
  ],
  [
    'canonical',
    'ubuntuserver',
    '18.04-lts',
    'batch.node.ubuntu 18.04',
    { endOfLife: '2023-06-01T00:00:00Z' },
  ],
  ['canonical', '0001-com-ubuntu-server-focal', '20_04-lts', 'batch.node.ubuntu 20.04'],
  ['canonical', '0001-com-ubuntu-server-focal', '20_04-lts-gen2', 'batch.node.ubuntu 20.04'],
  ['canonical', '0001-com-ubuntu-server-jammy', '22_04-lts', 'batch.node.ubuntu 22.04'],
  ['canonical', '0001-com-ubuntu-server-jammy', '22_04-lts-gen2', 'batch.node.ubuntu 22.04'],
  ['canonical', 'ubuntu-24_04-lts', 'server', 'batch.node.ubuntu 24.04'],
  ['canonical', 'ubuntu-24_04-lts', 'server-gen1', 'batch.node.ubuntu 24.04'],
  ['debian', 'debian-11', '11', 'batch.node.debian 11'],
  ['debian', 'debian-12', '12', 'batch.node.debian 12', { unverified: true }],
  ['almalinux', 'almalinux', '8-gen2', 'batch.node.el 8'],
  ['almalinux', 'almalinux', '9-gen2', 'batch.node.el 9'],
  [
    'microsoft-azure-batch',
    'ubuntu-server-container',
    '20-04-lts',
    'batch.node.ubuntu 20.04',
    { capabilities: DOCKER },
  ],
  ['microsoft-dsvm', 'ubuntu-2204', '2204-gen2', 'batch.node.ubuntu 22.04', { capabilities: DOCKER }],
  ['microsoft-dsvm', 'ubuntu-hpc', '2204', 'batch.node.ubuntu 22.04', { capabilities: DOCKER }],
]

/** The images, in the service's JSON. */
export const SUPPORTED_IMAGES: readonly Wire<SupportedImage>[] = ROWS.map(
  ([publisher, offer, sku, nodeAgentSKUId, options = {}]) => ({
    imageReference: { publisher, offer, sku, version: 'latest' },
    verificationType: options.unverified ? 'unverified' : 'verified',
    nodeAgentSKUId,
    ...(options.capabilities && { capabilities: options.capabilities }),
    ...(options.endOfLife && { batchSupportEndOfLife: options.endOfLife }),
    osType: 'linux',
  }),
)

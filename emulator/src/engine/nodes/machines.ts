// What of the machines of a pool the service refuses although each member for itself is well-formed. The reasons are
// the service's own.

import { BatchError } from '@malachite/model'
import { knownCoresOf } from '../../scheduler/vm-cores.ts'
import type { PoolBody } from '../../schema/pool.ts'
import { SUPPORTED_IMAGES } from '../pools/images.ts'

type Machines = PoolBody['virtualMachineConfiguration']
type Accounts = NonNullable<PoolBody['userAccounts']>

/** A pool, or what is to change of it. */
interface MachinesBody {
  virtualMachineConfiguration?: Machines
  userAccounts?: Accounts
}

/** Refuses images and accounts that no Linux pool can have. `InvalidPropertyValue`. */
export function requireMachines({ virtualMachineConfiguration: machines, userAccounts }: MachinesBody): void {
  if (machines) requireImageId(machines)
  if (machines) requireAgent(machines)
  if (machines) requireContainerImage(machines)
  if (userAccounts) requireLinuxAccounts(userAccounts)
}

/** Refuses more slots than four for each core; sizes whose cores are not known are believed. `InvalidPropertyValue`. */
export function requireSlots({
  vmSize,
  taskSlotsPerNode,
}: Pick<PoolBody, 'vmSize' | 'taskSlotsPerNode'>): void {
  const cores = knownCoresOf(vmSize) ?? Infinity
  if (taskSlotsPerNode <= 4 * cores) return
  throw new BatchError('InvalidPropertyValue', {
    PropertyName: 'taskSlotsPerNode',
    PropertyValue: String(taskSlotsPerNode),
    Reason: `taskSlotsPerNode must be at most 4 for each core; ${vmSize} has ${cores} cores.`,
  })
}

const IMAGE_ID =
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Compute\/galleries\/[^/]+\/images\/[^/]+(?:\/versions\/[^/]+)?$/i

// Without a version it is the latest one.
function requireImageId({ imageReference: { virtualMachineImageId } }: Machines): void {
  if (virtualMachineImageId === undefined || IMAGE_ID.test(virtualMachineImageId)) return
  throw new BatchError('InvalidPropertyValue', {
    PropertyName: 'virtualMachineImageId',
    PropertyValue: virtualMachineImageId,
    Reason:
      'The specified resource id must be of the format /subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Compute/galleries/{galleryName}/images/{galleryImageName}/versions/{galleryImageVersionName}',
  })
}

function listedImages(reference: Machines['imageReference']): (typeof SUPPORTED_IMAGES)[number][] {
  const name = imageName(reference)
  return SUPPORTED_IMAGES.filter((image) => imageName(image.imageReference) === name)
}

// Images that are not in the list are believed, here and below.
function requireAgent({ imageReference, nodeAgentSKUId }: Machines): void {
  const agents = listedImages(imageReference).map((image) => image.nodeAgentSKUId)
  if (agents.length === 0 || agents.some((agent) => agent === nodeAgentSKUId.toLowerCase())) return
  throw new BatchError('InvalidPropertyValue', {
    PropertyName: 'nodeAgentSKUId',
    PropertyValue: nodeAgentSKUId,
    Reason: `The agent of this image is ${agents.join(' or ')}.`,
  })
}

function requireContainerImage({ containerConfiguration, imageReference }: Machines): void {
  if (!containerConfiguration) return
  const { publisher, offer, sku } = imageReference
  const listed = listedImages(imageReference)
  if (listed.length === 0 || listed.some(({ capabilities }) => capabilities?.includes('DockerCompatible')))
    return
  throw new BatchError('InvalidPropertyValue', {
    PropertyName: 'containerConfiguration',
    Reason: `The specified imageReference with publisher ${publisher} offer ${offer} sku ${sku} does not support container feature.`,
  })
}

function imageName(image: { publisher?: string; offer?: string; sku?: string }): string {
  return `${image.publisher}/${image.offer}/${image.sku}`.toLowerCase()
}

function requireLinuxAccounts(accounts: Accounts): void {
  const account = accounts.find(({ windowsUserConfiguration }) => windowsUserConfiguration !== undefined)
  if (!account) return
  throw new BatchError('InvalidPropertyValue', {
    PropertyName: 'windowsUserConfiguration',
    Reason: `The user configuration for user account '${account.name}' has a mismatch with the OS (Windows/Linux) configuration specified in VirtualMachineConfiguration`,
  })
}

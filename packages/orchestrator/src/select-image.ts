// Which of the service's images the nodes run: the newest verified one that fits what was asked for.

import { BatchError, type SupportedImage, type VirtualMachineConfiguration } from '@malachite/model'

/** What kind of image is wanted; compared regardless of case. */
export interface ImageChoice {
  publisher: string
  offer: string
  /** Start of the SKU; an image with exactly this SKU wins over longer ones. */
  skuPrefix: string
}

/** The newest verified image of the choice with its node agent; an error that lists the images there are otherwise. */
export function selectImage(
  images: readonly SupportedImage[],
  choice: ImageChoice,
): VirtualMachineConfiguration {
  const verified = images.filter((image) => image.verificationType === 'verified')
  const [best] = verified.filter((image) => fits(image, choice)).sort((a, b) => newestFirst(a, b, choice))
  if (!best) throw noImage(verified, choice)
  return { imageReference: best.imageReference, nodeAgentSKUId: best.nodeAgentSKUId }
}

function fits({ imageReference: image }: SupportedImage, choice: ImageChoice): boolean {
  return (
    same(image.publisher, choice.publisher) &&
    same(image.offer, choice.offer) &&
    lower(image.sku).startsWith(lower(choice.skuPrefix))
  )
}

function newestFirst(a: SupportedImage, b: SupportedImage, choice: ImageChoice): number {
  const exact = (image: SupportedImage): number => Number(same(image.imageReference.sku, choice.skuPrefix))
  return exact(b) - exact(a) || compareVersions(lower(b.imageReference.sku), lower(a.imageReference.sku))
}

/** Orders `9-lts` before `22_04-lts`: numbers in the text count as numbers. */
export function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true })
}

function noImage(verified: readonly SupportedImage[], choice: ImageChoice): BatchError {
  const known = verified.map(({ imageReference: i }) => `${i.publisher} ${i.offer} ${i.sku}`).sort()
  const message =
    `The service has no verified image of publisher ${choice.publisher}, offer ${choice.offer} ` +
    `and SKU ${choice.skuPrefix}…. Verified images: ${known.join(', ') || 'none'}.`
  return new BatchError('ConfigurationError', {}, { message })
}

function same(a: string | undefined, b: string): boolean {
  return lower(a) === lower(b)
}

function lower(text: string | undefined): string {
  return (text ?? '').toLowerCase()
}

import type { SupportedImage } from '@malachite/model'
import { expect, test } from 'vitest'
import { selectImage } from './select-image.ts'

function image(offer: string, sku: string, agent: string, verificationType = 'verified'): SupportedImage {
  return {
    nodeAgentSKUId: agent,
    imageReference: { publisher: 'canonical', offer, sku, version: 'latest' },
    osType: 'linux',
    verificationType: verificationType as 'verified',
  }
}

const IMAGES = [
  image('ubuntuserver', '9.04-lts', 'old'),
  image('ubuntuserver', '16.04-lts', 'middle'),
  image('ubuntuserver', '18.04-lts', 'new'),
  image('ubuntuserver', '20.04-lts', 'untested', 'unverified'),
  image('ubuntu-24_04-lts', 'server-arm64', 'arm'),
  image('ubuntu-24_04-lts', 'server', 'noble'),
]

test('takes the newest verified image, comparing numbers as numbers', () => {
  const choice = { publisher: 'Canonical', offer: 'UbuntuServer', skuPrefix: '' }
  expect(selectImage(IMAGES, choice)).toEqual({
    imageReference: { publisher: 'canonical', offer: 'ubuntuserver', sku: '18.04-lts', version: 'latest' },
    nodeAgentSKUId: 'new',
  })
})

test('narrows by the start of the SKU', () => {
  const choice = { publisher: 'Canonical', offer: 'UbuntuServer', skuPrefix: '16' }
  expect(selectImage(IMAGES, choice).nodeAgentSKUId).toBe('middle')
})

test('prefers the SKU that is exactly the one asked for', () => {
  const choice = { publisher: 'canonical', offer: 'ubuntu-24_04-lts', skuPrefix: 'Server' }
  expect(selectImage(IMAGES, choice).nodeAgentSKUId).toBe('noble')
})

test('an error lists the verified images there are', () => {
  const choice = { publisher: 'canonical', offer: 'ubuntuserver', skuPrefix: '20' }
  expect(() => selectImage(IMAGES, choice)).toThrow(/SKU 20….*canonical ubuntuserver 18.04-lts/)
  expect(() => selectImage(IMAGES, choice)).not.toThrow(/20.04-lts/)
  expect(() => selectImage([], choice)).toThrow('Verified images: none.')
})

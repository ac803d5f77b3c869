import { expect, test } from 'vitest'
import { CER, pfxOf, THUMBPRINT } from '../helpers/certificate.ts'
import { openVirtualEngine, poolBody } from '../helpers/virtual-engine.ts'

const OTHER = 'a'.repeat(40)
const reference = { thumbprint: THUMBPRINT, thumbprintAlgorithm: 'sha1' }

function open() {
  const virtual = openVirtualEngine()
  const { certificates } = virtual.engine
  certificates.add(CER)
  return { ...virtual, certificates, state: () => certificates.get('sha1', THUMBPRINT).state }
}

test('a certificate is found by its thumbprint in any case', () => {
  const { certificates } = open()
  expect(certificates.get('SHA1', THUMBPRINT.toUpperCase())).toEqual({
    thumbprint: THUMBPRINT,
    thumbprintAlgorithm: 'sha1',
    state: 'active',
    stateTransitionTime: '2026-01-01T00:00:00.000001Z',
    publicData: CER.data,
  })
  expect(() => certificates.get('sha1', OTHER)).toThrow('does not exist')
})

test('a certificate can be added once', () => {
  const { certificates } = open()
  expect(() => certificates.add(CER)).toThrow('The specified certificate already exists.')
})

test('lists go by thumbprint, in pages, and can be filtered by state', () => {
  const { certificates } = open()
  certificates.add(pfxOf(OTHER))
  const first = certificates.list({ maxResults: 1 })
  expect(first.items.map(({ thumbprint }) => thumbprint)).toEqual([THUMBPRINT])
  const rest = certificates.list({ maxResults: 1, skipToken: first.next ?? '' })
  expect(rest).toMatchObject({ items: [{ thumbprint: OTHER }] })
  expect(rest.next).toBeUndefined()
  expect(certificates.list({ filter: "state eq 'deleting'" }).items).toEqual([])
})

test('a certificate that no pool refers to is gone soon after its deletion', () => {
  const { certificates, state, seconds } = open()
  certificates.delete('sha1', THUMBPRINT)
  expect(state()).toBe('deleting')
  expect(() => certificates.delete('sha1', THUMBPRINT)).toThrow('has been marked for deletion')
  expect(() => certificates.add(CER)).toThrow('has been marked for deletion')
  expect(() => certificates.cancelDeletion('sha1', THUMBPRINT)).toThrow('has been marked for deletion')
  seconds(1)
  expect(() => state()).toThrow('does not exist')
})

test('the deletion of a certificate that a pool refers to fails, and can be taken back or tried again', () => {
  const { engine, certificates, state, seconds } = open()
  engine.pools.add(poolBody('p', { certificateReferences: [reference] }))
  expect(() => certificates.cancelDeletion('sha1', THUMBPRINT)).toThrow('is in the active state')
  certificates.delete('sha1', THUMBPRINT)
  seconds(1)
  expect(certificates.get('sha1', THUMBPRINT)).toMatchObject({
    state: 'deletefailed',
    previousState: 'deleting',
    deleteCertificateError: { code: 'CertificateBeingUsed', values: [{ name: 'PoolId', value: 'p' }] },
  })
  certificates.cancelDeletion('sha1', THUMBPRINT)
  expect(certificates.get('sha1', THUMBPRINT)).not.toHaveProperty('deleteCertificateError')
  expect(state()).toBe('active')
  engine.pools.patch('p', { certificateReferences: [] })
  certificates.delete('sha1', THUMBPRINT)
  seconds(1)
  expect(() => state()).toThrow('does not exist')
})

test('a deletion waits for pools that are being deleted themselves', () => {
  const { engine, certificates, state, seconds } = open()
  engine.pools.add(poolBody('p', { certificateReferences: [reference] }))
  seconds(1)
  engine.pools.delete('p')
  certificates.delete('sha1', THUMBPRINT)
  expect(state()).toBe('deleting')
  seconds(1)
  expect(() => engine.pools.get('p')).toThrow('does not exist')
  expect(() => state()).toThrow('does not exist')
})

test('a pool can refer to certificates that are there and stay', () => {
  const { engine, certificates } = open()
  const pool = (thumbprint: string) =>
    poolBody('p', { certificateReferences: [{ ...reference, thumbprint, visibility: ['StartTask'] }] })
  expect(() => engine.pools.add(pool(OTHER))).toThrow('The specified certificate does not exist.')
  engine.pools.add(pool(THUMBPRINT.toUpperCase()))
  expect(engine.pools.get('p')).toMatchObject({
    certificateReferences: [{ ...reference, storeLocation: 'CurrentUser', visibility: ['starttask'] }],
  })
  certificates.add(pfxOf(OTHER))
  certificates.delete('sha1', OTHER)
  const change = { certificateReferences: [{ ...reference, thumbprint: OTHER }] }
  expect(() => engine.pools.patch('p', change)).toThrow('has been marked for deletion')
})

test('an emulator that is reset has no certificates', () => {
  const { engine, certificates } = open()
  engine.reset()
  expect(certificates.list().items).toEqual([])
})

import * as sdk from '@azure/storage-blob'
import { expect, test } from 'vitest'
import { capExpiry, createDelegationSigner, createKeySigner } from './sas.ts'

const DAY = 24 * 3600_000
const NOW = Date.parse('2026-01-01T00:00:00Z')
const KEY = Buffer.from('key').toString('base64')
const target = { container: 'input', permissions: ['list', 'read'], expiresOn: new Date(NOW + DAY) } as const

test('signs a container for reading and listing until the end, with no start', async () => {
  const sas = new URLSearchParams(await createKeySigner(sdk, 'acc', KEY, 'http://127.0.0.1:1/acc')(target))
  expect(Object.fromEntries(sas)).toMatchObject({ sr: 'c', sp: 'rl', se: '2026-01-02T00:00:00Z' })
  expect(sas.get('sig')).toBeTruthy()
  expect(sas.has('st')).toBe(false)
  expect(sas.has('spr')).toBe(false)
})

test('signs a blob for https only when the service is on https', async () => {
  const sign = createKeySigner(sdk, 'acc', KEY, 'https://acc.blob.core.windows.net')
  const sas = new URLSearchParams(await sign({ ...target, blob: 'a b', permissions: ['read'] }))
  expect(Object.fromEntries(sas)).toMatchObject({ sr: 'b', sp: 'r', spr: 'https' })
})

test('keeps the end of a SAS within the seven days of a delegation key', () => {
  expect(capExpiry(new Date(NOW + DAY), NOW)).toEqual(new Date(NOW + DAY))
  expect(capExpiry(new Date(NOW + 30 * DAY), NOW)).toEqual(new Date(NOW + 7 * DAY - 15 * 60_000))
})

type Lend = Parameters<typeof createDelegationSigner>[1]

function lender(): { lend: Lend; lent: [Date, Date][] } {
  const lent: [Date, Date][] = []
  const lend: Lend = async (signedStartsOn, signedExpiresOn) => {
    lent.push([signedStartsOn, signedExpiresOn])
    const user = { signedObjectId: 'o', signedTenantId: 't', signedService: 'b', signedVersion: '2020-02-10' }
    return { ...user, signedStartsOn, signedExpiresOn, value: KEY }
  }
  return { lend, lent }
}

test('lends a key for as long as the first SAS, and another one only for a longer SAS', async () => {
  const { lend, lent } = lender()
  const sign = createDelegationSigner(sdk, lend, 'acc', 'https://acc', () => NOW)
  const first = new URLSearchParams(await sign(target))
  expect(first.get('skoid')).toBe('o')
  expect(first.get('se')).toBe('2026-01-02T00:00:00Z')
  await Promise.all([sign(target), sign({ ...target, blob: 'x', permissions: ['read'] })])
  expect(lent).toEqual([[new Date(NOW - 15 * 60_000), new Date(NOW + DAY)]])
  await sign({ ...target, expiresOn: new Date(NOW + 2 * DAY) })
  expect(lent).toHaveLength(2)
})

test('asks for a key again after a refusal', async () => {
  const { lend, lent } = lender()
  let refuse = true
  const moody: Lend = (...args) => {
    if (!refuse) return lend(...args)
    refuse = false
    return Promise.reject(new Error('refused'))
  }
  const sign = createDelegationSigner(sdk, moody, 'acc', 'https://acc', () => NOW)
  await expect(sign(target)).rejects.toThrow('refused')
  await sign(target)
  expect(lent).toHaveLength(1)
})

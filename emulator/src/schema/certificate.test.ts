import type { BatchError } from '@malachite/model'
import { expect, test } from 'vitest'
import { CER, pfxOf, THUMBPRINT } from '../../../test/helpers/certificate.ts'
import { parseCertificate } from './certificate.ts'

function refusal(body: object): BatchError {
  try {
    parseCertificate(body)
  } catch (error) {
    return error as BatchError
  }
  throw new Error('it was accepted')
}

test('a certificate in DER or PEM keeps its public data', () => {
  const parsed = {
    thumbprint: THUMBPRINT,
    thumbprintAlgorithm: 'sha1',
    certificateFormat: 'cer',
    publicData: CER.data,
  }
  expect(parseCertificate(CER)).toEqual(parsed)
  const pem = `-----BEGIN CERTIFICATE-----\n${CER.data}\n-----END CERTIFICATE-----\n`
  expect(parseCertificate({ ...CER, data: Buffer.from(pem).toString('base64') })).toEqual(parsed)
})

test('the thumbprint may have blanks and capitals', () => {
  const thumbprint = THUMBPRINT.toUpperCase().replaceAll(/(..)/g, '$1 ')
  expect(parseCertificate({ ...CER, thumbprint }).thumbprint).toBe(THUMBPRINT)
})

test('of a PFX nothing but its name is kept', () => {
  expect(parseCertificate(pfxOf(THUMBPRINT))).toEqual({
    thumbprint: THUMBPRINT,
    thumbprintAlgorithm: 'sha1',
    certificateFormat: 'pfx',
    publicData: null,
  })
})

test.each([
  ['another thumbprint than its own', { ...CER, thumbprint: '0'.repeat(40) }, 'thumbprint'],
  ['a short thumbprint', { ...CER, thumbprint: 'ab' }, 'thumbprint'],
  ['another algorithm', { ...CER, thumbprintAlgorithm: 'md5' }, 'thumbprintAlgorithm'],
  ['data that is no base64', { ...CER, data: '%' }, 'data'],
  ['data that is no certificate', { ...CER, data: 'AAAA' }, 'data'],
  ['too much data', { ...CER, data: 'A'.repeat(20_000) }, 'data'],
  ['a password for a cer', { ...CER, password: 'x' }, 'password'],
])('a certificate with %s is refused', (_, body, member) => {
  const error = refusal(body)
  expect(error).toMatchObject({ code: 'InvalidPropertyValue', details: { PropertyName: member } })
})

test('a refusal repeats neither the data nor the password', () => {
  const error = refusal({ ...pfxOf('x'), password: 'secret of the pfx' })
  const others = [refusal({ ...CER, data: 'AAAA' }), refusal({ ...CER, password: 'secret of the pfx' })]
  expect(JSON.stringify([error, ...others].map(({ details }) => details))).not.toMatch(/AAAA|secret|MII/)
})

// Certificates: status, headers, key order and errors of every operation.

import { expect, test } from 'vitest'
import { CER, pfxOf, THUMBPRINT } from '../helpers/certificate.ts'
import { expectError, expectSuccess } from './expectations.ts'
import { items, must, openProtocol, poolOf, until } from './helpers.ts'

const { call, url } = await openProtocol()

const path = (thumbprint: string): string =>
  `/certificates(thumbprintAlgorithm=sha1,thumbprint=${thumbprint})`
const thumbprintOf = (digit: string): string => digit.repeat(40)
const addPfx = (digit: string) => must(call('POST /certificates', { json: pfxOf(thumbprintOf(digit)) }))

test('a new certificate is answered with its address, whose keys begin with capitals', async () => {
  const answer = await call('POST /certificates', { json: CER })
  expectSuccess(answer, 201, 'L D')
  const location = `${url}/certificates(ThumbprintAlgorithm=sha1,Thumbprint=${THUMBPRINT})`
  expect(answer.headers['location']).toBe(location)
  expectError(await call('POST /certificates', { json: CER }), 409, 'CertificateExists')
})

test('a certificate is answered with its public data and nothing else of it', async () => {
  const answer = await call(`GET ${path(THUMBPRINT.toUpperCase())}`)
  expectSuccess(answer, 200, 'J')
  expect(Object.keys(answer.json())).toEqual([
    'odata.metadata',
    'thumbprint',
    'thumbprintAlgorithm',
    'url',
    'state',
    'stateTransitionTime',
    'publicData',
  ])
  expect(answer.json()).toMatchObject({
    'odata.metadata': `${url}/$metadata#certificates/@Element`,
    url: `${url}${path(THUMBPRINT)}`,
    state: 'active',
    publicData: CER.data,
  })
})

test('the key and the password of a certificate are nowhere', async () => {
  const answer = await addPfx('a')
  const read = await call(`GET ${path(thumbprintOf('a'))}`)
  for (const { text, headers } of [answer, read])
    expect(text + JSON.stringify(headers)).not.toMatch(/secret|MIIKcAI/)
  expect(read.json()).not.toHaveProperty('publicData')
  const wrong = { ...pfxOf('x'), certificateFormat: 'cer' }
  const refused = await call('POST /certificates', { json: wrong })
  expectError(refused, 400, 'InvalidPropertyValue')
  expect(refused.text).not.toMatch(/secret|MIIKcAI/)
})

test('certificates are listed in pages, with $select and $filter', async () => {
  await addPfx('b')
  const answer = await call('GET /certificates?maxresults=1&$select=url,state')
  expectSuccess(answer, 200, 'J')
  expect(answer.json()['odata.metadata']).toBe(`${url}/$metadata#certificates`)
  expect(items(answer.json())).toEqual([{ url: `${url}${path(THUMBPRINT)}`, state: 'active' }])
  expect(answer.json()).toHaveProperty('odata.nextLink')
  expect(items((await call("GET /certificates?$filter=state eq 'deletefailed'")).json())).toEqual([])
  expectError(await call('GET /certificates?$select=data'), 400, 'InvalidQueryParameterValue')
})

test('a certificate that is deleted goes', async () => {
  await addPfx('c')
  expectSuccess(await call(`DELETE ${path(thumbprintOf('c'))}`), 202, '')
  await until(call, path(thumbprintOf('c')), (_, { status }) => status === 404)
  expectError(await call(`DELETE ${path(thumbprintOf('c'))}`), 404, 'CertificateNotFound')
  expectError(await call(`GET ${path(thumbprintOf('c'))}`), 404, 'CertificateNotFound')
})

test('a certificate that a pool refers to is not deleted, and its deletion can be taken back', async () => {
  await addPfx('d')
  const reference = { thumbprint: thumbprintOf('d'), thumbprintAlgorithm: 'sha1' }
  await must(call('POST /pools', { json: poolOf('p', { certificateReferences: [reference] }) }))
  const certificate = path(thumbprintOf('d'))
  expectError(await call(`POST ${certificate}/canceldelete`), 409, 'CertificateStateActive')
  expectSuccess(await call(`DELETE ${certificate}`), 202, '')
  const failed = await until(call, certificate, ({ state }) => state === 'deletefailed')
  expect(failed['deleteCertificateError']).toMatchObject({ values: [{ name: 'PoolId', value: 'p' }] })
  expectSuccess(await call(`POST ${certificate}/canceldelete`), 204, 'D')
  expect((await call(`GET ${certificate}`)).json()['state']).toBe('active')
  expect((await call('GET /pools/p')).json()['certificateReferences']).toEqual([
    { ...reference, storeLocation: 'CurrentUser' },
  ])
})

test('a pool that refers to an unknown certificate is refused', async () => {
  const reference = { thumbprint: thumbprintOf('9'), thumbprintAlgorithm: 'sha1' }
  const answer = await call('POST /pools', { json: poolOf('q', { certificateReferences: [reference] }) })
  expectError(answer, 404, 'CertificateNotFound')
})

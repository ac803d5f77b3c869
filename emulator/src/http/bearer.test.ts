import { expect, test } from 'vitest'
import { bearerToken, requireBearer } from './bearer.ts'

const NOW = Date.UTC(2024, 0, 2, 3, 4, 5)
const SECONDS = NOW / 1000
const TENANT = '3f2504e0-4f89-11d3-9a0c-0305e82c3301'
const CLAIMS = {
  aud: 'https://batch.core.windows.net/',
  iss: `https://sts.windows.net/${TENANT}/`,
  nbf: SECONDS - 60,
  exp: SECONDS + 3600,
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const tokenOf = (claims: object): string => `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.c2lnbmVk`

test.each([
  ['https://batch.core.windows.net/', `https://sts.windows.net/${TENANT}/`],
  ['https://batch.core.windows.net', `https://login.microsoftonline.com/${TENANT}/v2.0`],
  ['https://batch.core.usgovcloudapi.net/', `https://login.microsoftonline.us/${TENANT}/v2.0`],
  ['https://batch.chinacloudapi.cn/', `https://sts.chinacloudapi.cn/${TENANT}/`],
])('takes a token for %s from %s', (aud, iss) => {
  expect(() => requireBearer(tokenOf({ ...CLAIMS, aud, iss }), 'basic', NOW)).not.toThrow()
})

test.each([
  ['another service', { aud: 'https://management.azure.com/' }, /audience/],
  ['a service with such a name', { aud: 'https://batch.core.windows.net.evil.example/' }, /audience/],
  ['no audience', { aud: undefined }, /audience/],
  ['several audiences', { aud: ['https://batch.core.windows.net/'] }, /audience/],
  ['another issuer', { iss: `https://evil.example/${TENANT}/` }, /issuer/],
  ['an issuer without a tenant', { iss: 'https://sts.windows.net/common/' }, /issuer/],
  ['a time that is over', { exp: SECONDS - 301 }, /expired/],
  ['no end', { exp: undefined }, /when it expires/],
  ['an end in words', { exp: 'tomorrow' }, /when it expires/],
  ['a time to come', { nbf: SECONDS + 301 }, /not valid yet/],
  ['a start in words', { nbf: 'today' }, /starts at no time/],
])('a token for %s is answered with 401 and not repeated', (_, claims, detail) => {
  const token = tokenOf({ ...CLAIMS, ...claims })
  const error = caught(() => requireBearer(token, 'basic', NOW))
  expect(error).toMatchObject({
    code: 'AuthenticationFailed',
    status: 401,
    details: { AuthenticationErrorDetail: expect.stringMatching(detail) },
  })
  expect(JSON.stringify(error)).not.toContain(token)
})

test.each([{ exp: SECONDS - 299 }, { nbf: SECONDS + 299 }, { nbf: undefined }])(
  'clocks may differ by five minutes: %j',
  (claims) => {
    expect(() => requireBearer(tokenOf({ ...CLAIMS, ...claims }), 'basic', NOW)).not.toThrow()
  },
)

test.each([
  '',
  'abc',
  'a.b',
  'a.b.c',
  `${part({ alg: 'RS256' })}.${part(CLAIMS)}`,
  `${part({ alg: 'RS256' })}.${part(CLAIMS)}.`,
  `${part({ alg: 'RS256' })}.${part(CLAIMS)}.x.y`,
  `${part({ typ: 'JWT' })}.${part(CLAIMS)}.x`,
  `${part({ alg: 'RS256' })}.${part(null)}.x`,
  `${part({ alg: 'RS256' })}.${part('text')}.x`,
  `${part({ alg: 'RS256' })}.bm8ganNvbg.x`,
])('%j is no token', (token) => {
  expect(() => requireBearer(token, 'basic', NOW)).toThrow(
    expect.objectContaining({
      status: 401,
      details: { AuthenticationErrorDetail: expect.stringContaining('no JSON web token') },
    }),
  )
})

test('no token is taken when they are switched off', () => {
  expect(() => requireBearer(tokenOf(CLAIMS), 'none', NOW)).toThrow(
    expect.objectContaining({ code: 'AuthenticationFailed', status: 403 }),
  )
})

test.each([
  ['Bearer a.b.c', 'a.b.c'],
  ['bearer  a.b.c ', 'a.b.c'],
  ['SharedKey a:b', undefined],
  ['Bearer', undefined],
])('the token of %j is %j', (authorization, token) => {
  expect(bearerToken(authorization)).toBe(token)
})

function caught(act: () => void): unknown {
  try {
    act()
  } catch (error) {
    return error
  }
  return undefined
}

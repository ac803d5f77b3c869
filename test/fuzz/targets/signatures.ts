// Authorization headers, and everything that is signed with them.

import { createHmac } from 'node:crypto'
import { authenticate } from '../../../emulator/src/http/authentication.ts'
import { checkPreconditions } from '../../../emulator/src/http/preconditions.ts'
import { parseTarget } from '../../../emulator/src/http/target.ts'
import { defineTarget, expectThat, orRefused, type Target } from '../target.ts'
import { type Language, makeText, wordsOf } from '../texts.ts'

const KEY = Buffer.from('the key of this account').toString('base64')
const NOW = Date.UTC(2024, 0, 2, 3, 4, 5)
const DATE = 'Tue, 02 Jan 2024 03:04:05 GMT'
const GET = `GET\n\n\n\n\n\n\n\n\n\n\n\nocp-date:${DATE}\n/fuzz/pools\napi-version:2022-10-01.16.0`
const SIGNATURE = createHmac('sha256', Buffer.from(KEY, 'base64')).update(GET).digest('base64')
const TOKEN = [{ typ: 'JWT' }, { aud: 'https://batch.core.windows.net/', iss: 'x', exp: 4e9, nbf: 0 }]
  .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  .join('.')

const AUTHORIZATIONS: Language = {
  valid: [
    `SharedKey fuzz:${SIGNATURE}`,
    `Bearer ${TOKEN}.c2ln`,
    `sharedkey FUZZ:${SIGNATURE}`,
    'Bearer a.b.c',
  ],
  words: [
    'SharedKey',
    'Bearer',
    'Basic',
    ' ',
    ':',
    'fuzz',
    '__proto__',
    SIGNATURE,
    '=',
    'e30',
    '.',
    'W10',
    'bnVsbA',
    'eyJhdWQiOltdfQ',
  ],
}
const VALUES: Language = {
  valid: [
    DATE,
    '0',
    '0x8D0',
    '"0x8D0"',
    '*',
    '2024-01-02T03:04:05Z',
    'application/json; odata=minimalmetadata',
  ],
  words: ['Tue', ', ', '02 Jan 2024', 'GMT', ':', '99', '-1', '*', '"', 'W/', '%00', '1e9', 'NaN'],
}
const NAMES = wordsOf(`
  ocp-date date content-length content-type if-match if-none-match if-modified-since if-unmodified-since
  ocp-range ocp-x range`)

/** A request with an Authorization header. */
export function openSignatures(): Target {
  const rules = { accounts: () => new Map([['fuzz', [KEY]]]), oauth: 'basic' } as const
  const { path, query } = parseTarget('/pools?api-version=2022-10-01.16.0')
  return defineTarget({
    name: 'signatures',
    make(random) {
      const headers: Record<string, string> = { 'ocp-date': DATE }
      for (let more = random.int(4); more > 0; more--) headers[random.pick(NAMES)] = makeText(random, VALUES)
      return { authorization: makeText(random, AUTHORIZATIONS), headers }
    },
    check({ authorization, headers }) {
      const request = { method: 'GET', path, query, headers: { ...headers, authorization } }
      const account = orRefused(() => authenticate(request, rules, NOW))
      expectThat(
        account === undefined || isGenuine(authorization),
        'nobody is let in without a signature or a token',
      )
      orRefused(() =>
        checkPreconditions('GET', headers, { eTag: '0x8D0', lastModified: new Date(NOW).toISOString() }),
      )
    },
  })
}

/** The signature of the request is there as it is, or as other Base64 of the same bytes; or a token is. */
function isGenuine(authorization: string): boolean {
  const signature = authorization.slice(authorization.indexOf(':') + 1)
  return Buffer.from(signature, 'base64').toString('base64') === SIGNATURE || /^bearer/i.test(authorization)
}

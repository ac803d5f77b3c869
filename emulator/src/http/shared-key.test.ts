import { createHmac } from 'node:crypto'
import { DEVELOPMENT_ACCOUNT, DEVELOPMENT_KEY } from '@malachite/model'
import { expect, test } from 'vitest'
import { authenticate, type AuthenticationRules } from './authentication.ts'
import { parseTarget } from './target.ts'

const KEY = Buffer.from('a key of the account').toString('base64')
const OTHER_KEY = Buffer.from('its second key').toString('base64')
const ACCOUNTS = new Map([
  ['myaccount', [KEY, OTHER_KEY]],
  ['other', [Buffer.from('theirs').toString('base64')]],
  [DEVELOPMENT_ACCOUNT, [Buffer.from('replaced').toString('base64')]],
])
const RULES: AuthenticationRules = { accounts: () => ACCOUNTS, oauth: 'basic' }
const NOW = Date.UTC(2024, 0, 2, 3, 4, 5)
const DATE = 'Tue, 02 Jan 2024 03:04:05 GMT'

/** Checks a request whose client signed exactly `lines`. */
function check(
  method: string,
  url: string,
  headers: Record<string, string>,
  lines: string,
  { key = KEY, account = 'myaccount', now = NOW } = {},
): string {
  const signature = createHmac('sha256', Buffer.from(key, 'base64')).update(lines).digest('base64')
  const { path, query } = parseTarget(url)
  const authorization = `SharedKey ${account}:${signature}`
  return authenticate({ method, path, query, headers: { ...headers, authorization } }, RULES, now)
}

const PYTHON_GET = `GET\n\n\n\n\n\n\n\n\n\n\n\nocp-date:${DATE}\n/myaccount/pools\napi-version:2022-10-01.16.0`

test('accepts a GET as Python signs it', () => {
  const headers = { 'ocp-date': DATE, accept: 'application/json' }
  expect(check('GET', '/pools?api-version=2022-10-01.16.0', headers, PYTHON_GET)).toBe('myaccount')
})

test('accepts a POST as @azure/batch signs it, content type included', () => {
  const headers = {
    'ocp-date': DATE,
    'content-length': '13',
    'content-type': 'application/json; odata=minimalmetadata; charset=utf-8',
  }
  const lines =
    'POST\n\n\n13\n\napplication/json; odata=minimalmetadata; charset=utf-8\n\n\n\n\n\n\n' +
    `ocp-date:${DATE}\n/myaccount/jobs\napi-version:2022-10-01.16.0\ntimeout:30`
  expect(check('POST', '/jobs?timeout=30&api-version=2022-10-01.16.0', headers, lines)).toBe('myaccount')
})

test.each([
  ['0', ''],
  ['0', '0'],
  [undefined, ''],
  [undefined, '0'],
])('accepts a body-less DELETE with length %j on the wire signed as %j', (wire, signed) => {
  const headers = { 'ocp-date': DATE, ...(wire && { 'content-length': wire }) }
  const lines = `DELETE\n\n\n${signed}\n\n\n\n\n\n\n\n\nocp-date:${DATE}\n/myaccount/jobs/j\napi-version:x`
  expect(check('DELETE', '/jobs/j?api-version=x', headers, lines)).toBe('myaccount')
})

test('the length of a real body is signed as it is', () => {
  const lines = `PUT\n\n\n0\n\n\n\n\n\n\n\n\nocp-date:${DATE}\n/myaccount/jobs/j`
  expect(() => check('PUT', '/jobs/j', { 'ocp-date': DATE, 'content-length': '2' }, lines)).toThrow(
    expect.objectContaining({ code: 'AuthenticationFailed' }),
  )
})

test('signs the encoded path and the decoded query', () => {
  const headers = { 'ocp-date': DATE, 'ocp-range': 'bytes=1-2' }
  const lines =
    `GET\n\n\n\n\n\n\n\n\n\n\n\nocp-date:${DATE}\nocp-range:bytes=1-2\n` +
    "/myaccount/jobs/j/tasks/t/files/wd%2Fa.txt\n$filter:startswith(id,'a b')\napi-version:x"
  const url = '/jobs/j/tasks/t/files/wd%2Fa.txt?api-version=x&%24filter=startswith%28id%2C%27a+b%27%29'
  expect(check('GET', url, headers, lines)).toBe('myaccount')
})

test('signs the conditional headers in their order', () => {
  const headers = {
    'ocp-date': DATE,
    'if-match': 'M',
    'if-none-match': 'N',
    'if-modified-since': 'S',
    'if-unmodified-since': 'U',
    range: 'R',
  }
  const lines = `HEAD\n\n\n\n\n\n\nS\nM\nN\nU\nR\nocp-date:${DATE}\n/myaccount/pools/p`
  expect(check('HEAD', '/pools/p', headers, lines)).toBe('myaccount')
})

test('accepts Java: account and parameter names in lower case, an empty Date beside ocp-date', () => {
  const headers = { 'ocp-date': DATE, date: DATE }
  const lines = `GET\n\n\n\n\n\n\n\n\n\n\n\nocp-date:${DATE}\n/myaccount/pools\napi-version:x`
  expect(check('GET', '/pools?Api-Version=x', headers, lines, { account: 'MyAccount' })).toBe('myaccount')
})

test('accepts Date alone', () => {
  expect(check('GET', '/pools', { date: DATE }, `GET\n\n\n\n\n\n${DATE}\n\n\n\n\n\n/myaccount/pools`)).toBe(
    'myaccount',
  )
})

test.each(['', '\ntimeout:'])('accepts a parameter without a value signed as %j', (signed) => {
  const lines = `GET\n\n\n\n\n\n\n\n\n\n\n\nocp-date:${DATE}\n/myaccount/pools\napi-version:x${signed}`
  expect(check('GET', '/pools?api-version=x&timeout=', { 'ocp-date': DATE }, lines)).toBe('myaccount')
})

test('accepts the second key', () => {
  const url = '/pools?api-version=2022-10-01.16.0'
  expect(check('GET', url, { 'ocp-date': DATE }, PYTHON_GET, { key: OTHER_KEY })).toBe('myaccount')
})

test('answers a wrong key with the string that was signed here', () => {
  const key = Buffer.from('wrong').toString('base64')
  const url = '/pools?api-version=2022-10-01.16.0'
  const detail = expect.stringContaining(PYTHON_GET.replaceAll('\n', '\\n'))
  expect(() => check('GET', url, { 'ocp-date': DATE }, PYTHON_GET, { key })).toThrow(
    expect.objectContaining({
      code: 'AuthenticationFailed',
      status: 403,
      details: { AuthenticationErrorDetail: detail, Hint: expect.stringContaining('malachite env') },
    }),
  )
})

test.each([
  ['the key of another account', 'myaccount', Buffer.from('theirs').toString('base64'), /account other: /],
  ['the key of another account, as that', 'other', KEY, /account myaccount: /],
  ['the published key', 'myaccount', DEVELOPMENT_KEY, /account devbatchaccount1: /],
  [
    'the published key after it was replaced',
    DEVELOPMENT_ACCOUNT,
    DEVELOPMENT_KEY,
    /published.*MALACHITE_ACCOUNTS/,
  ],
])('a hint recognizes %s', (_, account, key, hint) => {
  const lines = PYTHON_GET.replace('myaccount', account)
  const url = '/pools?api-version=2022-10-01.16.0'
  expect(() => check('GET', url, { 'ocp-date': DATE }, lines, { account, key })).toThrow(
    expect.objectContaining({ details: expect.objectContaining({ Hint: expect.stringMatching(hint) }) }),
  )
})

test('a clock may be 15 minutes off, and not a millisecond more', () => {
  const act = (off: number) => () =>
    check('GET', '/pools?api-version=2022-10-01.16.0', { 'ocp-date': DATE }, PYTHON_GET, { now: NOW + off })
  const minutes = 15 * 60_000
  expect([minutes, -minutes].map((off) => act(off)())).toEqual(['myaccount', 'myaccount'])
  for (const off of [minutes + 1, -minutes - 1])
    expect(act(off)).toThrow(expect.objectContaining({ code: 'AuthenticationFailed' }))
})

test.each([
  [{}, 'neither an ocp-date nor a Date'],
  [{ 'ocp-date': 'yesterday' }, "The date 'yesterday'"],
])('refuses the dates of %j', (headers, text) => {
  const details = { AuthenticationErrorDetail: expect.stringContaining(text), Hint: expect.any(String) }
  expect(() => check('GET', '/pools', headers, '')).toThrow(expect.objectContaining({ details }))
})

test('names an account that it does not know', () => {
  expect(() => check('GET', '/pools', { 'ocp-date': DATE }, '', { account: 'nobody' })).toThrow(
    expect.objectContaining({
      details: {
        AuthenticationErrorDetail:
          'Cannot find the claimed account when trying to GetProperties for the account nobody.',
        Hint: expect.stringContaining('devbatchaccount1'),
      },
    }),
  )
})

test.each([
  [undefined, 'MissingRequiredHeader'],
  ['SharedKey nonsense', 'InvalidAuthenticationInfo'],
  ['Basic abc', 'InvalidAuthenticationInfo'],
  ['Bearer abc.def.ghi', 'AuthenticationFailed'],
])('answers the Authorization header %j with %s', (authorization, code) => {
  const request = { method: 'GET', path: '/pools', query: new Map(), headers: { authorization } }
  expect(() => authenticate(request, RULES, NOW)).toThrow(expect.objectContaining({ code }))
})

import { expect, test } from 'vitest'
import { parseConnectionString } from './connection-string.ts'
import { isLoopback, parseEndpoint } from './endpoint.ts'

test('reads what az prints', () => {
  const text =
    'DefaultEndpointsProtocol=https;EndpointSuffix=core.windows.net;AccountName=st;AccountKey=a2V5PT0=='
  const url = 'https://st.blob.core.windows.net'
  expect(parseConnectionString(text)).toEqual({ account: 'st', key: 'a2V5PT0==', url })
})

test('prefers the address that is given', () => {
  const text = 'AccountName=st;AccountKey=k;BlobEndpoint=http://127.0.0.1:10000/st/;'
  expect(parseConnectionString(text).url).toBe('http://127.0.0.1:10000/st')
})

test('knows the development account', () => {
  expect(parseConnectionString('UseDevelopmentStorage=true')).toMatchObject({
    account: 'devstoreaccount1',
    url: 'http://127.0.0.1:10000/devstoreaccount1',
  })
})

test.each([
  '',
  'nonsense',
  'AccountName=st',
  'AccountKey=s3cr3t',
  'AccountName=a;AccountKey=s3cr3t;BlobEndpoint=x',
])('refuses %j without repeating the key', (text) => {
  expect(() => parseConnectionString(text)).toThrow(
    expect.objectContaining({ code: 'ConfigurationError', message: expect.not.stringContaining('s3cr3t') }),
  )
})

test('completes and trims an endpoint', () => {
  expect(parseEndpoint('acc.region.batch.azure.com')).toBe('https://acc.region.batch.azure.com')
  expect(parseEndpoint('http://127.0.0.1:10003/')).toBe('http://127.0.0.1:10003')
  expect(parseEndpoint('ftp://x')).toBeUndefined()
  expect(parseEndpoint('http://')).toBeUndefined()
})

test('tells this machine from others', () => {
  const here = ['http://127.0.0.1:1', 'http://localhost:1/a', 'http://[::1]:1', 'http://a.localhost']
  expect(here.filter(isLoopback)).toEqual(here)
  const others = ['https://a.batch.azure.com', 'http://127.example.com', 'http://10.0.0.1', 'x']
  expect(others.filter(isLoopback)).toEqual([])
})

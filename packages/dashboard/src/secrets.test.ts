import { expect, test } from 'vitest'
import { hideSecrets } from './secrets.ts'

const SIGNATURE = 'q0Fz%2BabcDEF0123456789%2Fxyz%3D'

test.each([
  ['an address', `https://a.blob.core.windows.net/c/f?sv=2024&sig=${SIGNATURE}&se=2026`],
  ['a command line', `node task.js --sastoken \\"sv=2024&se=2026&sig=${SIGNATURE}\\"`],
  ['an escaped ampersand', `sv=2024\\u0026sig=${SIGNATURE}\\u0026se=2026`],
])('leaves the signature of a SAS out of %s, and nothing else', (_, text) => {
  const shown = hideSecrets(text)
  expect(shown).toBe(text.replace(SIGNATURE, '***'))
})

test('leaves the key out of a connection string', () => {
  const key = `${'k'.repeat(86)}==`
  expect(hideSecrets(`AccountName=a;AccountKey=${key};BlobEndpoint=http://x`)).toBe(
    'AccountName=a;AccountKey=***;BlobEndpoint=http://x',
  )
})

test('leaves other texts as they are, and JSON stays JSON', () => {
  const json = JSON.stringify({
    id: 'design=aaaaaaaaaaaaaaaaaaaaaaa',
    commandLine: 'run --sig=short',
    name: 'sig',
  })
  expect(hideSecrets(json)).toBe(json)
  const task = { httpUrl: `https://a/c?sig=${SIGNATURE}` }
  expect(JSON.parse(hideSecrets(JSON.stringify(task)))).toEqual({ httpUrl: 'https://a/c?sig=***' })
})

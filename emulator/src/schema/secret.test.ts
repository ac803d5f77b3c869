import { format, inspect } from 'node:util'
import { expect, test } from 'vitest'
import { createSecret, isSecret } from './secret.ts'

test('a secret is told to whoever asks for it, and in no other way', () => {
  const secret = createSecret('hunter2')
  const body = { username: 'u', password: secret }
  expect(secret.reveal()).toBe('hunter2')
  expect(JSON.stringify(body)).toBe('{"username":"u"}')
  expect([inspect(body), format('%s %o', secret, body), String(secret)].join()).not.toContain('hunter2')
})

test('no object of a body can pass for one', () => {
  expect(isSecret(createSecret('x'))).toBe(true)
  expect(isSecret({ reveal: () => 'x', toJSON: () => undefined })).toBe(false)
  expect(isSecret(null)).toBe(false)
})

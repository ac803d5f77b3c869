// Secrets in bodies: there for whoever asks, and in nothing that is written down. Bodies are stored, answered and logged
// as JSON, and none of these can have them by mistake.

import { inspect } from 'node:util'

/** A text that JSON leaves out and that printing does not show. */
export interface Secret {
  reveal(): string
  toJSON(): undefined
  /** Says that it is one. */
  toString(): string
}

/** Hides a text. */
export function createSecret(text: string): Secret {
  const secret = {
    reveal: () => text,
    toJSON: () => undefined,
    toString: () => MASK,
    [inspect.custom]: () => MASK,
  }
  return (SECRETS.add(secret), secret)
}

/** Whether a value of a body is a secret. */
export function isSecret(value: unknown): value is Secret {
  return typeof value === 'object' && value !== null && SECRETS.has(value)
}

const MASK = '(secret)'
const SECRETS = new WeakSet<object>()

// What the scripts share: the SDK under test, its client, waiting, and errors as a caller sees them. The SDK's oldest
// release and its newest differ in what they offer; the types are those of the newest.

import { createRequire } from 'node:module'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'

type Sdk = typeof import('@azure/batch')

/** A client of the SDK that is installed beside `BATCH_SDK`, a path. */
export function createClient(key = variable('BATCH_KEY')): InstanceType<Sdk['BatchServiceClient']> {
  const sdk = createRequire(variable('BATCH_SDK'))('@azure/batch') as Sdk
  const credentials = new sdk.BatchSharedKeyCredentials(variable('BATCH_ACCOUNT'), key)
  return new sdk.BatchServiceClient(credentials, variable('BATCH_URL'))
}

/** A variable of the environment; throws if it is not set. */
export function variable(name: string): string {
  const value = process.env[name]
  if (value === undefined) throw new Error(`${name} is not set`)
  return value
}

/** Resolves when `isSo` does to true; rejects after a minute. */
export async function waitUntil(isSo: () => Promise<boolean>, what: string): Promise<void> {
  for (let tries = 0; !(await isSo()); tries++) {
    if (tries === 1200) throw new Error(`waited for ${what}`)
    await sleep(50)
  }
}

/** Status, code and first line of the message of the error that the operation ends with. */
export async function describeError(operation: Promise<unknown>): Promise<unknown> {
  try {
    await operation
  } catch (error) {
    const { statusCode, code, body } = error as RestFailure
    return [statusCode, code ?? null, body?.message?.value.split('\n')[0] ?? null]
  }
  throw new Error('no error')
}

interface RestFailure {
  statusCode?: number
  code?: string
  body?: { message?: { value: string } }
}

/** The text of a file that an operation answered with. */
export async function contentOf(answer: {
  readableStreamBody?: NodeJS.ReadableStream | undefined
}): Promise<string> {
  if (!answer.readableStreamBody) throw new Error('an answer without a stream')
  return await text(answer.readableStreamBody)
}

// Tokens that the service gives to tasks which ask for access to their job: signed by a key of this process, so that
// they end with it, as the tasks do.

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { BatchError } from '@malachite/model'
import { decodePart } from './target.ts'

/** Issues tokens and knows them again. */
export interface JobTokens {
  /** A token for all operations on a job and what is in it. */
  issue(this: void, jobId: string): string
  /** The job that a token is for; `undefined` for a token of another kind. */
  jobOf(this: void, token: string): string | undefined
}

const HEADER = encode({ alg: 'HS256', typ: 'JWT' })

/** The tokens of one run of the emulator. */
export function createJobTokens(key: Buffer = randomBytes(32)): JobTokens {
  const sign = (text: string): Buffer => createHmac('sha256', key).update(text).digest()
  return {
    issue(jobId) {
      const text = `${HEADER}.${encode({ job: jobId })}`
      return `${text}.${sign(text).toString('base64url')}`
    },
    jobOf(token) {
      const [header, payload = '', signature = ''] = token.split('.')
      const given = Buffer.from(signature, 'base64url')
      const ours = sign(`${header}.${payload}`)
      if (given.length !== ours.length || !timingSafeEqual(given, ours)) return undefined
      // We signed it, so it is what we wrote.
      return (JSON.parse(Buffer.from(payload, 'base64url').toString()) as { job: string }).job
    },
  }
}

/** Refuses what is outside of `/jobs/{jobId}`. `Forbidden` */
export function requireOfJob(path: string, jobId: string): void {
  const [, resource, id = ''] = path.split('/')
  if (resource === 'jobs' && decodePart(id).toLowerCase() === jobId.toLowerCase()) return
  throw new BatchError('Forbidden', {
    AuthenticationErrorDetail: 'The token of a task is for operations on its own job only.',
  })
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}

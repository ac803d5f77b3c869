// The emulator that an endpoints file names: whether it still runs.

import { isBatchError } from '@malachite/model'
import { readEndpoints, type Endpoints } from './endpoints.ts'

/** The endpoints of an emulator that serves; another process may have got the number of one that was killed. */
export async function findRunning(file: string): Promise<Endpoints | undefined> {
  const endpoints = await readEndpointsIfThere(file)
  if (!endpoints || !isAlive(endpoints.pid)) return undefined
  return (await isServing(endpoints.batch.url)) ? endpoints : undefined
}

/** The endpoints of the file; undefined when there is none. */
export async function readEndpointsIfThere(file: string): Promise<Endpoints | undefined> {
  try {
    return await readEndpoints(file)
  } catch (error) {
    const { code } = (error instanceof Error ? (error.cause ?? {}) : {}) as NodeJS.ErrnoException
    if (isBatchError(error, 'ConfigurationError') && code === 'ENOENT') return undefined
    throw error
  }
}

/** Whether there is a process of this number that is this user's. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (code === 'ESRCH' || code === 'EPERM') return false // EPERM: somebody else's process has got its number
    throw error
  }
}

const ANSWER_MS = 5000

/** Whatever it answers: with a certificate of its own it is no less there. */
async function isServing(url: string): Promise<boolean> {
  if (url.startsWith('https:')) return true
  try {
    const answer = await fetch(`${url}/_malachite/health/live`, { signal: AbortSignal.timeout(ANSWER_MS) })
    return answer.ok
  } catch {
    return false
  }
}

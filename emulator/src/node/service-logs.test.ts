// The log of a node, uploaded to a container.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@malachite/model'
import { expect, onTestFinished, test } from 'vitest'
import { openBlobContainer } from '../testing/blob-container.ts'
import { createAgentLogs } from './agent-log.ts'
import { uploadServiceLogs } from './service-logs.ts'

/** A node that has booted, and a container; `refusal` is the status and code with which it refuses uploads. */
async function openLogs(refusal?: [status: number, code: string]) {
  const container = await openBlobContainer(refusal)
  const root = mkdtempSync(join(tmpdir(), 'service-logs-'))
  const logs = createAgentLogs({ root, clock: systemClock, onError: () => {} })
  onTestFinished(async () => {
    container.close()
    await logs.close()
    rmSync(root, { recursive: true })
  })
  logs.write('n', 'booted')
  const upload = (from = 0, to = Infinity) =>
    uploadServiceLogs(logs, 'n', { containerUrl: container.url, directory: 'a-1/p/n/r', from, to })
  return { blobs: container.blobs, upload }
}

test('the log goes to the directory that was asked for', async () => {
  const { blobs, upload } = await openLogs()
  expect(await upload()).toBe(1)
  const [[name = '', content = ''] = []] = blobs
  expect(name).toMatch(/^\/account\/box\/a-1\/p\/n\/r\/agent\.[\dTZ.-]+\.log$/)
  expect(content).toMatch(/^\S+Z booted\n$/)
})

test('no log is of that time: nothing is uploaded', async () => {
  const { blobs, upload } = await openLogs()
  expect(await upload(0, 1)).toBe(0)
  expect(blobs.size).toBe(0)
})

test.each([
  [403, 'AuthorizationFailure'],
  [404, 'ContainerNotFound'],
] as const)(
  'a container that answers %i is the fault of its URL, which is not repeated',
  async (status, code) => {
    const { upload } = await openLogs([status, code])
    const error = await upload().catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      code: 'InvalidPropertyValue',
      details: {
        PropertyName: 'containerUrl',
        Reason: `The logs could not be uploaded to the container: ${code}.`,
      },
    })
    expect(JSON.stringify(error)).not.toContain('SECRET')
  },
)

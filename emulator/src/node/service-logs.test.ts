// The log of a node, uploaded to a small server in this process that keeps what is put there.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { systemClock } from '@malachite/model'
import { expect, onTestFinished, test } from 'vitest'
import { createAgentLogs } from './agent-log.ts'
import { uploadServiceLogs } from './service-logs.ts'

/** A container; `refusal` is the status and code with which it refuses uploads. */
async function openContainer(refusal?: [status: number, code: string]) {
  const blobs = new Map<string, string>()
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<unknown> => {
    const content = await text(request)
    if (refusal)
      return response
        .writeHead(refusal[0], { 'content-type': 'application/xml' })
        .end(`<Error><Code>${refusal[1]}</Code></Error>`)
    blobs.set(decodeURIComponent(new URL(request.url ?? '', 'http://x').pathname), content)
    return response.writeHead(201).end()
  }
  const server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const root = mkdtempSync(join(tmpdir(), 'service-logs-'))
  const logs = createAgentLogs({ root, clock: systemClock, onError: () => {} })
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
    await logs.close()
    rmSync(root, { recursive: true })
  })
  const containerUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/account/box?sig=SECRET`
  logs.write('n', 'booted')
  const upload = (from = 0, to = Infinity) =>
    uploadServiceLogs(logs, 'n', { containerUrl, directory: 'a-1/p/n/r', from, to })
  return { blobs, upload }
}

test('the log goes to the directory that was asked for', async () => {
  const { blobs, upload } = await openContainer()
  expect(await upload()).toBe(1)
  const [[name = '', content = ''] = []] = blobs
  expect(name).toMatch(/^\/account\/box\/a-1\/p\/n\/r\/agent\.[\dTZ.-]+\.log$/)
  expect(content).toMatch(/^\S+Z booted\n$/)
})

test('no log is of that time: nothing is uploaded', async () => {
  const { blobs, upload } = await openContainer()
  expect(await upload(0, 1)).toBe(0)
  expect(blobs.size).toBe(0)
})

test.each([
  [403, 'AuthorizationFailure'],
  [404, 'ContainerNotFound'],
] as const)(
  'a container that answers %i is the fault of its URL, which is not repeated',
  async (status, code) => {
    const { upload } = await openContainer([status, code])
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

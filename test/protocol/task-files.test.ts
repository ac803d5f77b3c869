// Resource files of every kind of task, output files of those that may have them, with real processes.

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, expect, test } from 'vitest'
import { openBlobContainer } from '../../emulator/src/testing/blob-container.ts'
import { expectError } from './expectations.ts'
import { addPoolWithNodes, jobOf, must, openProtocol, poolOf, until, type Json } from './helpers.ts'

const { call } = await openProtocol()
const server = createServer((_, response) => response.end('fetched')).listen(0, '127.0.0.1')
await once(server, 'listening')
const container = await openBlobContainer()
afterAll(() => {
  server.close()
  container.close()
})

const httpUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/file`
/** A command that leaves its resource file under its name in the directory that all tasks of the node share. */
const keeper = (name: string) => ({
  commandLine: `sh -c 'cp in/file $AZ_BATCH_NODE_SHARED_DIR/${name}'`,
  resourceFiles: [{ httpUrl, filePath: 'in/file' }],
})
const outputFiles = [
  { filePattern: '**/file', destination: { container: { containerUrl: container.url } }, uploadOptions: {} },
]

test('start, preparation, release, job manager and other tasks get their resource files', async () => {
  const startTask = { ...keeper('start'), waitForSuccess: true }
  const [nodeId] = await addPoolWithNodes(call, 'p', 1, { startTask })
  const json = jobOf('j', 'p', {
    jobManagerTask: { id: 'manager', ...keeper('manager'), killJobOnCompletion: true, outputFiles },
    jobPreparationTask: keeper('preparation'),
    jobReleaseTask: keeper('release'),
  })
  await must(call('POST /jobs', { json }))
  await until(call, '/jobs/j', (job) => job['state'] === 'completed')
  for (const name of ['start', 'preparation', 'release', 'manager']) {
    const { text } = await must(call(`GET /pools/p/nodes/${nodeId}/files/shared/${name}`))
    expect(text).toBe('fetched')
  }
  expect(Object.fromEntries(container.blobs)).toEqual({ '/account/box/in/file': 'fetched' })
})

test.each<[string, string, Json]>([
  ['a start task', 'pools', { ...poolOf('q'), startTask: { commandLine: 'x', outputFiles } }],
  ['a preparation task', 'jobs', { ...jobOf('k'), jobPreparationTask: { commandLine: 'x', outputFiles } }],
  [
    'a release task',
    'jobs',
    {
      ...jobOf('k'),
      jobPreparationTask: { commandLine: 'x' },
      jobReleaseTask: { commandLine: 'x', outputFiles },
    },
  ],
])('%s has no output files', async (_, path, json) => {
  const answer = await call(`POST /${path}`, { json })
  expectError(answer, 400, 'UnsupportedProperty')
  expect(answer.json()['values']).toContainEqual({ key: 'PropertyName', value: 'outputFiles' })
})

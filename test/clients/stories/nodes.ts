// Nodes: users, remote settings, restarts, extensions and files.

import { expect } from 'vitest'
import { addIdlePool, contentOf, refusal, until, type Stage } from '../recorder.ts'

const POOL = 'nodes'

/** Every operation of nodes. */
export async function nodes(stage: Stage): Promise<void> {
  const { client } = stage
  const operations = client.computeNode
  const [id = ''] = await addIdlePool(stage, POOL)
  const idle = () =>
    until(
      () => operations.get(POOL, id),
      ({ state }) => state === 'idle',
    )

  await users(stage, id)
  await operations.disableScheduling(POOL, id)
  expect(await operations.get(POOL, id)).toMatchObject({ schedulingState: 'disabled', state: 'offline' })
  await operations.enableScheduling(POOL, id)
  expect(await refusal(operations.enableScheduling(POOL, id))).toEqual([
    409,
    'NodeAlreadyInTargetSchedulingState',
  ])

  const { remoteLoginIPAddress, remoteLoginPort } = await operations.getRemoteLoginSettings(POOL, id)
  expect([typeof remoteLoginIPAddress, remoteLoginPort]).toEqual(['string', 50000])
  const desktop = await operations.getRemoteDesktop(POOL, id)
  expect(await contentOf(desktop)).toMatch(/^full address:s:/)

  const containerUrl = await stage.createContainer('logs')
  const uploaded = await operations.uploadBatchServiceLogs(POOL, id, { containerUrl, startTime: new Date(0) })
  const blobs = await stage.listBlobs('logs')
  expect(blobs.length).toBe(uploaded.numberOfFilesUploaded)
  expect(blobs.every((name) => name.startsWith(uploaded.virtualDirectoryName))).toBe(true)

  expect(await client.computeNodeExtension.list(POOL, id)).toHaveLength(0)
  expect(await refusal(client.computeNodeExtension.get(POOL, id, 'none'))).toEqual([404, expect.any(String)])

  await operations.reboot(POOL, id)
  expect((await idle()).lastBootTime).toBeInstanceOf(Date)
  await operations.reimage(POOL, id)
  expect(await idle()).toMatchObject({ isDedicated: true, vmSize: 'standard_d2s_v3' })
  await files(stage, id)
}

async function users({ client: { computeNode } }: Stage, id: string): Promise<void> {
  await computeNode.addUser(POOL, id, { name: 'guest', password: 'Secret-1', isAdmin: true })
  expect(await refusal(computeNode.addUser(POOL, id, { name: 'Guest' }))).toEqual([409, 'NodeUserExists'])
  await computeNode.updateUser(POOL, id, 'guest', { expiryTime: new Date(Date.now() + 3_600_000) })
  await computeNode.deleteUser(POOL, id, 'guest')
  expect(await refusal(computeNode.deleteUser(POOL, id, 'guest'))).toEqual([404, 'NodeUserNotFound'])
}

async function files({ client, emulator }: Stage, id: string): Promise<void> {
  await client.job.add({ id: 'files', poolInfo: { poolId: POOL } })
  const commandLine = "/bin/sh -c 'echo shared >$AZ_BATCH_NODE_SHARED_DIR/note.txt'"
  await client.task.add('files', { id: 'write', commandLine })
  await until(
    () => client.task.get('files', 'write'),
    ({ state }) => state === 'completed',
  )
  const { file } = client
  const listed = await file.listFromComputeNode(POOL, id, { recursive: false })
  expect(listed.map(({ name }) => name)).toEqual(expect.arrayContaining(['shared', 'startup', 'workitems']))
  expect(listed[0]?.url?.startsWith(emulator.batch.url)).toBe(true)
  expect(await contentOf(await file.getFromComputeNode(POOL, id, 'shared/note.txt'))).toBe('shared\n')
  const properties = await file.getPropertiesFromComputeNode(POOL, id, 'shared/note.txt')
  expect(properties.contentLength).toBe('shared\n'.length)
  await file.deleteFromComputeNode(POOL, id, 'shared/note.txt')
  expect(await refusal(file.getFromComputeNode(POOL, id, 'shared/note.txt'))).toEqual([404, undefined])
}

// A task never runs twice at once, shown with a process that does not want to end.

import { existsSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { addPoolWithNodes, jobOf, must, openProtocol, taskOf, until } from './helpers.ts'

const { call } = await openProtocol()

test('a task that is requeued starts on another node only when its process is gone', async () => {
  // Both nodes are this machine, so a try can see whether the one before it still runs.
  const file = join(tmpdir(), `malachite-run-once-${process.pid}`)
  onTestFinished(() => rmSync(file, { force: true }))
  const script = [
    `if [ -e ${file} ]; then kill -0 $(cat ${file}) && exit 9; exit 0; fi`,
    `trap : TERM`,
    `echo $$ > ${file}`,
    'while true; do sleep 0.1; done',
  ]
  await addPoolWithNodes(call, 'p', 2)
  await must(call('POST /jobs', { json: jobOf('j', 'p') }))
  await must(call('POST /jobs/j/tasks', { json: taskOf('t', `sh -c '${script.join('; ')}'`) }))
  await vi.waitUntil(() => existsSync(file), { timeout: 10_000 })
  const { nodeInfo } = (await call('GET /jobs/j/tasks/t')).json<{ nodeInfo: { nodeId: string } }>()
  await must(call(`POST /pools/p/nodes/${nodeInfo.nodeId}/disablescheduling`))
  expect((await call('GET /jobs/j/tasks/t')).json()).toMatchObject({ state: 'active' })
  const ended = await until(call, '/jobs/j/tasks/t', (task) => task['state'] === 'completed')
  expect(ended).toMatchObject({ executionInfo: { exitCode: 0, requeueCount: 1 } })
  expect(ended['nodeInfo']).not.toMatchObject({ nodeId: nodeInfo.nodeId })
})

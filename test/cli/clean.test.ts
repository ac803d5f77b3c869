// What runs have left behind is found by its mark, and nothing else is touched.

import { expect, test } from 'vitest'
import { jobBody } from '../helpers/virtual-engine.ts'
import { useEmulator } from './shared-emulator.ts'

const emulator = useEmulator()
const { run } = emulator

const MARK = { metadata: [{ name: 'malachite-run', value: 'run-1' }] }

const ids = () => [
  ...emulator
    .engine()
    .jobs.list()
    .items.map(({ id }) => id),
  ...emulator
    .engine()
    .pools.list()
    .items.map(({ id }) => id),
]

test('leftovers are listed with what they cost, and deleted when that is meant', async () => {
  await emulator.pool('mine')
  await emulator.pool('left', MARK)
  emulator.engine().jobs.add(jobBody('left-job', 'left', MARK))
  emulator.engine().jobs.add(jobBody('my-job', 'mine', { metadata: [{ name: 'other', value: 'run-1' }] }))

  const young = await run('clean')
  expect(young).toEqual({ stdout: 'Runs have left nothing behind.', stderr: '', exitCode: 0 })
  const listed = await run('clean --older-than 1ms --dry-run')
  expect(listed.stdout).toMatch(
    /^kind +id +state [^]*\njob +left-job +active [^]*\npool +left +active .* 1 +0(\.\d+)? +run-1\n/,
  )
  expect(listed.stdout).toMatch(/2 left behind, 0\.\d\d node-hours so far\.$/)
  expect(listed.stdout).not.toMatch(/my-job|mine/)
  const unasked = await run('clean --older-than 1ms')
  expect(unasked.stderr).toBe(
    'Nothing was deleted: there is no terminal to ask on. Add --yes to delete them.',
  )
  expect(unasked.exitCode).toBe(0)
  expect(ids()).toEqual(expect.arrayContaining(['left-job', 'my-job', 'left', 'mine']))

  const deleted = await run('clean --older-than 1ms --yes -o json')
  expect(JSON.parse(deleted.stdout)).toMatchObject({
    leftovers: [
      { kind: 'job', id: 'left-job', run: 'run-1', state: 'active', nodes: 0, nodeHours: 0 },
      { kind: 'pool', id: 'left', run: 'run-1', state: 'active', nodes: 1 },
    ],
    deleted: ['left-job', 'left'],
  })
  await expect.poll(ids).toEqual(['my-job', 'mine'])
})

import { expect, test } from 'vitest'
import { judgeClock } from './account.ts'
import { diagnoseDisk, diagnoseNode, diagnoseShell, judgeDisk } from './machine.ts'

test.each([
  [10, 'ok'],
  [1, 'warning'],
  [0.1, 'problem'],
] as const)('%d GiB of disk are %s', (gib, level) => {
  expect(judgeDisk('/tmp', gib)).toMatchObject({ level, says: `${gib.toFixed(1)} GiB free in /tmp` })
})

test.each([
  [0, 'ok', 'as that of the service'],
  [-59_000, 'ok', 'as that of the service'],
  [120_000, 'warning', 'this machine is 120 s behind the service'],
  [-16 * 60_000, 'problem', 'this machine is 960 s ahead of the service'],
] as const)('a clock that is %d ms off is %s', (skew, level, says) => {
  expect(judgeClock(skew)).toMatchObject({ level, says })
})

test('an old Node, a missing directory and a missing bash are found with what to do', async () => {
  expect(await diagnoseNode('22.1.0')).toMatchObject([{ level: 'problem' }])
  expect((await diagnoseNode('24.0.0'))[0]?.level).toBe('ok')
  expect(await diagnoseDisk('/no/disk')).toMatchObject([
    { level: 'problem', says: '/no/disk cannot be used (ENOENT)' },
  ])
  expect(await diagnoseShell('/no/bash')).toMatchObject([{ level: 'warning', says: '/no/bash is missing' }])
})

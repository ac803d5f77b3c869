// Applications: packages that lie in the emulator's folder, as `malachite application add` puts them there.

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { zipOf } from '../../helpers/zip.ts'
import { addIdlePool, contentOf, refusal, until, type Stage } from '../recorder.ts'

/** Every operation of applications, and a task that runs a program out of one. */
export async function applications(stage: Stage): Promise<void> {
  const { client, emulator } = stage
  const folder = join(emulator.applications, 'greeter')
  await mkdir(folder)
  await writeFile(join(folder, '1.0.zip'), zipOf({ name: 'greet.sh', content: 'echo from the package\n' }))

  expect((await client.application.list()).map(({ id, versions }) => [id, versions])).toEqual([
    ['greeter', ['1.0']],
  ])
  expect(await client.application.get('greeter')).toMatchObject({ id: 'greeter', versions: ['1.0'] })
  expect(await refusal(client.application.get('none'))).toEqual([404, 'ApplicationNotFound'])

  await addIdlePool(stage, 'applications')
  await client.job.add({ id: 'greetings', poolInfo: { poolId: 'applications' } })
  await client.task.add('greetings', {
    id: 'greet',
    commandLine: "/bin/sh -c 'sh $AZ_BATCH_APP_PACKAGE_greeter_1_0/greet.sh'",
    applicationPackageReferences: [{ applicationId: 'greeter', version: '1.0' }],
  })
  await until(
    () => client.task.get('greetings', 'greet'),
    ({ state }) => state === 'completed',
  )
  expect(await contentOf(await client.file.getFromTask('greetings', 'greet', 'stdout.txt'))).toBe(
    'from the package\n',
  )
}

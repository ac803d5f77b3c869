import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { zipOf } from '../helpers/zip.ts'
import { malachite, startEmulatorCommand, temporaryDirectory } from './command.ts'

async function prepare() {
  const directory = await temporaryDirectory()
  await writeFile(join(directory, 'tool.zip'), zipOf({ name: 'a', content: 'x' }))
  const run = async (line: string) => {
    const { stdout, stderr, exitCode } = await malachite(line.split(' '), { cwd: directory })
    return { stdout, stderr, exitCode }
  }
  return { directory, run }
}

const ADD = 'application add tool --version 1.0 tool.zip'

test('packages are added to a running emulator, listed and removed', async () => {
  const { run } = await prepare()
  const { running, file } = await startEmulatorCommand('--silent')
  const where = `--endpointsFile ${file}`
  expect(await run(`${ADD} ${where}`)).toEqual({
    stdout: 'Application tool has version 1.0.',
    stderr: '',
    exitCode: 0,
  })
  expect(await run(`${ADD} ${where}`)).toEqual({
    stdout: '',
    stderr: 'malachite: Application tool has a version 1.0 already; remove it first',
    exitCode: 2,
  })
  expect((await run(`application list ${where}`)).stdout).toBe('tool 1.0')
  expect((await run(`application remove tool --version 1.0 ${where}`)).exitCode).toBe(0)
  expect((await run(`application list ${where}`)).stdout).toBe('')
  const gone = await run(`application remove tool --version 1.0 ${where}`)
  expect(gone).toMatchObject({
    exitCode: 3,
    stderr: 'malachite: The specified application does not exist (ApplicationNotFound).',
  })
  running.kill('SIGTERM')
  await running
})

test('an emulator finds what was put into its folder before', async () => {
  const { directory, run } = await prepare()
  expect((await run(`${ADD} --applications packages`)).exitCode).toBe(0)
  const { running, endpoints } = await startEmulatorCommand(
    '--silent',
    '--applications',
    join(directory, 'packages'),
  )
  expect(endpoints).toMatchObject({ applications: join(directory, 'packages') })
  running.kill('SIGTERM')
  await running
})

test('what is wrong is said without a stack', async () => {
  const { directory, run } = await prepare()
  const refusal = async (line: string): Promise<string> => {
    const { stderr, exitCode } = await run(line)
    expect(exitCode).toBe(2)
    expect(stderr).not.toContain('    at ')
    return stderr
  }
  expect(await refusal(ADD)).toContain('Which emulator? Name its folder of packages with --applications')
  expect(await refusal(`${ADD} --endpointsFile none.json`)).toContain('is `malachite emulator` running')
  const batch = { url: 'http://127.0.0.1:1', account: 'a', key: 'k' }
  await writeFile(join(directory, 'old.json'), JSON.stringify({ pid: 2 ** 22 + 1, batch, applications: '/' }))
  expect(await refusal(`${ADD} --endpointsFile old.json`)).toContain('is not running any more')
  await writeFile(
    join(directory, 'far.json'),
    JSON.stringify({ pid: process.pid, batch, applications: '/no' }),
  )
  expect(await refusal(`${ADD} --endpointsFile far.json`)).toContain('no folder of packages on this machine')
  await writeFile(join(directory, 'text.zip'), 'text')
  const bad = 'application add tool --version 1.0 text.zip --applications packages'
  expect(await refusal(bad)).toContain('text.zip cannot be used as an application package')
  expect(await refusal(bad.replace(' tool ', ' ../tool '))).toContain('cannot name an application')
})

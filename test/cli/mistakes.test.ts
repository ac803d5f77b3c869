import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { malachite, temporaryDirectory } from './command.ts'

test('the help is complete on standard output', async () => {
  const { stdout, exitCode } = await malachite(['--help'])
  expect(exitCode).toBe(0)
  for (const command of ['run', 'emulator', 'env']) expect(stdout).toContain(`\n  ${command} [options]`)
})

test('without a command the help comes on standard error, with exit code 2', async () => {
  const { stdout, stderr, exitCode } = await malachite([])
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 })
  expect(stderr).toContain('Usage: malachite')
})

test.each([
  [['run', '--num-words', '0'], /--num-words.*at least 1/],
  [['run', '--backend', 'cloud'], /local, emulator, azure/],
  [['run', '--nodse', '2'], /unknown option '--nodse'\n.*--nodes/],
  [['run', '--job-id', 'a b'], /The job id must be/],
  [['run', 'missing.txt', 'folder'], /missing\.txt does not exist\.\n.*folder is a directory\./],
  [['run', 'a.txt', 'folder/a.txt'], /Two input files are called a\.txt/],
  [['run', 'a.txt', '--output-dir', 'a.txt/below'], /output directory .*a\.txt\/below is not a directory/],
  [['run', 'a.txt', '--output-dir', 'a.txt'], /output directory .*a\.txt is not a directory/],
  [
    ['run', '--backend', 'azure'],
    /AZURE_BATCH_ACCOUNT[^]*az batch account list[^]*AZURE_STORAGE_CONNECTION_STRING/,
  ],
  [['emulator', '--batchHost', '0.0.0.0'], /MALACHITE_ACCOUNTS[^]*--unsafe/],
  [['emulator', '--batchHost', '0.0.0.0', '--oauth', 'basic'], /not verified[^]*--unsafe/],
  [['emulator', '--accountsFile', 'missing'], /accounts cannot be read.*ENOENT/],
  [['emulator', '--accountsFile', 'a.txt'], /a\.txt: .*entry 1 has no key/],
  [['emulator', '--cert', 'a.txt'], /--cert.*--key/],
  [['emulator', '--cert', 'a.txt', '--key', 'missing'], /cannot be read.*ENOENT/],
  [['emulator', '--cert', 'a.txt', '--key', 'a.txt'], /certificate and its key cannot be used/],
  [
    ['emulator', '--batchPort', '0', '--blobPort', 'none', '--debug', 'a.txt/log'],
    /log file .*cannot be written/,
  ],
  [['env', '--endpointsFile', 'missing.json'], /missing\.json cannot be read/],
  [['task', 'create', 'j', '--json-file', 'null.json'], /null\.json is no JSON object/],
  [['pool', 'create', '--json-file', 'a.txt'], /a\.txt is not JSON/],
])('%s ends with exit code 2 and one clear message', async (args, message) => {
  const cwd = await temporaryDirectory()
  await mkdir(join(cwd, 'folder'))
  await writeFile(join(cwd, 'a.txt'), 'a')
  await writeFile(join(cwd, 'null.json'), 'null')
  await writeFile(join(cwd, 'folder', 'a.txt'), 'b')
  const { stdout, stderr, exitCode } = await malachite(args, { cwd })
  expect(stderr).toMatch(message)
  expect(stderr).toMatch(/^malachite: /)
  expect(stderr).not.toMatch(/^ +at /m)
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 })
})

test.skipIf(process.platform !== 'linux')('a directory that cannot be written is told at once', async () => {
  // Not even a privileged user writes there.
  const { stdout, stderr, exitCode } = await malachite(['run', '--output-dir', '/sys'])
  expect(stderr).toMatch(/^malachite: The output directory \/sys (cannot be accessed|is on a read-only)/)
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 })
})

test('with --json a mistake is one JSON document', async () => {
  const cwd = await temporaryDirectory()
  const { stdout, stderr, exitCode } = await malachite(['run', 'missing.txt', '--json'], { cwd })
  expect(JSON.parse(stdout)).toEqual({
    outcome: 'error',
    error: {
      code: 'ConfigurationError',
      message: expect.stringContaining('missing.txt does not exist') as string,
    },
  })
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 2 })
})

test('an emulator that does not run is named, with how to start it', async () => {
  const env = { AZURE_BATCH_ENDPOINT: 'http://127.0.0.1:9', AZURE_STORAGE_CONNECTION_STRING: NOBODY }
  const cwd = await temporaryDirectory()
  const { stderr, exitCode } = await malachite(['run', '--backend', 'emulator'], { cwd, env })
  expect(stderr).toMatch(/http:\/\/127\.0\.0\.1:9.* does not answer[^]*`malachite emulator`/)
  expect(exitCode).toBe(1)
})

const NOBODY =
  'DefaultEndpointsProtocol=http;AccountName=nobody;AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:9/nobody;'

test.each(['--batchPort', '--blobPort'])('a port of %s that is taken is told with the flag', async (flag) => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const port = String((server.address() as AddressInfo).port)
  const ports = { '--batchPort': '0', '--blobPort': '0', [flag]: port }
  const { stderr, exitCode } = await malachite(['emulator', ...Object.entries(ports).flat()])
  expect(stderr).toContain(`port ${port} on 127.0.0.1 is taken`)
  expect(stderr).toContain(flag)
  expect(exitCode).toBe(2)
})

test('a mistake leaves nothing in the directory', async () => {
  const cwd = await temporaryDirectory()
  await malachite(['run', '--num-words', 'x'], { cwd })
  expect(await readdir(cwd)).toEqual([])
})

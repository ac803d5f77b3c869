// `malachite run --dry-run`: everything is told, nothing is touched.

import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { malachite, temporaryDirectory } from './command.ts'

/** An emulator that does not run. */
const EMULATOR = {
  AZURE_BATCH_ACCOUNT: 'myaccount',
  AZURE_BATCH_ACCESS_KEY: 'c2VjcmV0LWtleQ==',
  AZURE_BATCH_ENDPOINT: 'http://127.0.0.1:1',
  AZURE_STORAGE_CONNECTION_STRING:
    'DefaultEndpointsProtocol=http;AccountName=myblobs;AccountKey=c2VjcmV0LWJsb2I=;BlobEndpoint=http://127.0.0.1:1/myblobs;',
}

async function prepare() {
  const cwd = await temporaryDirectory()
  await writeFile(join(cwd, 'a.txt'), 'some words')
  const run = (...args: string[]) => malachite(['run', '--dry-run', ...args], { cwd, env: EMULATOR })
  return { cwd, run }
}

test('pool, job, tasks, uploads and deletions are told in order, and nothing is made', async () => {
  const { cwd, run } = await prepare()
  const flags = ['--nodes', '3', '--slots', '2', '--pool-id', 'mypool', '--delete-pool', 'no']
  const { stdout, stderr, exitCode } = await run('a.txt', ...flags, '--halt', '5%', '--joblog', 'log')
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
  const parts = [
    /^Dry run: nothing is created, uploaded, started or deleted\.$/m,
    /^Create containers, .*: application, input, output$/m,
    /^Upload 2 files, /m,
    /a\.txt to \[input\], 10 B$/m,
    /^Create pool \[mypool\]:$/m,
    /image: canonical ubuntu-24_04-lts server/,
    /size: standard_d2s_v3/,
    /nodes: 3, task slots on each: 2/,
    /start task, elevated, with top-words\.mjs:\n {4}\/bin\/bash -c 'set -e;/,
    /^Create job \[MalachiteTutorialJob\] on it, with 1 task:$/m,
    /topNtask0, with a\.txt:\n {4}\/bin\/bash .*--sastoken '\\''\*\*\*'\\''/,
    /up to 0:20:00, unless halted: soon,fail=5%$/m,
    /to \S+\/output$/m,
    /job: yes\n {2}pool: no$/,
  ]
  const places = parts.map((part) => stdout.search(part))
  expect(places).not.toContain(-1)
  expect(places).toEqual([...places].sort((a, b) => a - b))
  expect(await readdir(cwd)).toEqual(['a.txt'])
})

test('on an emulator nothing is asked, and no key is told', async () => {
  const { cwd, run } = await prepare()
  const { stdout, stderr, exitCode } = await run('a.txt', '--backend', 'emulator', '--json')
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
  expect(JSON.parse(stdout)).toMatchObject({
    dryRun: true,
    backend: 'emulator',
    services: [expect.stringContaining('myaccount'), expect.stringContaining('myblobs')],
    uploads: [{ blob: 'top-words.mjs' }, { path: join(cwd, 'a.txt'), bytes: 10 }],
    tasks: [{ id: 'topNtask0', commandLine: expect.stringContaining('http://127.0.0.1:1/myblobs') }],
    delete: { job: 'yes', pool: 'yes' },
  })
  expect(stdout).not.toMatch(/c2VjcmV0|sig=/)
  expect(await readdir(cwd)).toEqual(['a.txt'])
})

test.each([
  [['missing.txt'], /missing\.txt does not exist/],
  [['a.txt', '--output-dir', 'a.txt/below'], /output directory .*is not a directory/],
  [['a.txt', '--job-id', 'a b'], /The job id must be/],
  [['--resume'], /--dry-run cannot be given/],
])('%j is refused as without it', async (args, message) => {
  const { run } = await prepare()
  const { stderr, exitCode } = await run(...args)
  expect(stderr).toMatch(message)
  expect(exitCode).toBe(2)
})

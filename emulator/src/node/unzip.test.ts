import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs'
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

test('a file that is longer than it is said to be is refused as soon as it is', async () => {
  const content = 'x'.repeat(1_000_000)
  const { target, unpack } = prepare(zipOf({ name: 'a', content, isDeflated: true, length: 10 }))
  await expect(unpack()).rejects.toThrow('too many bytes in the stream')
  expect(statSync(join(target, 'a')).size).toBeLessThanOrEqual(10)
})

test('more than the disk can hold is refused before anything is unpacked, with the code of a full disk', async () => {
  const entry: ZipEntry = { name: 'a', content: 'x', isDeflated: true, length: 0xffff_fffe }
  const { bavail, bsize } = statfsSync(tmpdir())
  const length = Math.ceil((bavail * bsize) / 0xffff_fffe) + 1
  const { target, unpack } = prepare(zipOf(...Array.from({ length }, () => entry)))
  await expect(unpack()).rejects.toMatchObject({
    message: expect.stringMatching(/^Unpacked it has \d+ bytes, the disk has room for \d+$/) as unknown,
    code: 'ENOSPC',
  })
  expect(readdirSync(target)).toEqual([])
})

test('entries that share their content, of which small zips of terabytes are made, are refused', async () => {
  const zip = zipOf({ name: 'a', content: 'x'.repeat(500) })
  const start = zip.readUInt32LE(zip.length - 6)
  const [files, directory, end] = [zip.subarray(0, start), zip.subarray(start, -22), zip.subarray(-22)]
  end.writeUInt16LE(2, 8)
  end.writeUInt16LE(2, 10)
  end.writeUInt32LE(2 * directory.length, 12)
  const { target, unpack } = prepare(Buffer.concat([files, directory, directory, end]))
  await expect(unpack()).rejects.toThrow('a shares its content with another file')
  expect(readdirSync(target)).toEqual([])
})

test('a zip that is wrong in two ways at once is refused, and no error comes where nobody can catch it', async () => {
  const wrong: ZipEntry = { name: 'a', content: 'wrong', isDeflated: true, length: 1 }
  const { unpack } = prepare(zipOf({ name: 'a/' }, wrong))
  // Which comes first is chance; what comes too late would end this process.
  for (let tries = 0; tries < 100; tries++) await expect(unpack()).rejects.toThrow(/EEXIST|too many bytes/)
  await new Promise((resolve) => setTimeout(resolve, 20))
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

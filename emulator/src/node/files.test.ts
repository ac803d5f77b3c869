import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync, existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { contentTypeOf, createNodeFiles } from './files.ts'

/** A node with a task's files, and a secret beside it. */
function nodeWithFiles() {
  const root = mkdtempSync(join(tmpdir(), 'node-files-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  const home = join(root, 'node1')
  mkdirSync(join(home, 'task/wd/sub'), { recursive: true })
  writeFileSync(join(home, 'task/stdout.txt'), 'hello, world', { mode: 0o644 })
  writeFileSync(join(home, 'task/stderr.txt'), '')
  writeFileSync(join(home, 'task/wd/sub/data.bin'), Buffer.alloc(3))
  writeFileSync(join(root, 'secret.txt'), 'secret')
  mkdirSync(join(root, 'node10'))
  writeFileSync(join(root, 'node10/x.txt'), 'of another node')
  return { root, home, files: createNodeFiles(root) }
}

test('a directory is listed by name, directories without properties', async () => {
  const { files } = nodeWithFiles()
  const list = await files.list('node1', 'task')
  expect(list).toEqual([
    { name: 'stderr.txt', isDirectory: false, properties: expect.anything() },
    {
      name: 'stdout.txt',
      isDirectory: false,
      properties: {
        lastModified: expect.any(Date),
        contentLength: 12,
        contentType: 'text/plain',
        fileMode: '0o100644',
      },
    },
    { name: 'wd', isDirectory: true },
  ])
})

test('a recursive list goes level by level', async () => {
  const { files } = nodeWithFiles()
  const list = await files.list('node1', '', { recursive: true })
  expect(list.map(({ name }) => name)).toEqual([
    'task',
    'task/stderr.txt',
    'task/stdout.txt',
    'task/wd',
    'task/wd/sub',
    'task/wd/sub/data.bin',
  ])
})

test.for(['missing', 'task/stdout.txt', '..', '../node10', '/etc', 'task/../../..', 'a\0b'])(
  '%j is no directory to list',
  async (path) => {
    const { files } = nodeWithFiles()
    await expect(files.list('node1', path)).rejects.toMatchObject({ code: 'PathNotFound' })
  },
)

test.for(['..', '.', '', 'node1/..', '../node1'])('%j is no node', async (nodeId) => {
  const { files } = nodeWithFiles()
  await expect(files.list(nodeId, '')).rejects.toMatchObject({ code: 'NodeNotFound' })
})

test.for(['../secret.txt', 'task/../../secret.txt', '../node10/x.txt', 'missing.txt', 'task/stdout.txt/x'])(
  '%j cannot be read or removed',
  async (path) => {
    const { root, files } = nodeWithFiles()
    await expect(files.stat('node1', path)).rejects.toMatchObject({ code: 'FileNotFound' })
    await expect(files.read('node1', path)).rejects.toMatchObject({ code: 'FileNotFound' })
    await expect(files.remove('node1', path)).rejects.toMatchObject({ code: 'FileNotFound' })
    expect(existsSync(join(root, 'secret.txt'))).toBe(true)
  },
)

test('links are followed within the node only', async () => {
  const { root, home, files } = nodeWithFiles()
  symlinkSync('../stdout.txt', join(home, 'task/wd/inside.txt'))
  symlinkSync(join(root, 'secret.txt'), join(home, 'task/wd/outside.txt'))
  symlinkSync(root, join(home, 'task/wd/up'))
  symlinkSync('circle', join(home, 'task/wd/circle'))
  const names = (await files.list('node1', 'task/wd', { recursive: true })).map(({ name }) => name)
  expect(names).toEqual(['inside.txt', 'sub', 'sub/data.bin'])
  expect(await text(await files.read('node1', 'task/wd/inside.txt'))).toBe('hello, world')
  for (const path of ['task/wd/outside.txt', 'task/wd/up/secret.txt', 'task/wd/circle']) {
    await expect(files.read('node1', path)).rejects.toMatchObject({ code: 'FileNotFound' })
  }
  await expect(files.remove('node1', 'task/wd/up/secret.txt')).rejects.toMatchObject({ code: 'FileNotFound' })
  expect(existsSync(join(root, 'secret.txt'))).toBe(true)
})

test.for<[{ offset?: number; length?: number }, string]>([
  [{}, 'hello, world'],
  [{ offset: 7 }, 'world'],
  [{ length: 5 }, 'hello'],
  [{ offset: 4, length: 3 }, 'o, '],
  [{ offset: 7, length: 100 }, 'world'],
])('the range %j is %j', async ([range, expected]) => {
  const { files } = nodeWithFiles()
  expect(await text(await files.read('node1', 'task/stdout.txt', range))).toBe(expected)
})

test('a range must begin in the file; an empty file is read whole', async () => {
  const { files } = nodeWithFiles()
  await expect(files.read('node1', 'task/stdout.txt', { offset: 12 })).rejects.toMatchObject({
    code: 'InvalidRange',
  })
  expect(await text(await files.read('node1', 'task/stderr.txt'))).toBe('')
})

test('a directory is described but not read', async () => {
  const { files } = nodeWithFiles()
  expect(await files.stat('node1', 'task/wd')).toEqual({ name: 'task/wd', isDirectory: true })
  await expect(files.read('node1', 'task/wd')).rejects.toMatchObject({ code: 'FileNotFound' })
})

test('removing a directory with something in it must be asked for', async () => {
  const { home, files } = nodeWithFiles()
  await expect(files.remove('node1', 'task/wd')).rejects.toMatchObject({
    code: 'OperationInvalidForCurrentState',
  })
  await files.remove('node1', 'task/wd', { recursive: true })
  await files.remove('node1', 'task/stdout.txt')
  expect(existsSync(join(home, 'task/wd'))).toBe(false)
  expect((await files.list('node1', 'task')).map(({ name }) => name)).toEqual(['stderr.txt'])
  mkdirSync(join(home, 'task/empty'))
  await files.remove('node1', 'task/empty')
})

test('the root of a node cannot be removed', async () => {
  const { home, files } = nodeWithFiles()
  for (const path of ['', '.', '/', 'task/..']) {
    await expect(files.remove('node1', path, { recursive: true })).rejects.toMatchObject({
      code: 'FileNotFound',
    })
  }
  expect(existsSync(home)).toBe(true)
})

test('text files are served as text', () => {
  expect(['a.txt', 'A.LOG', 'x.json', 'b.csv'].map(contentTypeOf)).toEqual(Array(4).fill('text/plain'))
  expect(['a.bin', 'noext', 'wd/.txt'].map(contentTypeOf)).toEqual(Array(3).fill('application/octet-stream'))
})

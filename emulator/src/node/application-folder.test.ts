import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { zipOf } from '../../../test/helpers/zip.ts'
import { addApplicationPackage, readApplications, removeApplicationPackage } from './application-folder.ts'

function prepare() {
  const root = mkdtempSync(join(tmpdir(), 'applications-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const zip = join(root, 'a.zip')
  writeFileSync(zip, zipOf({ name: 'a', content: 'x' }))
  const folder = join(root, 'applications')
  const add = (id: string, version: string, file = zip): Promise<void> =>
    addApplicationPackage(folder, { id, version }, file)
  const versions = (): string[] =>
    readApplications(folder).map(({ id, packages }) => [id, ...packages.map((p) => p.version)].join(' '))
  return { root, folder, add, versions }
}

test('a folder that does not exist holds no application', () => {
  expect(readApplications('/nowhere')).toEqual([])
})

test('applications are in the order of their ids, versions by number, the highest last', async () => {
  const { folder, add, versions } = prepare()
  for (const version of ['2.10', '2.9', '2.9-beta']) await add('tool', version)
  await add('Blender', '1')
  expect(versions()).toEqual(['Blender 1', 'tool 2.9 2.9-beta 2.10'])
  expect(readApplications(folder)[0]?.packages[0]?.path).toBe(join(folder, 'Blender', '1.zip'))
})

test('what is put there by hand counts, and what cannot be a package does not', () => {
  const { folder, versions } = prepare()
  for (const name of ['tool', 'empty', 'bad name']) mkdirSync(join(folder, name), { recursive: true })
  for (const name of ['1.zip', '.draft.zip', 'readme.txt', '-.zip']) {
    writeFileSync(join(folder, 'tool', name), '')
  }
  mkdirSync(join(folder, 'tool', 'directory.zip'))
  expect(versions()).toEqual(['empty', 'tool - 1'])
})

test('a package can be added once, and removed', async () => {
  const { folder, add, versions } = prepare()
  await add('tool', '1')
  await expect(add('tool', '1')).rejects.toThrow('Application tool has a version 1 already')
  expect(readdirSync(join(folder, 'tool'))).toEqual(['1.zip'])
  await removeApplicationPackage(folder, { id: 'tool', version: '1' })
  expect(versions()).toEqual([])
  expect(existsSync(join(folder, 'tool'))).toBe(false)
  await expect(removeApplicationPackage(folder, { id: 'tool', version: '1' })).rejects.toMatchObject({
    code: 'ApplicationNotFound',
  })
})

test.each([
  ['a/b', '1', /'a\/b' cannot name an application/],
  ['..', '1', /cannot name an application/],
  ['tool', '..', /'\.\.' cannot be a version/],
  ['tool', '', /cannot be a version/],
])('%s with version %s is refused', async (id, version, message) => {
  const { add } = prepare()
  await expect(add(id, version)).rejects.toThrow(message)
})

test('a file that is missing or no zip is refused with the reason', async () => {
  const { root, folder, add } = prepare()
  await expect(add('tool', '1', join(root, 'none.zip'))).rejects.toThrow('there is no such file')
  await expect(add('tool', '1', root)).rejects.toThrow('EISDIR')
  const evil = join(root, 'evil.zip')
  writeFileSync(evil, zipOf({ name: '../x', content: 'x' }))
  await expect(add('tool', '1', evil)).rejects.toThrow('invalid relative path')
  expect(existsSync(folder)).toBe(false)
})

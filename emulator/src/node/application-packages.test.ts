import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { zipOf } from '../../../test/helpers/zip.ts'
import { createPackageInstaller, packageVariables } from './application-packages.ts'

const signal = new AbortController().signal

function prepare() {
  const root = mkdtempSync(join(tmpdir(), 'packages-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  mkdirSync(join(root, 'applications'))
  const path = join(root, 'tool.zip')
  const put = (content: string): void => writeFileSync(path, zipOf({ name: 'version', content }))
  put('first')
  return {
    root,
    put,
    item: { applicationId: 'tool', version: '1.0', isDefault: false, path },
    read: () => readFileSync(join(root, 'applications/tool/1.0/version'), 'utf8'),
  }
}

test('a package is unpacked below its name and version', async () => {
  const { root, item, read } = prepare()
  await createPackageInstaller().install([item], root, signal)
  expect(read()).toBe('first')
  // Nothing of the zip itself.
  expect(readdirSync(join(root, 'applications/tool/1.0'))).toEqual(['version'])
  expect(readdirSync(join(root, 'volatile/trash'))).toEqual([])
})

test('a package that is on the node already is used again', async () => {
  const { root, item, put, read } = prepare()
  const installer = createPackageInstaller()
  await installer.install([item], root, signal)
  put('second')
  await installer.install([item], root, signal)
  expect(read()).toBe('first')
})

test('of tasks that need a package at once one unpacks it and the others wait', async () => {
  const { root, item, read } = prepare()
  const { install } = createPackageInstaller()
  await Promise.all(Array.from({ length: 5 }, () => install([item], root, signal)))
  expect(read()).toBe('first')
  expect(readdirSync(join(root, 'volatile/trash'))).toEqual([])
})

test('whoever gives up does not spoil it for the next one', async () => {
  const { root, item, read } = prepare()
  const { install } = createPackageInstaller()
  const given = install([item], root, AbortSignal.abort())
  const wanted = install([item], root, signal)
  await expect(given).rejects.toThrow()
  await wanted
  expect(read()).toBe('first')
})

test('a zip that cannot be unpacked leaves nothing and is a failure of the application package', async () => {
  const { root, item } = prepare()
  writeFileSync(item.path, zipOf({ name: '../evil', content: 'x' }))
  await expect(createPackageInstaller().install([item], root, signal)).rejects.toMatchObject({
    info: {
      category: 'UserError',
      code: 'ApplicationPackageError',
      details: [
        { name: 'ApplicationId', value: 'tool' },
        { name: 'Version', value: '1.0' },
        { name: 'Message', value: expect.stringContaining('invalid relative path') as string },
      ],
    },
  })
  expect(readdirSync(join(root, 'applications'))).toEqual([])
  expect(readdirSync(join(root, 'volatile/trash'))).toEqual([])
})

test('a package that does not exist is a failure, whatever its name leads to', async () => {
  const { root } = prepare()
  const item = { applicationId: '..', version: '', isDefault: true }
  await expect(createPackageInstaller().install([item], root, signal)).rejects.toMatchObject({
    info: { code: 'ApplicationPackageError' },
  })
})

test('variables name the directory, in the case of the id and in capitals', () => {
  const item = { applicationId: 'my-Tool', version: '2.7#a', path: '/x.zip' }
  const directory = '/n/applications/my-Tool/2.7#a'
  expect(packageVariables([{ ...item, isDefault: false }], '/n')).toEqual({
    AZ_BATCH_APP_PACKAGE_my_Tool_2_7_a: directory,
    AZ_BATCH_APP_PACKAGE_MY_TOOL_2_7_A: directory,
  })
  expect(packageVariables([{ ...item, isDefault: true }], '/n')).toEqual({
    AZ_BATCH_APP_PACKAGE_my_Tool: directory,
    AZ_BATCH_APP_PACKAGE_MY_TOOL: directory,
  })
})

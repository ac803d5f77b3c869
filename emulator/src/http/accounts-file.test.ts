import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { openAccountsFile, type AccountsFileOptions } from './accounts-file.ts'

let path = ''
let time = 0
let warnings: string[] = []

beforeEach(() => {
  const directory = mkdtempSync(join(tmpdir(), 'malachite-accounts-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  path = join(directory, 'accounts')
  time = 1_000_000
  warnings = []
})

function open(more: Partial<AccountsFileOptions> = {}): () => unknown {
  const read = openAccountsFile(path, { now: () => time, warn: (text) => warnings.push(text), ...more })
  return () => Object.fromEntries(read())
}

test('accounts stand one a line or separated by semicolons, with comments between', () => {
  writeFileSync(path, '# ours\nfirst:a2V5MQ==\n\nsecond:a2V5Mg==:a2V5Mw==;third:a2V5NA==\n')
  expect(open()()).toEqual({
    first: ['a2V5MQ=='],
    second: ['a2V5Mg==', 'a2V5Mw=='],
    third: ['a2V5NA=='],
  })
})

test('a change counts within a second', () => {
  writeFileSync(path, 'mine:b2xk')
  const accounts = open()
  writeFileSync(path, 'mine:b2xk:bmV3')
  expect(accounts()).toEqual({ mine: ['b2xk'] })
  time += 1000
  expect(accounts()).toEqual({ mine: ['b2xk', 'bmV3'] })
  expect(warnings).toEqual([])
})

test.each([
  ['goes', () => rmSync(path), /cannot be read: ENOENT/],
  ['becomes wrong', () => writeFileSync(path, 'c2VjcmV0'), /entry 1 has no key/],
  ['is emptied', () => writeFileSync(path, ''), /no account is named/],
])('a file that %s changes nothing, which is told once, without keys', (_, spoil, reason) => {
  writeFileSync(path, 'mine:b2xk')
  const accounts = open()
  spoil()
  for (let i = 0; i < 3; i++) {
    time += 1000
    expect(accounts()).toEqual({ mine: ['b2xk'] })
  }
  expect(warnings).toEqual([expect.stringMatching(reason)])
  expect(warnings.join()).not.toContain('c2VjcmV0')
  writeFileSync(path, 'mine:bmV3')
  time += 1000
  expect(accounts()).toEqual({ mine: ['bmV3'] })
})

test('accounts that may not be used are not taken over', () => {
  writeFileSync(path, 'mine:b2xk')
  const accounts = open({
    check: (found) => {
      if (found.has('evil')) throw new Error('evil is not allowed')
    },
  })
  writeFileSync(path, 'evil:b2xk')
  time += 1000
  expect(accounts()).toEqual({ mine: ['b2xk'] })
  expect(warnings).toEqual([expect.stringContaining('evil is not allowed')])
})

test.each([
  ['is missing', () => {}],
  ['is wrong', () => writeFileSync(path, 'no account')],
])('a file that %s at the start is a mistake', (_, prepare) => {
  prepare()
  expect(() => open()).toThrow(expect.objectContaining({ code: 'ConfigurationError' }))
})

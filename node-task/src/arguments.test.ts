import { expect, test } from 'vitest'

import { parseArguments } from './arguments.ts'
import { Failure } from './failure.ts'

const GOOD = {
  filepath: 'a.txt',
  numwords: '3',
  storageaccount: 'mystore',
  storagecontainer: 'output',
  sastoken: 'sv=2025&sig=c2VjcmV0%3D',
}

function argv(changes: Record<string, string | undefined> = {}): string[] {
  return Object.entries({ ...GOOD, ...changes }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, value],
  )
}

function failureOf(args: readonly string[]): Failure {
  try {
    parseArguments(args)
  } catch (error) {
    if (error instanceof Failure) return error
    throw error
  }
  throw new Error('The arguments were accepted.')
}

test('reads values after a space and after an equals sign', () => {
  const expected = {
    filePath: 'a.txt',
    numWords: 3,
    storageContainer: 'output',
    sasToken: GOOD.sastoken,
    storageUrl: 'https://mystore.blob.core.windows.net',
  }
  expect(parseArguments(argv())).toEqual(expected)
  expect(parseArguments(Object.entries(GOOD).map(([name, value]) => `--${name}=${value}`))).toEqual(expected)
})

test('drops the question mark before a SAS and the slash after a URL', () => {
  const url = 'http://127.0.0.1:10000/devstoreaccount1'
  const task = parseArguments(argv({ sastoken: '?sig=x', storageurl: `${url}/` }))
  expect(task).toMatchObject({ sasToken: 'sig=x', storageUrl: url })
})

test('takes any account name when the URL is given', () => {
  const task = parseArguments(argv({ storageaccount: 'My-Store', storageurl: 'https://blobs.example' }))
  expect(task.storageUrl).toBe('https://blobs.example')
})

test.each([
  [argv({ filepath: undefined }), '--filepath is missing'],
  [argv({ sastoken: '' }), '--sastoken is missing'],
  [['--filepath', ...argv({ filepath: undefined })], '--filepath is missing'],
  [argv({ numwords: '0' }), '--numwords must be a whole number of at least 1'],
  [argv({ numwords: '-1' }), '--numwords must be a whole number of at least 1'],
  [argv({ numwords: '1e3' }), '--numwords must be a whole number of at least 1'],
  [argv({ numwords: '99999999999999999' }), '--numwords must be a whole number of at least 1'],
  [
    argv({ storageaccount: 'evil.example/' }),
    '--storageaccount must have 3 to 24 lower case letters and digits',
  ],
  [
    argv({ storagecontainer: '../other' }),
    '--storagecontainer must have 3 to 63 lower case letters, digits and single hyphens',
  ],
  [argv({ storageurl: 'ftp://host' }), '--storageurl must be an http or https URL without a query'],
  [argv({ storageurl: 'https://host?sig=x' }), '--storageurl must be an http or https URL without a query'],
  [argv({ storageurl: 'host' }), '--storageurl must be an http or https URL without a query'],
  [[...argv(), '--numwords', '4'], '--numwords is given twice'],
  [[...argv(), '--verbose', 'x'], '--verbose is unknown'],
  [[...argv(), 'stray'], 'argument 11 is unexpected'],
])('refuses %j', (args, message) => {
  expect(failureOf(args)).toMatchObject({ message, exitCode: 2 })
})

test('lists everything that is wrong in one line', () => {
  expect(failureOf(['--numwords', 'x', '--filepath', 'a']).message).toBe(
    '--storageaccount is missing; --storagecontainer is missing; --sastoken is missing; ' +
      '--numwords must be a whole number of at least 1',
  )
})

test('never repeats a value, which may be a SAS in the wrong place', () => {
  const { sastoken } = GOOD
  const wrong = [
    [...argv(), sastoken],
    argv({ numwords: sastoken }),
    [...argv(), `--sas=${sastoken}`],
    [...argv(), `--${sastoken}`],
  ]
  for (const args of wrong) expect(failureOf(args).message).not.toContain('c2VjcmV0')
})

import type { NodeFile } from '@malachite/model'
import { expect, test } from 'vitest'
import { lastLines, readTail } from './tail.ts'

function fileOf(text: string) {
  const bytes = Buffer.from(text)
  const ranges: { offset: number; length: number }[] = []
  return {
    ranges,
    async *list(): AsyncGenerator<NodeFile> {
      yield { name: 'wd', isDirectory: true }
      const properties = { lastModified: new Date(0), contentLength: bytes.length }
      yield { name: 'stderr.txt', isDirectory: false, properties }
    },
    async read(range: { offset: number; length: number }) {
      ranges.push(range)
      return new Blob([bytes.subarray(range.offset, range.offset + range.length)]).stream()
    },
  }
}

test('reads a short file whole', async () => {
  expect(await readTail('stderr.txt', fileOf('one\ntwo\n'))).toBe('one\ntwo')
})

test('reads only the end of a long file, in whole lines', async () => {
  const file = fileOf(Array.from({ length: 10_000 }, (_, i) => `line ${i}\n`).join(''))
  const lines = (await readTail('stderr.txt', file)).split('\n')
  expect(lines).toHaveLength(10)
  expect(lines[0]).toBe('line 9990')
  expect(lines.at(-1)).toBe('line 9999')
  expect(file.ranges.map(({ length }) => length)).toEqual([2048])
})

test('a file that cannot be read becomes a remark', async () => {
  expect(await readTail('other.txt', fileOf('x'))).toBe(
    '(other.txt could not be read: there is no such file)',
  )
})

test('an empty file is not requested', async () => {
  const file = fileOf('')
  expect(await readTail('stderr.txt', file)).toBe('')
  expect(file.ranges).toEqual([])
})

test('the signature of a SAS does not get out', () => {
  expect(lastLines('PUT http://h/c/b?sv=1&sig=a%2Fb%3D&se=2 failed', false)).toBe(
    'PUT http://h/c/b?sv=1&sig=***&se=2 failed',
  )
})

test('what is cut in the middle of a line may be a signature, and is left out', () => {
  expect(lastLines('bc%3D&se=2 failed', true)).toBe('…&se=2 failed')
  expect(lastLines('bc%3D\nwhole', true)).toBe('whole')
})

test.each([
  ['sig%3Dab%252F', 'sig%3D***'],
  ['AccountName=a;AccountKey=abc==;EndpointSuffix=x', 'AccountName=a;AccountKey=***;EndpointSuffix=x'],
  ['the design=good', 'the design=good'],
])('%s becomes %s', (text, redacted) => {
  expect(lastLines(text, false)).toBe(redacted)
})

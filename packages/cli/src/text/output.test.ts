import { expect, test } from 'vitest'
import { selectedColumns, writeItem, writeList, type TextStream } from './output.ts'

/** A stream that takes so many pieces. */
function createStream(pieces = Infinity, columns?: number) {
  const written: string[] = []
  const stream: TextStream = {
    ...(columns !== undefined && { isTTY: true, columns }),
    write(text, done) {
      if (written.length >= pieces) return done(new Error('EPIPE'))
      written.push(String(text))
      done()
    },
  }
  return { stream, text: () => written.join('') }
}

/** Items without end, and how many were asked for. */
function endless() {
  let asked = 0
  async function* items() {
    for (;;) yield { id: `item${asked++}`, state: 'active' }
  }
  return { items: items(), asked: () => asked }
}

const columns = selectedColumns(['id', 'nested/value'])
const items = [{ id: 'a', nested: { value: 1 } }, { id: 'b' }]

test('JSON is an array that can be parsed, also when it is empty', async () => {
  const { stream, text } = createStream()
  await writeList(items, { format: 'json', columns }, stream)
  expect(JSON.parse(text())).toEqual(items)
  expect(text()).toBe(`${JSON.stringify(items, null, 2)}\n`)
  const empty = createStream()
  await writeList([], { format: 'json', columns }, empty.stream)
  expect(empty.text()).toBe('[]\n')
})

test('tsv has no titles, a table has', async () => {
  const tsv = createStream()
  await writeList(items, { format: 'tsv', columns }, tsv.stream)
  expect(tsv.text()).toBe('a\t1\nb\t\n')
  const table = createStream()
  await writeList(items, { format: 'table', columns }, table.stream)
  expect(table.text()).toBe('id  nested/value\na   1\nb\n')
})

test('a table is cut to the width of a terminal only', async () => {
  const long = [{ id: 'x'.repeat(100) }]
  const terminal = createStream(Infinity, 20)
  await writeList(long, { format: 'table', columns: selectedColumns(['id']) }, terminal.stream)
  expect(terminal.text()).toContain(`\n${'x'.repeat(19)}…\n`)
  const file = createStream()
  await writeList(long, { format: 'table', columns: selectedColumns(['id']) }, file.stream)
  expect(file.text()).toContain('x'.repeat(100))
})

test.each(['json', 'tsv', 'table'] as const)('%s asks for no more items than are wanted', async (format) => {
  const { stream, text } = createStream()
  const source = endless()
  await writeList(source.items, { format, columns, top: 3 }, stream)
  expect(source.asked()).toBe(3)
  expect(text()).toContain('item2')
})

test.each(['json', 'tsv', 'table'] as const)('%s ends when the reader has gone', async (format) => {
  const { stream } = createStream(1)
  const source = endless()
  await writeList(source.items, { format, columns }, stream)
  expect(source.asked()).toBeLessThan(5000)
})

test('one resource is an object, or one row', async () => {
  const json = createStream()
  await writeItem({ id: 'a' }, { format: 'json', columns }, json.stream)
  expect(json.text()).toBe('{\n  "id": "a"\n}\n')
  const tsv = createStream()
  await writeItem({ id: 'a' }, { format: 'tsv', columns }, tsv.stream)
  expect(tsv.text()).toBe('a\t\n')
})

import { expect, test } from 'vitest'
import { readBlocks } from './blocks.ts'
import { commandsIn, stepsOf } from './steps.ts'

const steps = (...lines: string[]) => readBlocks('page.md', lines.join('\n')).flatMap(stepsOf)

test('a block of commands is one step a command, without comments', () => {
  expect(steps('text', '```sh', '# first', 'one --flag   # why', '', 'two', '```')).toEqual([
    { kind: 'command', at: 'page.md:3', command: 'one --flag   # why', name: 'one --flag' },
    { kind: 'command', at: 'page.md:3', command: 'two', name: 'two' },
  ])
})

test('a session is commands and what they print', () => {
  expect(steps('```console', '$ one \\', '    more', 'first', '', 'second', '$ two', '```')).toEqual([
    {
      kind: 'command',
      at: 'page.md:2',
      command: 'one \\\n    more',
      name: 'one more',
      output: 'first\n\nsecond\n',
    },
    { kind: 'command', at: 'page.md:2', command: 'two', name: 'two', output: '' },
  ])
})

test('a block with a title is a file, in a list, too', () => {
  expect(steps('- text', '  ```js title="a.mjs"', '  if (x)', '    y()', '  ```')).toEqual([
    { kind: 'file', at: 'page.md:3', name: 'a.mjs', text: 'if (x)\n  y()\n' },
  ])
})

test('other blocks are to be read', () => {
  expect(
    steps('```', 'Dashboard: http://…', '```', '```ts', 'code()', '```', '```text', '$ what', '```'),
  ).toEqual([])
})

test('a block without an end is a mistake of the page', () => {
  expect(() => steps('```sh', 'one')).toThrow('page.md:1: the block has no end.')
})

test.each([
  ['a quotation', "echo 'one\ntwo'"],
  ['a quotation with the other quotes in it', 'echo "it\'s\nso"'],
  ['a continued line', 'one \\\n  two'],
  ['a document', "cat > file <<'END'\n# it's text\nEND"],
])('lines belong together: %s', (_, command) => {
  expect(commandsIn(`first\n${command}\nlast`)).toEqual(['first', command, 'last'])
})

test('a quotation mark in a comment opens nothing', () => {
  expect(commandsIn("one   # it's so\ntwo")).toEqual(["one   # it's so", 'two'])
})

test('a command that goes on after its block is a mistake of the page', () => {
  expect(() => commandsIn("echo 'one")).toThrow('This command has no end')
})

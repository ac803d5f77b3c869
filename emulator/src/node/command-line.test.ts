import { quote, wrapCommandsInShell } from '@malachite/model'
import { expect, test } from 'vitest'
import { splitCommandLine } from './command-line.ts'

test.for<[string, string[]]>([
  ['echo hello', ['echo', 'hello']],
  ['  echo \t hello \n', ['echo', 'hello']],
  ['', []],
  ['   ', []],
  ['echo $X ${Y} *.txt ~ > file | cat', ['echo', '$X', '${Y}', '*.txt', '~', '>', 'file', '|', 'cat']],
  ['echo # not a comment', ['echo', '#', 'not', 'a', 'comment']],
  [`echo 'a b' "c d"`, ['echo', 'a b', 'c d']],
  [`echo '' ""`, ['echo', '', '']],
  [`a'b c'"d e"f\\ g`, ['ab cd ef g']],
  [`echo 'it'\\''s'`, ['echo', "it's"]],
  [`echo 'a\\b"c'`, ['echo', 'a\\b"c']],
  [`echo "a'b"`, ['echo', "a'b"]],
  [`echo "\\"\\\\\\$\\\`"`, ['echo', '"\\$`']],
  [`echo "\\n\\t"`, ['echo', '\\n\\t']],
  [`echo \\n \\"x\\"`, ['echo', 'n', '"x"']],
  ['echo a\\\nb', ['echo', 'ab']],
  ['echo "a\\\nb"', ['echo', 'ab']],
  ['echo "two\nlines"', ['echo', 'two\nlines']],
  [
    `/bin/bash -c 'set -e; set -o pipefail; a;b; wait'`,
    ['/bin/bash', '-c', 'set -e; set -o pipefail; a;b; wait'],
  ],
  [`/bin/bash -c "echo \\"hi $X\\" > out.txt"`, ['/bin/bash', '-c', 'echo "hi $X" > out.txt']],
  ['python3 -c "print(\'ü 日本 🙂\')"', ['python3', '-c', "print('ü 日本 🙂')"]],
])('%j is split into %j', ([text, words]) => {
  expect(splitCommandLine(text)).toEqual(words)
})

test.for([`echo 'a`, `echo "a`, `echo "a\\"`, 'echo a\\', `it's`])('%j has an unclosed quote', (text) => {
  expect(() => splitCommandLine(text)).toThrow(SyntaxError)
})

test('what the shell wrapper builds comes back as the commands it was given', () => {
  const commands = [`echo 'it'\\''s' "$HOME"`, 'printf "%s\\n" \\$x', 'a && b || c']
  expect(splitCommandLine(wrapCommandsInShell('linux', commands))).toEqual([
    '/bin/bash',
    '-c',
    `set -e; set -o pipefail; ${commands.join('; ')}; wait`,
  ])
})

test('any text survives quoting and splitting', () => {
  const text = ` '"\\$\`\n\t*?[]{}!#~&;|<>()üé🙂`
  expect(splitCommandLine(`echo ${quote(text)}`)).toEqual(['echo', text])
})

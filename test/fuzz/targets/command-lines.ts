// Command lines: what was quoted comes back as it was, and all else is words or a mistake that is told.

import { splitCommandLine } from '../../../emulator/src/node/command-line.ts'
import { defineTarget, expectThat, orRefused, type Target } from '../target.ts'
import { type Language, makeText } from '../texts.ts'

const COMMANDS: Language = {
  valid: [
    `sh -c "echo \\"hi\\" > out.txt; exit 3"`,
    `python3 main.py --name 'it is' a\\ b`,
    `cmd /c echo %PATH% "C:\\Program Files\\x"`,
    `a 'b'"c"d\\\n e`,
  ],
  words: [
    'sh',
    '-c',
    ' ',
    '\t',
    '\n',
    '\\',
    "'",
    '"',
    '\\"',
    "'x y'",
    '"x y"',
    '$HOME',
    '`',
    '\\\n',
    '""',
    "''",
    'é',
  ],
}

/** A command line, and words to quote. */
export function openCommandLines(): Target {
  return defineTarget({
    name: 'command-lines',
    make: (random) => ({
      text: makeText(random, COMMANDS),
      words: Array.from({ length: random.int(5) }, () => makeText(random, COMMANDS).slice(0, 40)),
    }),
    check({ text, words }) {
      orRefused(
        () => splitCommandLine(text),
        (error) => error instanceof SyntaxError,
      )
      const again = splitCommandLine(words.map(quote).join(' '))
      expectThat(
        JSON.stringify(again) === JSON.stringify(words),
        `quoted words stay: ${JSON.stringify(again)}`,
      )
    },
  })
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}

// A command line runs without a shell: words are split by POSIX quoting, and nothing is expanded.

/** The words of a command line. @throws SyntaxError when a quote is not closed, or nothing follows a last backslash. */
export function splitCommandLine(text: string): string[] {
  return [...text.matchAll(WORD)].map(([word]) => unquote(word))
}

// A word is a run of plain characters, escapes, '…' and "…"; what is left over is an unclosed quote or escape.
const WORD = /(?:[^\s'"\\]+|\\[^]|'[^']*'|"(?:[^"\\]|\\[^])*"|['"\\])+/g
const PART = /[^\s'"\\]+|\\([^])|'([^']*)'|"((?:[^"\\]|\\[^])*)"|(['"\\])/g

/** Inside double quotes a backslash is one, except before these. */
const ESCAPE_IN_DOUBLE_QUOTES = /\\([$`"\\\n])/g

function unquote(word: string): string {
  return word.replaceAll(PART, (plain, escaped?: string, single?: string, double?: string, open?: string) => {
    if (open !== undefined) throw new SyntaxError(`unclosed ${open} in the command line`)
    if (escaped !== undefined) return continued(escaped)
    return (
      single ?? double?.replaceAll(ESCAPE_IN_DOUBLE_QUOTES, (_, char: string) => continued(char)) ?? plain
    )
  })
}

/** A backslash before the end of a line joins it with the next. */
function continued(char: string): string {
  return char === '\n' ? '' : char
}

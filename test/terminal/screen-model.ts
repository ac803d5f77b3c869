// What a person sees: the bytes of a terminal as the lines that they leave on its screen. It knows what the command line
// and readline write, and rejects everything else, so that nothing is judged that was not understood.

/** A screen that never scrolls: all lines that were written are there. */
export type ScreenModel = ReturnType<typeof createScreenModel>

interface Cursor {
  row: number
  column: number
}

// oxlint-disable-next-line no-control-regex
const SEQUENCE = /^\u001B\[(\??)(\d*(?:;\d+)*)([A-Za-z])/

/** A screen of this width. */
export function createScreenModel(columns: number) {
  const rows: string[][] = [[]]
  const cursor: Cursor = { row: 0, column: 0 }
  const facts = { width: columns, wraps: 0, styles: new Set<string>(), isCursorShown: true }
  const line = (): string[] => (rows[cursor.row] ??= [])

  function put(character: string): void {
    if (cursor.column >= facts.width) {
      facts.wraps++
      cursor.row++
      cursor.column = 0
    }
    const cells = line()
    while (cells.length < cursor.column) cells.push(' ')
    cells[cursor.column++] = character
  }

  function erase(kind: 'line' | 'screen', part: number): void {
    if (part === 2 && kind === 'line') line().length = 0
    else line().splice(cursor.column)
    if (kind === 'screen') rows.splice(cursor.row + 1)
  }

  function move(count: number, letter: string): boolean {
    if (letter === 'A') cursor.row = Math.max(0, cursor.row - count)
    else if (letter === 'B') cursor.row += count
    else if (letter === 'C') cursor.column = Math.min(facts.width - 1, cursor.column + count)
    else if (letter === 'D') cursor.column = Math.max(0, cursor.column - count)
    else if (letter === 'G') cursor.column = count - 1
    else return false
    return true
  }

  function obey(isPrivate: boolean, numbers: string, letter: string): void {
    const first = Number(numbers.split(';')[0])
    if (letter === 'm') facts.styles.add(numbers)
    else if (isPrivate && first === 25) facts.isCursorShown = letter === 'h'
    else if (isPrivate && first === 2004) return
    else if (letter === 'K') erase('line', first)
    else if (letter === 'J' && first === 0) erase('screen', first)
    else if (!move(first || 1, letter)) throw new Error(`Unknown sequence: ${numbers}${letter}`)
  }

  return {
    /** Takes what a terminal is sent. */
    write(text: string): void {
      for (let i = 0; i < text.length;) {
        const sequence = SEQUENCE.exec(text.slice(i, i + 32))
        const character = String.fromCodePoint(text.codePointAt(i) ?? 0)
        if (sequence) obey(sequence[1] === '?', sequence[2] ?? '', sequence[3] ?? '')
        else if (character === '\r') cursor.column = 0
        else if (character === '\n') cursor.row++
        else if (character === '\b') cursor.column = Math.max(0, cursor.column - 1)
        else if (/\p{Cc}/u.test(character))
          throw new Error(`Unknown control character: ${JSON.stringify(text.slice(i, i + 8))}`)
        else put(character)
        i += sequence?.[0].length ?? character.length
      }
    },
    /** The lines down to the cursor's, without the blanks at their ends. */
    lines: (): string[] =>
      Array.from({ length: Math.max(rows.length, cursor.row + 1) }, (_, i) =>
        (rows[i] ?? []).join('').trimEnd(),
      ),
    /** Line wraps, styles (SGR), whether the cursor can be seen. */
    facts: (): Readonly<typeof facts> => facts,
    cursor: (): Readonly<Cursor> => cursor,
  }
}

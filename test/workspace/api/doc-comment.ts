// A documentation comment as text: its stars and line breaks gone, its tags apart.

/** What a comment says. */
export interface DocComment {
  /** Paragraphs of Markdown, each in one line; empty if the comment has tags only. */
  text: string
  /** Of `@default`. */
  default?: string
  /** Name and text of each `@param`. */
  params: [name: string, text: string][]
}

/** Reads a comment, from its opening to its closing sign. */
export function parseDocComment(comment: string): DocComment {
  const [text = '', ...tags] = ` ${paragraphs(comment)}`.split(/\s(?=@(?:default|param)\s)/)
  const doc: DocComment = { text: text.trim(), params: [] }
  for (const tag of tags) {
    const [, kind, rest = ''] = /^@(\w+)\s+([^]*)$/.exec(tag) ?? []
    const [, name = '', says = ''] = /^(\S+)\s*([^]*)$/.exec(rest.trim()) ?? []
    if (kind === 'default') doc.default = rest.trim()
    else doc.params.push([name, says.trim()])
  }
  return doc
}

function paragraphs(comment: string): string {
  const lines = comment
    .replace(/^\/\*\*/, '')
    .replace(/\*\/$/, '')
    .split('\n')
  const text = lines.map((line) => line.replace(/^\s*\* ?/, '').trim()).join('\n')
  return text.trim().replaceAll(/(?<!\n)\n(?![\n-])/g, ' ')
}

// The fenced blocks of a page, as the tests of this folder read them. What they mean is in CONTRIBUTING.md.

/** A fenced block. */
export interface Block {
  /** Where its text begins, `docs/why.md:6`. */
  at: string
  /** What follows the fence: `sh`, `console`, `python` …; empty if nothing does. */
  language: string
  /** Of `title="NAME"`: the text is the file NAME. */
  title?: string
  /** Each line ends with a line feed. */
  text: string
  /** The page's text without the lines of fences. */
  page: string
}

const FENCE = /^(?<indent> *)(?<fence>`{3,})(?<info>[^`]*)$/

/** All blocks of a page in their order. An error when one has no end. */
export function readBlocks(page: string, markdown: string): Block[] {
  const lines = markdown.split('\n')
  const blocks: Block[] = []
  for (let index = 0; index < lines.length; index++) {
    const { indent = '', fence = '', info = '' } = FENCE.exec(lines[index] ?? '')?.groups ?? {}
    if (fence === '') continue
    const end = lines.findIndex((line, later) => later > index && line.trim() === fence)
    if (end < 0) throw new Error(`${page}:${index + 1}: the block has no end.`)
    const inside = lines.slice(index + 1, end).map((line) => line.replace(indent, ''))
    const title = /\btitle="([^"]+)"/.exec(info)?.[1]
    blocks.push({
      at: `${page}:${index + 2}`,
      language: info.trim().split(/\s/)[0] ?? '',
      ...(title !== undefined && { title }),
      text: inside.map((line) => `${line}\n`).join(''),
      page: lines.filter((line) => !FENCE.test(line)).join('\n'),
    })
    index = end
  }
  return blocks
}

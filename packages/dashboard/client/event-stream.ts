// Server-sent events read by hand: EventSource cannot send the header that carries the token.

export interface ServerEvent {
  /** @default 'message' */
  event: string
  data: string
}

/** Cuts text into events as it arrives; comments are left out. */
export function createEventParser(): (text: string) => ServerEvent[] {
  let rest = ''
  return (text) => {
    const blocks = (rest + text).split('\n\n')
    rest = blocks.pop() ?? ''
    return blocks.map(parseBlock).filter((event) => event !== undefined)
  }
}

function parseBlock(block: string): ServerEvent | undefined {
  const fields = block.split('\n').map((line) => /^(\w+): ?(.*)$/.exec(line))
  const of = (name: string): string[] =>
    fields.flatMap((match) => (match?.[1] === name ? [match[2] ?? ''] : []))
  const data = of('data')
  return data.length > 0 ? { event: of('event')[0] ?? 'message', data: data.join('\n') } : undefined
}

// Source text of declarations, made fit for a page.

/** The text without `export`, `async` and what introduces a body. */
export function withoutBody(text: string): string {
  return text
    .replace(/^export /, '')
    .replace(/^async /, '')
    .replace(/\s*=>?\s*$/, '')
    .trim()
}

/** A member or a type in one line, without comments, defaults of parameters and `readonly`. */
export function inOneLine(text: string): string {
  return text
    .replaceAll(/\/\*\*.*?\*\/\s*/gs, '')
    .replaceAll(/(?<=[^\s{([<,|&=:?])\s*\n\s*(?=[^\s})\]>|&?:.=])/g, '; ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/(?<=[([<]) |,? (?=[)\]>])|,(?=[)\]>])/g, '')
    .replace(/: \| /, ': ')
    .replace(/^(override )?(readonly )?/, '')
    .replace(/[,;]$/, '')
    .trim()
}

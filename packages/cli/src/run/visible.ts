// What programs print, shown so that nothing in it acts on a terminal and nothing is hidden.

/** Characters that turn the direction of text, or take no room. */
const HIDDEN = /[\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF]/g

/** The text with control characters as `cat -v` shows them, and with the code of those that nobody would see. */
export function visible(text: string): string {
  return text.replace(/(?!\t)\p{Cc}/gu, caret).replace(HIDDEN, (character) => `<U+${codeOf(character)}>`)
}

function caret(character: string): string {
  const code = character.charCodeAt(0)
  if (code >= 0x80) return `<U+${codeOf(character)}>`
  return `^${String.fromCharCode(code ^ 0x40)}`
}

function codeOf(character: string): string {
  return character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
}

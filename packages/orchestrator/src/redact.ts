// Texts of nodes and services may quote a SAS; its signature is a secret and never leaves this package.

/** The text without the signatures of SAS tokens. */
export function redact(text: string): string {
  return text.replace(/\bsig=[^&\s"']+/gi, 'sig=***')
}

// Texts of nodes and services may quote a SAS or a key; a secret never leaves this package.

const SIGNATURE = /\b(sig(?:=|%3D))[^&\s"']+/gi
const KEY = /\b((?:Account|SharedAccess)(?:Key|Signature)=)[^;\s"']+/gi

/** The text without the signatures of SAS tokens, and without the keys of connection strings. */
export function redact(text: string): string {
  return text.replace(SIGNATURE, '$1***').replace(KEY, '$1***')
}

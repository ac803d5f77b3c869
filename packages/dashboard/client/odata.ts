// Filters in the service's language.

/** A text as it stands in a filter. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

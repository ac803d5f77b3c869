// Lines on the standard streams, for commands whose output needs no screen.

/** A line on standard output. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** A document on standard output. */
export function printJson(document: unknown): void {
  print(JSON.stringify(document, null, 2))
}

/** A line on standard error. */
export function complain(line: string): void {
  process.stderr.write(`${line}\n`)
}

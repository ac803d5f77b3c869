// What an exit code usually means, for people who do not know them by heart.

const SIGNALS: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL, an illegal instruction',
  6: 'SIGABRT, it gave up itself',
  7: 'SIGBUS',
  8: 'SIGFPE, such as a division by zero',
  9: 'SIGKILL, often for want of memory',
  11: 'SIGSEGV, it used memory that is not its own',
  13: 'SIGPIPE',
  15: 'SIGTERM, it was asked to end',
}

/** An exit code in words; empty where it has no usual meaning. */
export function exitWords(code: number): string {
  if (code === 0) return 'success'
  if (code === 126) return 'the command was found but could not be executed'
  if (code === 127) return 'the shell did not find the command'
  const signal = code < 0 ? -code : code - 128
  const name = SIGNALS[signal]
  if (name !== undefined && code < 0) return `ended by signal ${signal} (${name})`
  return name !== undefined && code > 128 ? `probably ended by signal ${signal} (${name})` : ''
}

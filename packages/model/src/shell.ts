// Command lines run without a shell on a node; these build the ones that need one.

/**
 * One command line that runs `commands` in order in a shell and stops at the first failure:
 * `/bin/bash -c 'set -e; set -o pipefail; c1; c2; wait'` on Linux, `cmd.exe /c "c1&c2"` on Windows.
 * Quotes inside the commands survive.
 */
export function wrapCommandsInShell(os: 'linux' | 'windows', commands: readonly string[]): string {
  if (os === 'windows') return `cmd.exe /c "${commands.join('&')}"`
  return `/bin/bash -c ${quote(`set -e; set -o pipefail; ${commands.join('; ')}; wait`)}`
}

/** The text as one word of a POSIX shell, whatever is in it. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

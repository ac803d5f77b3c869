// Whether a command printed what its page shows. Ids, ports, times and widths of columns are other ones each time.

/** What differs from one run to the next, and what stands for it. Both the page and the output are written this way. */
const VARYING: readonly [RegExp, string][] = [
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?Z?(\+00:00)?/g, 'TIME'],
  [/\b\d+:\d\d:\d\d\b/g, 'DURATION'],
  [/\b\d+(\.\d+)? ?(ms|s)\b/g, 'SECONDS'],
  [/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, 'UUID'],
  [/\btvmps_[0-9a-f…]+(_[dp])?/g, 'NODE'],
  [/\b(127\.0\.0\.1|localhost):\d+/g, '$1:PORT'],
  [/^(Endpoints: .*\n)/gm, ''],
  [/ --endpointsFile '[^']*'/g, ''],
  [/\b([Pp]rocess(?: is|:)?)\s+\d+/g, '$1 PID'],
  [/\.{4,}/g, '...'],
  [/[-=]{4,}/g, '---'],
  [/^(> .*|\$ node .*)\n/gm, ''], // what npm and pnpm say before a script
  [/[^\S\n]+/g, ' '],
  [/ $/gm, ''],
]

/** Files are transferred side by side, so that the order of these lines varies. */
const TRANSFERS = /(?:^(?:Uploading file| Downloaded blob) .*\n)+/gm

/** The text without what varies, without empty lines at its ends, and with the end of its last line. */
export function normalise(text: string): string {
  const alike = VARYING.reduce((rest, [pattern, word]) => rest.replaceAll(pattern, word), `${text}\n`)
    .replace(/^\n+/, '')
    .replace(/\n+$/, '\n')
  return alike.replaceAll(TRANSFERS, (lines) => lines.match(/.*\n/g)?.sort(byFile).join('') ?? '')
}

function byFile(a: string, b: string): number {
  const [one = '', other = ''] = [a, b].map((line) => /[^/]*$/.exec(line)?.[0])
  return one < other ? -1 : Number(one > other)
}

/** `…` on a page stands for anything within a line; alone on its line for any lines. */
export function isWhatWasShown(shown: string, printed: string): boolean {
  const lines = normalise(shown).match(/.*\n/g) ?? []
  const pattern = lines.map((line) => (line.trim() === '…' ? '(?:.*\\n)*?' : linePattern(line))).join('')
  return new RegExp(`^${pattern}$`).test(normalise(printed))
}

function linePattern(line: string): string {
  return line
    .split('…')
    .map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
    .join('.*?')
}

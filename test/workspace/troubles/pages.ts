// The generated parts of docs/troubleshooting.md.

import { BATCH_ERRORS, BatchError, type BatchErrorCode } from '@malachite/model'
import { withHint } from '../../../emulator/src/http/hints.ts'
import { CHAPTERS, type Advice, type Example } from './advice.ts'
import { SITUATIONS, type Situation } from './situations.ts'

/** What goes wrong beside errors of the service. */
export function situations(): string {
  return Object.entries(SITUATIONS)
    .map(([title, all]) => [`## ${title}`, ...all.map(situation)].join('\n\n'))
    .join('\n\n')
}

/** Every code of the service with its cause and what to do, by chapter. */
export function codes(): string {
  return Object.entries(CHAPTERS)
    .map(([title, chapter]) => {
      const rows = (Object.entries(chapter) as [BatchErrorCode, Advice][]).map(row)
      return [`### ${title}`, '', '| code | usual cause | what to do |', '|---|---|---|', ...rows].join('\n')
    })
    .join('\n\n')
}

function situation({ title, messages, foreign = [], text }: Situation): string {
  const lines = [...messages, ...foreign].map((message) => message.replaceAll(/\{(.*?)\}/g, '$1'))
  const shown = lines.length > 0 ? [['```', ...lines, '```'].join('\n')] : []
  return [`### ${title}`, ...shown, text].join('\n\n')
}

function row([code, [cause, fix, ...examples]]: [BatchErrorCode, Advice]): string {
  const remedies = [
    fix,
    ...examples.map((example) => `${example.when ?? ''} ${hintOf(code, example)}`.trim()),
  ].filter(Boolean)
  return `| \`${code}\` ${BATCH_ERRORS[code][0]} | ${inCell(cause)} | ${inCell(remedies.join(' '))} |`
}

/** The emulator's own hint for such a request. */
function hintOf(
  code: BatchErrorCode,
  { details = {}, method = 'GET', url = '/', headers = {} }: Example,
): string {
  const hint = withHint(new BatchError(code, details), { method, url, headers }).details['Hint']
  if (hint === undefined) throw new Error(`The emulator has no hint for this ${code}`)
  return hint
}

function inCell(text: string): string {
  return text.replaceAll('|', '\\|')
}

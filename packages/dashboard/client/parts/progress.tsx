// How far the tasks of a job are: one bar of four kinds, and the same in words.

import type { TaskCounts } from '@malachite/model'
import { formatNumber, percent } from '../format.ts'

const PARTS = [
  ['succeeded', 'succeeded', 'good'],
  ['failed', 'failed', 'bad'],
  ['running', 'running', 'busy'],
  ['active', 'waiting', 'wait'],
] as const

/** Tasks by state as a bar; the words are its name. */
export function ProgressBar({ counts }: { counts: TaskCounts }) {
  const total = counts.active + counts.running + counts.completed
  return (
    <div class="bar" role="img" aria-label={inWords(counts)}>
      {PARTS.map(([key, , tone]) => (
        <span
          key={key}
          class={`bar-part tone-${tone}`}
          style={{ width: `${percent(counts[key], total)}%` }}
          hidden={counts[key] === 0}
        />
      ))}
    </div>
  )
}

/** The numbers under a bar. */
export function CountLegend({ counts }: { counts: TaskCounts }) {
  return (
    <ul class="legend">
      {PARTS.map(([key, word, tone]) => (
        <li key={key} class={counts[key] === 0 ? 'faint' : ''}>
          <span class={`swatch tone-${tone}`} />
          <b>{formatNumber(counts[key])}</b> {word}
        </li>
      ))}
    </ul>
  )
}

function inWords(counts: TaskCounts): string {
  const parts = PARTS.filter(([key]) => counts[key] > 0)
  if (parts.length === 0) return 'No tasks'
  return parts.map(([key, word]) => `${formatNumber(counts[key])} ${word}`).join(', ')
}

/** All tasks that the counts know of. */
export function totalOf(counts: TaskCounts): number {
  return counts.active + counts.running + counts.completed
}

// Tasks that end, second by second, since the page was opened.

import { formatNumber } from '../format.ts'
import type { Meter } from '../meter.ts'
import { now } from '../now.ts'
import { Chart } from './chart.tsx'

/** The last seconds that count as “now”. */
const RECENT = 5

/** The chart of a meter with its latest rate as a number. */
export function Throughput({ meter }: { meter: Meter }) {
  void meter.version.value
  const end = Math.floor(now.value / 1000)
  const { succeeded, failed } = meter.rates(now.value)
  const rate = recentOf(succeeded)
  const failures = recentOf(failed)
  const times = succeeded.map((_, i) => end - succeeded.length + i)
  const label = `${formatRate(rate)} tasks per second succeed now, ${formatRate(failures)} fail; the chart shows two minutes`
  return (
    <div class="throughput">
      <p class="rates">
        <span>
          <b>{formatRate(rate)}</b> succeed per second
        </span>
        <span class={failures > 0 ? 'text-bad' : ''}>
          <b>{formatRate(failures)}</b> fail per second
        </span>
      </p>
      <Chart
        label={label}
        data={{
          times,
          lines: [
            { name: 'succeeded', color: '--good', values: succeeded },
            { name: 'failed', color: '--bad', values: failed },
          ],
        }}
      />
    </div>
  )
}

function recentOf(rates: readonly number[]): number {
  return rates.slice(-RECENT).reduce((sum, rate) => sum + rate, 0) / RECENT
}

function formatRate(rate: number): string {
  return rate === 0 || rate >= 10 ? formatNumber(Math.round(rate)) : rate.toFixed(1)
}

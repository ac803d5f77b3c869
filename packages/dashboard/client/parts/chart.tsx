// A chart of lines over time, with its numbers in words for those who do not see it.

import { useEffect, useRef } from 'preact/hooks'
import type { Plot, PlotData } from '../plot.ts'

export interface ChartProps {
  data: PlotData
  /** What the chart shows now, in a sentence. */
  label: string
  /** Pixels. @default 140 */
  height?: number
}

/** The chart; its library is loaded with the first one. */
export function Chart({ data, label, height = 140 }: ChartProps) {
  const place = useRef<HTMLDivElement>(null)
  const plot = useRef<Plot>(undefined)
  const latest = useRef(data)
  latest.current = data
  useEffect(() => {
    let isGone = false
    void import('../plot.ts').then(({ createPlot }) => {
      if (!isGone && place.current) plot.current = createPlot(place.current, height, latest.current)
    })
    return () => {
      isGone = true
      plot.current?.destroy()
    }
  }, [height])
  useEffect(() => plot.current?.update(data), [data])
  return (
    <figure class="chart">
      <div
        ref={place}
        class="chart-place"
        role="img"
        aria-label={label}
        style={{ minHeight: `${height}px` }}
      />
      <figcaption class="legend">
        {data.lines.map(({ name, color }) => (
          <span key={name}>
            <span class="swatch" style={{ background: `var(${color})` }} /> {name}
          </span>
        ))}
      </figcaption>
    </figure>
  )
}

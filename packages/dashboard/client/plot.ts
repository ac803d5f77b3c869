// The chart library, loaded when a page has a chart.

import UPlot from 'uplot'
import { formatClock } from './format.ts'

export interface Line {
  name: string
  /** Custom property of the colour. */
  color: string
  values: readonly (number | null)[]
  /** Values hold until the next one. */
  isStepped?: boolean
}

export interface PlotData {
  /** Seconds since 1970. */
  times: readonly number[]
  lines: readonly Line[]
}

export interface Plot {
  update: (data: PlotData) => void
  destroy: () => void
}

/** Draws lines over time into an element as wide as it is, and again when width or colour scheme change. */
export function createPlot(place: HTMLElement, height: number, first: PlotData): Plot {
  let data = first
  const scheme = matchMedia('(prefers-color-scheme: dark)')
  const draw = (): UPlot => new UPlot(optionsOf(place, height, data), toTable(data), place)
  let chart = draw()
  const redraw = (): void => {
    chart.destroy()
    chart = draw()
  }
  const observer = new ResizeObserver(() => chart.setSize({ width: widthOf(place), height }))
  observer.observe(place)
  scheme.addEventListener('change', redraw)
  return {
    update(changed) {
      data = changed
      chart.setData(toTable(data))
    },
    destroy() {
      observer.disconnect()
      scheme.removeEventListener('change', redraw)
      chart.destroy()
    },
  }
}

function widthOf(place: HTMLElement): number {
  return Math.max(place.clientWidth, 80)
}

function toTable({ times, lines }: PlotData): UPlot.AlignedData {
  return [[...times], ...lines.map(({ values }) => [...values])]
}

function optionsOf(place: HTMLElement, height: number, { lines }: PlotData): UPlot.Options {
  const style = getComputedStyle(place)
  const colorOf = (name: string): string => style.getPropertyValue(name).trim()
  const axis = {
    stroke: colorOf('--text-2'),
    font: '11px system-ui',
    grid: { stroke: colorOf('--line'), width: 1 },
    ticks: { show: false },
  }
  return {
    width: widthOf(place),
    height,
    cursor: { show: false },
    legend: { show: false },
    padding: [8, 8, 0, 0],
    axes: [
      {
        ...axis,
        grid: { show: false },
        space: 80,
        size: 28,
        values: (_, times) => times.map((time) => formatClock(time * 1000)),
      },
      { ...axis, size: 36, space: 24 },
    ],
    scales: { y: { range: (_, _min, max) => [0, Math.max(1, Math.ceil(max * 1.1))] } },
    series: [
      {},
      ...lines.map(({ name, color, isStepped }) => ({
        label: name,
        stroke: colorOf(color),
        fill: `${colorOf(color)}22`,
        width: 1.5,
        points: { show: false },
        ...(isStepped && UPlot.paths.stepped && { paths: UPlot.paths.stepped({ align: 1 }) }),
      })),
    ],
  }
}

// From values to places along an axis.

/** An axis: its marks, and where a value is between 0 and 1. */
export interface Scale {
  ticks: number[]
  place: (value: number) => number
}

/** From 0 to a round number above the values, with about five marks. */
export function linearScale(values: readonly number[]): Scale {
  const highest = Math.max(...values, Number.MIN_VALUE)
  const magnitude = 10 ** Math.floor(Math.log10(highest / 5))
  const step = [1, 2, 5, 10].map((n) => n * magnitude).find((n) => n * 5 >= highest) ?? highest
  const count = Math.ceil(highest / step - 1e-9)
  return {
    ticks: Array.from({ length: count + 1 }, (_, i) => Number((i * step).toPrecision(12))),
    place: (value) => value / (count * step),
  }
}

/** Whole powers of ten around the values; with marks at 2 and 5, too, where there are few. */
export function logScale(values: readonly number[]): Scale {
  const first = Math.floor(Math.log10(Math.min(...values)) + 1e-9)
  const last = Math.max(first + 1, Math.ceil(Math.log10(Math.max(...values)) - 1e-9))
  const decades = Array.from({ length: last - first + 1 }, (_, i) => first + i)
  const steps = decades.length > 3 ? [1] : [1, 2, 5]
  return {
    ticks: decades
      .flatMap((decade) => steps.map((step) => Number((step * 10 ** decade).toPrecision(3))))
      .filter((tick) => tick <= 10 ** last * 1.001),
    place: (value) => (Math.log10(value) - first) / (last - first),
  }
}

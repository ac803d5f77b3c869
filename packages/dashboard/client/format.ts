// Numbers, times and sizes as people read them.

const NUMBER = new Intl.NumberFormat('en-US')
const CLOCK = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
})
const DAY = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' })

/** 1234567 -> 1,234,567 */
export function formatNumber(value: number): string {
  return NUMBER.format(value)
}

/** `1 task`, `2 tasks`. */
export function plural(count: number, noun: string): string {
  return `${formatNumber(count)} ${noun}${count === 1 ? '' : 's'}`
}

/** The time of day; with the day when it is not today. */
export function formatTime(time: string, now = new Date()): string {
  const date = new Date(time)
  const clock = formatClock(date.getTime())
  return date.toDateString() === now.toDateString() ? clock : `${DAY.format(date)} ${clock}`
}

/** The time of day, to the second. */
export function formatClock(time: number): string {
  return CLOCK.format(time)
}

/** Milliseconds as `820 ms`, `4.2 s`, `3 min 5 s`, `2 h 10 min`, `4 d 3 h`. */
export function formatSpan(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`
  const s = ms / 1000
  if (s < 60) return `${s < 10 && !Number.isInteger(s) ? s.toFixed(1) : Math.floor(s)} s`
  const pairs = [
    [86_400, 'd', 3600, 'h'],
    [3600, 'h', 60, 'min'],
    [60, 'min', 1, 's'],
  ] as const
  for (const [big, bigName, small, smallName] of pairs) {
    if (s >= big) return `${Math.floor(s / big)} ${bigName} ${Math.floor((s % big) / small)} ${smallName}`
  }
  return ''
}

/** Bytes as `512 B`, `1.5 KB`, `20 MB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  const step = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), units.length - 1)
  const value = bytes / 1024 ** step
  return `${step === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[step]}`
}

/** An id that fits into a row: ids of nodes have 70 characters, of which the last tell most. */
export function shortId(id: string): string {
  return id.length <= 30 ? id : `${id.slice(0, 8)}…${id.slice(-8)}`
}

/** Share in per cent, 0 to 100. */
export function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : (100 * part) / whole
}

/** The service's way to say “without limit”, or a duration such as `P7D` in words. */
export function formatDuration(text: string | undefined): string {
  if (text === undefined) return ''
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?$/.exec(text)
  if (!match) return text
  const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0))
  // The largest time span of .NET.
  if ((days ?? 0) > 10_000_000) return 'no limit'
  const parts = [
    [days, 'd'],
    [hours, 'h'],
    [minutes, 'min'],
    [seconds, 's'],
  ] as const
  return parts.flatMap(([count, unit]) => (count ? [`${count} ${unit}`] : [])).join(' ') || '0 s'
}

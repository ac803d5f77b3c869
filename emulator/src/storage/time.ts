// Times are stored as whole microseconds since 1970 (fits a JavaScript integer; the service's 100 ns ticks would not).

/** .NET ticks (100 ns since year 1) at 1970-01-01. */
const EPOCH_TICKS = 621_355_968_000_000_000n

/** The service's text of a time: ISO 8601 UTC, trailing zeros of the fraction trimmed (`2026-01-01T00:00:00.5Z`). */
export function toIso(us: number): string {
  const second = isoSecond(Math.floor(us / 1e6))
  const fraction = us % 1e6
  return fraction === 0 ? `${second}Z` : `${second}.${trim(String(fraction).padStart(6, '0'))}Z`
}

// A task has five times, most of them in the same second as those of the task before it in a list: remembering the last
// one makes a time cost 0.1 us instead of 0.6.
let last = { second: 0, text: '1970-01-01T00:00:00' }

function isoSecond(second: number): string {
  if (last.second !== second) last = { second, text: new Date(second * 1000).toISOString().slice(0, 19) }
  return last.text
}

function trim(digits: string): string {
  return digits.replace(/0+$/, '')
}

/** The service's eTag: `0x` and the hexadecimal .NET ticks of the last modification. */
export function toETag(us: number): string {
  return `0x${(BigInt(us) * 10n + EPOCH_TICKS).toString(16).toUpperCase()}`
}

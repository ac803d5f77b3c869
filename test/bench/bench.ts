// What a benchmark gives back, and how long commands take.

import { spawnSync } from 'node:child_process'

/** One measured thing: figures with their units, and how we stand to a peer that was measured in the same run. */
export interface Measurement {
  name: string
  figures: Record<string, number | string>
  /** Ours divided by the peer's; what is better is said in the name. Absent peers are named in `missing`. */
  ratios: Record<string, number>
  /** Peers that are not on this machine, with how to get them. */
  missing?: string[]
  /** Bounds that the ratios or figures must keep, as `[text, kept]`. */
  bounds?: [bound: string, kept: boolean][]
}

/** Seconds that a command takes; undefined when its program is not on this machine. */
export function timeCommand(program: string, args: readonly string[], input?: string): number | undefined {
  const start = performance.now()
  const { error, status, stderr } = spawnSync(program, args, { input, encoding: 'utf8', maxBuffer: 1 << 28 })
  if (error && 'code' in error && error.code === 'ENOENT') return undefined
  if (error || status !== 0) throw new Error(`${program} failed: ${error?.message ?? stderr}`)
  return (performance.now() - start) / 1000
}

/** Two significant decimals. */
export function round(value: number): number {
  return Number(value.toPrecision(3))
}

// npm run bench: every benchmark prints its figures and its ratios to a peer measured in the same run.
// `-- --json FILE` writes them; `-- --only NAME` runs one. Exit code 1 when a bound is not kept.

import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import type { Measurement } from './bench.ts'
import { measureDurability } from './durability.ts'
import { measureLatency } from './latency.ts'
import { measureNodes } from './nodes.ts'
import { measureRequests } from './requests.ts'
import { measureScale, QUICK_SIZES } from './scale.ts'
import { measureScheduling } from './scheduling.ts'
import { measureShortTasks } from './short-tasks.ts'
import { measureStart } from './start.ts'
import { measureTutorial } from './tutorial.ts'
import { measureWordCount } from './word-count.ts'

const BENCHMARKS: Record<string, () => Promise<Measurement>> = {
  start: measureStart,
  tutorial: measureTutorial,
  'short-tasks': measureShortTasks,
  latency: measureLatency,
  'word-count': measureWordCount,
  requests: measureRequests,
  scheduling: measureScheduling,
  durability: measureDurability,
  nodes: () => measureNodes(),
  scale: () => measureScale(QUICK_SIZES),
}

/** Those that take many minutes: only when they are asked for. */
const LONG: typeof BENCHMARKS = { million: () => measureScale() }

const { values } = parseArgs({ options: { json: { type: 'string' }, only: { type: 'string' } } })
const names = values.only === undefined ? Object.keys(BENCHMARKS) : [values.only]
const measurements: Measurement[] = []
console.log(`Node ${process.version}, ${availableParallelism()} cores\n`)
for (const name of names) {
  const measure = BENCHMARKS[name] ?? LONG[name]
  if (!measure)
    throw new Error(`no benchmark "${name}"; there are ${Object.keys({ ...BENCHMARKS, ...LONG }).join(', ')}`)
  const measurement = await measure()
  measurements.push(measurement)
  print(measurement)
}
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(measurements, null, 2)}\n`)
if (measurements.some(({ bounds = [] }) => bounds.some(([, kept]) => !kept))) process.exitCode = 1

function print({ name, figures, ratios, missing = [], bounds = [] }: Measurement): void {
  console.log(name)
  for (const [label, value] of Object.entries({ ...figures, ...ratios }))
    console.log(`  ${label.padEnd(56)} ${value}`)
  for (const program of missing) console.log(`  not measured: ${program} is not on this machine`)
  for (const [bound, kept] of bounds) console.log(`  ${kept ? 'kept' : 'NOT KEPT'}: ${bound}`)
  console.log()
}

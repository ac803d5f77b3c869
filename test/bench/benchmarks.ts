// The benchmarks by name: what each is about, how much it does in a full run, and how much in a quick one.

import { type Measurement, repeat } from './bench.ts'
import { measureDurability } from './durability.ts'
import { measureLatency } from './latency.ts'
import { measureNodes } from './nodes.ts'
import { measureRequests } from './requests.ts'
import { measureScale } from './scale.ts'
import { measureScheduling } from './scheduling.ts'
import { measureShortTasks } from './short-tasks.ts'
import { measureStart } from './start.ts'
import { measureTutorial } from './tutorial.ts'
import { measureWordCount } from './word-count.ts'

/** Where a benchmark may make files that have to be in memory. */
export interface Places {
  memory: string
}

/** One benchmark. */
export interface Benchmark {
  /** What it is about, in half a sentence. */
  about: string
  full: (places: Places) => Promise<Measurement>
  quick: (places: Places) => Promise<Measurement>
  /** What a quick run does less of. */
  less: string
  /** It takes many minutes: only when it is asked for. */
  isLong?: true
}

/** In the order in which they run. */
export const BENCHMARKS: Readonly<Record<string, Benchmark>> = {
  start: {
    about: "a start of the emulator, beside Azurite's",
    full: () => measureStart({ rounds: 9 }),
    quick: () => measureStart({ rounds: 3 }),
    less: '3 starts instead of 9',
  },
  tutorial: {
    about: "the tutorial's job, from the command to the results",
    full: () => measureTutorial({ rounds: 5 }),
    quick: () => measureTutorial({ rounds: 1 }),
    less: 'one run instead of 5',
  },
  'short-tasks': {
    about: 'tasks that do nothing, beside xargs and GNU parallel',
    full: ({ memory }) => measureShortTasks({ rounds: 5, tasks: 2000, memory }),
    quick: ({ memory }) => measureShortTasks({ rounds: 2, tasks: 300, memory }),
    less: '2 rounds of 300 tasks instead of 5 of 2,000',
  },
  latency: {
    about: "from the reply to a task's addition to its running program, beside a bare spawn",
    full: () => measureLatency({ rounds: 5, tasks: 100 }),
    quick: () => measureLatency({ rounds: 2, tasks: 20 }),
    less: '2 rounds of 20 tasks instead of 5 of 100',
  },
  'word-count': {
    about: "the tutorial's task script with a large text, beside python3",
    full: () => measureWordCount({ rounds: 3, megabytes: 200 }),
    quick: () => measureWordCount({ rounds: 1, megabytes: 20 }),
    less: '20 MB once instead of 200 MB three times',
  },
  requests: {
    about: "requests a second, beside Azurite's, and pages of a large job",
    full: () => measureRequests({ rounds: 5, seconds: 1, tasks: 100_000 }),
    quick: () => measureRequests({ rounds: 3, seconds: 0.25, tasks: 10_000 }),
    less: '3 rounds of 0.25 s instead of 5 of 1 s, 10,000 tasks instead of 100,000',
  },
  scheduling: {
    about: 'starts and ends of tasks in the engine alone, with ever more tasks, nodes and jobs',
    full: () => measureScheduling({ rounds: 5, events: 5000, tasks: 100_000 }),
    quick: () => measureScheduling({ rounds: 1, events: 1000, tasks: 10_000 }),
    less: 'one round of 1,000 events instead of 5 of 5,000, up to 10,000 tasks instead of 100,000',
  },
  durability: {
    about: 'what each mode of durability costs a change, beside the bare disk',
    full: () => measureDurability({ rounds: 5, changes: 400 }),
    quick: () => measureDurability({ rounds: 3, changes: 100 }),
    less: '3 rounds of 100 changes instead of 5 of 400',
  },
  nodes: {
    about: 'a pool of very many nodes',
    full: () => repeat(3, () => measureNodes(1000, 4000)),
    quick: () => measureNodes(100, 400),
    less: '100 nodes once instead of 1,000 three times',
  },
  scale: {
    about: 'one job with up to 100,000 tasks',
    full: () => measureScale([1000, 10_000, 100_000]),
    quick: () => measureScale([1000, 3000]),
    less: 'up to 3,000 tasks once instead of 100,000',
  },
  million: {
    about: 'one job with up to 1,000,000 tasks',
    full: () => measureScale([1000, 10_000, 100_000, 1_000_000]),
    quick: () => measureScale([1000, 10_000, 100_000]),
    less: 'up to 100,000 tasks instead of 1,000,000',
    isLong: true,
  },
}

/** Those that a run without `--only` goes through. */
export function usualNames(): string[] {
  return Object.keys(BENCHMARKS).filter((name) => !BENCHMARKS[name]?.isLong)
}

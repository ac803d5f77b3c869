// A small report for the tests of what is drawn from one.

import type { Machine, Report, Result } from './report.ts'

const MACHINE: Machine = {
  processor: 'Z80',
  cores: 2,
  memoryGigabytes: 8,
  os: 'CP/M 2.2 z80',
  node: 'v26.0.0',
  commit: 'abc1234',
}

/** What every result needs. */
export const RESULT: Result = {
  name: 'start',
  form: 'full',
  date: '2026-01-02T03:04:05.678Z',
  seconds: 7,
  loadBefore: 0.1,
  machine: MACHINE,
  title: '3 starts',
  rows: [
    {
      what: 'ready',
      unit: 'ms',
      better: 'less',
      ours: [200, 190, 230],
      peer: { name: 'Azurite', values: [400, 380, 500], kind: 'measured' },
      bound: { limit: 300 },
    },
    {
      what: 'memory',
      unit: 'MB',
      better: 'less',
      ours: [95, 96, 97],
      peer: { name: 'Azurite', values: [108, 109, 109], kind: 'measured' },
      bound: { limit: 90 },
      reason: 'Node itself takes 80 MB.',
    },
  ],
}

/** A job of two sizes, without peers. */
export const SCALE: Result = {
  ...RESULT,
  name: 'scale',
  title: 'jobs',
  rows: [
    {
      what: 'in memory: memory above the start',
      unit: 'MB',
      better: 'less',
      ours: [40],
      bound: { limit: 300 },
    },
  ],
  series: [
    {
      chart: 'time per task',
      name: 'in memory',
      points: [
        [1000, 50],
        [100_000, 60],
      ],
    },
    {
      chart: 'memory',
      name: 'in memory',
      points: [
        [1000, 10],
        [100_000, 40],
      ],
    },
  ],
}

/** Both of them. */
export const REPORT: Report = { results: [RESULT, SCALE] }

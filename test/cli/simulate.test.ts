import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { malachite, temporaryDirectory } from './command.ts'

const FORMULA = '$TargetDedicatedNodes = min(4, max($PendingTasks.GetSample(1)));'

/** A directory with a formula and a load. */
async function prepare(formula = FORMULA): Promise<string> {
  const directory = await temporaryDirectory()
  await writeFile(join(directory, 'formula.txt'), formula)
  await writeFile(join(directory, 'load.csv'), 'time, tasks, duration\n0m, 8, 10m\n2h, 20, 5m\n')
  return directory
}

const SIMULATE = [
  'autoscale',
  'simulate',
  '--formula',
  'formula.txt',
  '--load',
  'load.csv',
  '--interval',
  '5m',
]

test('a simulation prints a table and what it comes to', async () => {
  const { stdout, stderr, exitCode } = await malachite(SIMULATE, { cwd: await prepare() })
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
  expect(stdout.split('\n').slice(0, 3)).toEqual([
    'time  nodes  target  waiting  running  completed  node-hours',
    '0:00      0       0        8        0          0         0.0',
    '0:05      4       4        8        0          0         0.0',
  ])
  expect(stdout).toContain('\n28 of 28 tasks completed in ')
})

test('a simulation is one JSON document and a chart when they are asked for', async () => {
  const cwd = await prepare()
  const { stdout, exitCode } = await malachite([...SIMULATE, '--json', '--svg', 'chart.svg', '--for', '4h'], {
    cwd,
  })
  expect(exitCode).toBe(0)
  const { rows, evaluations, summary } = JSON.parse(stdout) as Record<string, unknown[]>
  expect(rows?.length).toBe(4 * 12 + 1)
  expect(evaluations?.[0]).toEqual({
    at: 0,
    results: '$TargetDedicatedNodes=0;$TargetLowPriorityNodes=0;$NodeDeallocationOption=requeue',
  })
  expect(summary).toMatchObject({ tasks: 28, completed: 28, peakNodes: 4 })
  expect(await readFile(join(cwd, 'chart.svg'), 'utf8')).toMatch(/^<svg [^]*formula\.txt[^]*<\/svg>\n$/)
})

test('a formula that cannot be read is told with its place', async () => {
  const { stderr, exitCode } = await malachite(SIMULATE, { cwd: await prepare('$x = 1;\n$y = (2') })
  expect(exitCode).toBe(2)
  expect(stderr).toContain('syntax error. Line 2, Col 8: Expected ), found the end of the formula')
})

test('a file that is not there, and a load that comes too late, are told', async () => {
  const cwd = await prepare()
  const missing = await malachite([...SIMULATE, '--load', 'none.csv'], { cwd })
  expect(missing).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('The load none.csv cannot be read (ENOENT)'),
  })
  const late = await malachite([...SIMULATE, '--for', '1h'], { cwd })
  expect(late).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--for') })
})

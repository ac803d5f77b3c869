// The quick form of the benchmarks from its command to its results. How fast anything was is not judged: the machine may
// have others to serve.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, expect, test } from 'vitest'
import { usualNames } from '../bench/benchmarks.ts'
import { drawPage } from '../bench/page.ts'
import { parseReport } from '../bench/report.ts'

const directory = mkdtempSync(join(tmpdir(), 'malachite-bench-test-'))
const MAIN = join(import.meta.dirname, '../bench/main.ts')
const bench = (...args: string[]) =>
  execa(process.execPath, [MAIN, ...args], { reject: false, env: { TMPDIR: directory } })

afterAll(() => rmSync(directory, { recursive: true }))

test('a quick run measures every benchmark, prints one table and leaves only its results', async () => {
  const file = join(directory, 'results.json')
  const { exitCode, stdout, stderr } = await bench('--quick', '--json', file)
  expect([exitCode, stderr]).toEqual([0, ''])
  const report = parseReport(readFileSync(file, 'utf8'))
  expect(report.results.map(({ name }) => name)).toEqual(usualNames())
  for (const { name, rows } of report.results) {
    expect([name, rows.length > 0]).toEqual([name, true])
    expect(rows.flatMap(({ ours }) => ours).filter((value) => !Number.isFinite(value))).toEqual([])
  }
  expect(stdout.match(/^ {2}what .* bound$/gm)).toHaveLength(1)
  expect(drawPage(report).text).toContain('**short-tasks** (quick)')
  expect(readdirSync(directory)).toEqual(['results.json'])
})

test('an interrupted run leaves neither processes nor files', async () => {
  const run = bench('--quick', '--only', 'requests')
  await until(() => processesOf(directory).some((command) => command.includes('--endpointsFile')))
  run.kill('SIGINT')
  const { exitCode } = await run
  expect(exitCode).toBe(130)
  expect(readdirSync(directory).filter((name) => name.startsWith('malachite-'))).toEqual([])
  expect(processesOf(directory)).toEqual([])
})

test.each([
  [['--only', 'strat'], 'npm run bench: no benchmark "strat"; there are start, '],
  [['--json', '/no/such/folder/a.json'], 'npm run bench: /no/such/folder/a.json cannot be written'],
])('%j is refused in a line', async (args, line) => {
  const { exitCode, stderr } = await bench(...args)
  expect(exitCode).toBe(2)
  expect(stderr.split('\n')).toEqual([expect.stringContaining(line)])
})

async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 20))
}

/** The commands of the processes that name the directory in their command or their environment. */
function processesOf(path: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => [readIfThere(`/proc/${pid}/cmdline`), readIfThere(`/proc/${pid}/environ`)] as const)
    .filter(([command, environment]) => command.includes(path) || environment.includes(path))
    .map(([command]) => command.replaceAll('\0', ' '))
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // It ended meanwhile.
    return ''
  }
}

// npm run bench: every benchmark with its peers, one table in the end. See --help.

import { accessSync, constants, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { BENCHMARKS, usualNames } from './benchmarks.ts'
import { keeps } from './bench.ts'
import { HELP } from './help.ts'
import { describeMachine } from './machine.ts'
import { type Options, parseOptions } from './options.ts'
import { writePage } from './page-files.ts'
import { type Form, formatReport, merge, parseReport, type Report, type Result } from './report.ts'
import { runBenchmark } from './run.ts'
import { textTable } from './table.ts'

const NAMES = Object.keys(BENCHMARKS)
/** Of a command that was not understood, and of one that was interrupted. */
const [MISUSE, INTERRUPTED] = [2, 130]

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  try {
    const options = parseOptions(args, { all: NAMES, usual: usualNames() })
    if (options.do === 'measure') return await measure(options)
    if (options.do === 'draw') console.log(writePage().join('\n'))
    else console.log(HELP)
    return 0
  } catch (error) {
    console.error(`npm run bench: ${error instanceof Error ? error.message : String(error)}`)
    return MISUSE
  }
}

async function measure({ form, names, json }: Extract<Options, { do: 'measure' }>): Promise<number> {
  // Before anything is measured, so that no result is lost to a file that cannot be read.
  if (json !== undefined) requireWritable(json)
  const interruption = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => interruption.abort(new Error(`ended by ${signal}`)))
  const { results, failed } = await runAll(names, form, interruption.signal, (result) => {
    // At once, so that what was measured is kept when the rest is interrupted.
    if (json !== undefined) writeFileSync(json, formatReport(merge(readReport(json), [result], NAMES)))
    print(result)
  })
  if (interruption.signal.aborted) return INTERRUPTED
  console.log(heading(form))
  console.log(textTable(results))
  for (const name of failed) console.log(`\nFAILED: ${name}`)
  return exitCodeOf(results, form, failed)
}

async function runAll(
  names: readonly string[],
  form: Form,
  signal: AbortSignal,
  onResult: (result: Result) => void,
) {
  const machine = describeMachine()
  const { processor, cores, memoryGigabytes, os, node } = machine
  console.log(`${processor}, ${cores} cores, ${memoryGigabytes} GB, ${os}, Node ${node}\n`)
  const [results, failed]: [Result[], string[]] = [[], []]
  for (const name of names) {
    if (signal.aborted) break
    try {
      const result = await runBenchmark(name, form, { machine, signal })
      results.push(result)
      onResult(result)
    } catch (error) {
      failed.push(name)
      console.error(`${name}: ${error instanceof Error ? error.message : String(error)}\n`)
    }
  }
  return { results, failed }
}

/** Throws a sentence when a report cannot be merged into the file. */
function requireWritable(file: string): void {
  readReport(file)
  try {
    accessSync(existsSync(file) ? file : dirname(file), constants.W_OK)
  } catch (cause) {
    throw new Error(`${file} cannot be written`, { cause })
  }
}

/** A report without results when there is no such file. Throws a sentence when it holds something else. */
function readReport(file: string): Report {
  if (!existsSync(file)) return { results: [] }
  try {
    return parseReport(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

function print({ name, title, seconds, figures = {}, missing = [] }: Result): void {
  console.log(`${name}: ${title} (${seconds} s)`)
  for (const [label, value] of Object.entries(figures)) console.log(`  ${label.padEnd(70)} ${value}`)
  for (const program of missing) console.log(`  not measured: ${program} is not on this machine`)
  console.log()
}

function heading(form: Form): string {
  const ratio = 'Medians of all rounds. Ratio: how many times as good as the peer, more than 1 is better.'
  if (form === 'full') return `${ratio}\n`
  return `QUICK: less of everything (--help tells), so that bounds are shown and not judged.\n${ratio}\n`
}

/** 1 when something failed, or when a full run missed a bound. */
function exitCodeOf(results: readonly Result[], form: Form, failed: readonly string[]): number {
  const rows = results.flatMap(({ rows }) => rows)
  const isMissed = rows.some((row) => row.bound && !keeps(row, row.bound))
  return failed.length > 0 || (form === 'full' && isMissed) ? 1 : 0
}

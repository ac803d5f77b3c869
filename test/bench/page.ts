// The page about the benchmarks and its pictures, drawn from a report: nothing in them is written by hand.

import { type Bound, keeps, type Row, type Series } from './bench.ts'
import { type Bar, barChart } from './charts/bars.ts'
import { lineChart } from './charts/lines.ts'
import { ratioChart } from './charts/ratios.ts'
import type { Machine, Report, Result } from './report.ts'
import { median } from './statistics.ts'
import { formatBound, formatValue, markdownTable } from './table.ts'

/** The text of the page, and of its pictures by the names of their files. */
export interface Page {
  text: string
  pictures: Map<string, string>
}

/** A picture with what stands below it. */
interface Figure {
  /** Part of the file's name. */
  name: string
  svg: string
  caption: string
}

const INTRODUCTION = `# Benchmarks

\`npm run bench\` measures Malachite beside its peers on your machine: in the same run and in turn, so that what else the
machine does meets both alike. Each benchmark has a process of its own. It takes less than ten minutes;
\`npm run bench -- --quick\` less than one, with less of everything. This page and its pictures are drawn from
[benchmarks.json](benchmarks.json):

\`\`\`sh
npm run bench -- --json docs/benchmarks.json   # measures; results of benchmarks that did not run stay
npm run bench -- --docs                        # draws
\`\`\`

Values are medians of all rounds. The ratio is how many times as good as the peer Malachite was, whatever the unit: more
than 1 is better. It is the median of the rounds' own ratios, and the spread goes from the least to the most of them;
without a peer the spread is that of the values. A peer that is another program was measured in the same run.`

/** Draws a report. */
export function drawPage(report: Report): Page {
  const { results } = report
  const figures = [
    ratios(results),
    ...start(results),
    ...shortTasks(results),
    ...latency(results),
    ...scale(results),
  ]
  const fileOf = (figure: Figure): string => `benchmark-${figure.name}.svg`
  const shown = figures.map((figure) => `![${figure.caption}](images/${fileOf(figure)})`)
  const parts = [
    INTRODUCTION,
    notes(results),
    `## Results\n\n${shown[0]}\n\n${markdownTable(results)}`,
    missing(results),
    `## Pictures\n\n${shown.slice(1).join('\n\n')}`,
    misses(results),
    machines(results),
  ]
  return {
    text: `${parts.filter((part) => part !== '').join('\n\n')}\n`,
    pictures: new Map(figures.map((figure) => [fileOf(figure), figure.svg])),
  }
}

/** What to know before one believes the figures: what was measured less of, and what met other work. */
function notes(results: readonly Result[]): string {
  const quick = results.filter(({ form }) => form === 'quick').map(({ name }) => name)
  const busy = results.filter(({ loadBefore, machine }) => loadBefore > machine.cores / 10)
  const most = Math.max(...busy.map(({ loadBefore }) => loadBefore))
  return [
    ...(quick.length > 0 ? [`**Quick**, with less of everything and few rounds: ${quick.join(', ')}.`] : []),
    ...(busy.length > 0
      ? [
          `**Not alone**: other programs used up to ${most.toFixed(1)} cores when these began, so that their figures say little:`,
          `${busy.map(({ name }) => name).join(', ')}.`,
        ]
      : []),
  ].join('\n')
}

function ratios(results: readonly Result[]): Figure {
  const rows = results.flatMap(({ name, rows }) =>
    rows.filter(({ peer }) => peer?.kind === 'measured').map((row) => ({ ...row, name })),
  )
  const title = 'Malachite beside its peers'
  return { name: 'ratios', svg: ratioChart(title, rows), caption: `${title}: ratios with their spread` }
}

function resultOf(results: readonly Result[], ...names: string[]): Result | undefined {
  return names.map((name) => results.find((result) => result.name === name)).find((result) => result)
}

function start(results: readonly Result[]): Figure[] {
  const rows = resultOf(results, 'start')?.rows ?? []
  return rows.map((row) => {
    const title = `Start of the emulator: ${row.what}`
    const svg = barChart(
      title,
      row.unit,
      `${row.better} is better`,
      barsOf([row], () => 'malachite emulator'),
    )
    return { name: `start-${row.unit === 'MB' ? 'memory' : 'time'}`, svg, caption: title }
  })
}

function shortTasks(results: readonly Result[]): Figure[] {
  const result = resultOf(results, 'short-tasks')
  if (!result) return []
  const title = 'Tasks that do nothing, two at a time'
  const bars = barsOf(
    result.rows,
    ({ what }) => `Malachite, ${what.replace('the temporary directory', 'TMPDIR')}`,
  )
  const svg = barChart(title, 'tasks a second', 'more is better', bars)
  return [{ name: 'short-tasks', svg, caption: title }]
}

/** Ours and the peers', each once. */
function barsOf(rows: readonly Row[], nameOf: (row: Row) => string): Bar[] {
  const ours = rows.map((row): Bar => ({ name: nameOf(row), values: row.ours, isOurs: true }))
  const peers = rows.flatMap(({ peer }): Bar[] =>
    peer ? [{ name: peer.name, values: peer.values, isOurs: false }] : [],
  )
  return [...new Map([...ours, ...peers].map((bar) => [bar.name, bar])).values()]
}

function latency(results: readonly Result[]): Figure[] {
  const result = resultOf(results, 'latency')
  if (!result) return []
  const title = 'From the reply to the running program'
  const lines = seriesOf(result, 'latency')
  const svg = lineChart({ title, x: 'milliseconds', y: '% of the tasks that waited no longer', lines })
  return [{ name: 'latency', svg, caption: `${title}: which part of the tasks waited how long` }]
}

/** The larger of the two benchmarks, when both are there. */
function scale(results: readonly Result[]): Figure[] {
  const result = resultOf(results, 'million', 'scale')
  if (!result) return []
  const x = 'tasks of the job'
  const time = {
    title: 'What a task costs, added and ended, by the size of its job',
    y: 'microseconds of processor time',
    lines: seriesOf(result, 'time per task'),
  }
  const bound = result.rows.find(({ what }) => what.endsWith('memory above the start'))?.bound
  const memory = {
    title: 'Memory above the start, by the size of the job',
    y: 'megabytes resident',
    lines: seriesOf(result, 'memory'),
    ...(bound && 'limit' in bound && { limit: { value: bound.limit, name: `bound: ${bound.limit} MB` } }),
  }
  return [
    { name: 'scale-time', svg: lineChart({ x, hasDots: true, ...time }), caption: time.title },
    { name: 'scale-memory', svg: lineChart({ x, hasDots: true, ...memory }), caption: memory.title },
  ]
}

function seriesOf({ series = [] }: Result, chart: Series['chart']): Series[] {
  return series.filter((one) => one.chart === chart && one.points.length > 0)
}

function missing(results: readonly Result[]): string {
  const all = results.flatMap(({ missing = [] }) => missing)
  return all.length === 0 ? '' : `Not on the machine, so not measured: ${all.join(', ')}.`
}

/** Each row whose bound or goal is not kept, with its explanation. */
function misses(results: readonly Result[]): string {
  const all = results.flatMap((result) =>
    result.rows.flatMap((row) => {
      const bounds = [row.bound ?? [], row.goal ?? []].flat().filter((bound) => !keeps(row, bound))
      return bounds.length > 0 ? [missOf(result, row, bounds)] : []
    }),
  )
  return `## What is missed\n\n${all.length === 0 ? 'Nothing: every bound and every goal is kept.' : all.join('\n')}`
}

function missOf({ name, form }: Result, row: Row, bounds: readonly Bound[]): string {
  const found = bounds.some((bound) => 'timesPeer' in bound) ? ` beside ${row.peer?.name}` : ''
  const wanted = bounds.map((bound) => formatBound(row, bound)).join(' and ')
  const head = `- **${name}, ${row.what}**${found}: ${formatValue(median(row.ours), row.unit)}, wanted ${wanted}.`
  if (row.reason !== undefined) return `${head} ${row.reason}`
  return form === 'quick' ? `${head} A quick run is too short to judge by.` : head
}

/** Which machine each result is of, and how to repeat it. */
function machines(results: readonly Result[]): string {
  const rows = results.map(({ name, form, title, date, seconds, loadBefore }) => {
    const command = `npm run bench -- --only ${name}${form === 'quick' ? ' --quick' : ''}`
    const cells = [
      `\`${command}\``,
      title,
      `${seconds} s`,
      date.slice(0, 16).replace('T', ' '),
      loadBefore.toFixed(1),
    ]
    return `| ${cells.join(' | ')} |`
  })
  const found = new Map(results.map(({ machine }) => [JSON.stringify(machine), machine]))
  const list = Array.from(found, ([key, machine]) => {
    const own = results.filter((result) => JSON.stringify(result.machine) === key).map(({ name }) => name)
    return `- ${found.size === 1 ? '' : `${own.join(', ')}: `}${formatMachine(machine)}`
  })
  return [
    `## Machine and commands\n\n${list.join('\n')}\n`,
    'The load is how many cores other programs used in the half second before.\n',
    '| command | what it measures | took | begun (UTC) | load before |',
    '|---|---|---:|---|---:|',
    ...rows,
  ].join('\n')
}

function formatMachine({ processor, cores, memoryGigabytes, os, node, commit }: Machine): string {
  const parts = [processor, `${cores} cores`, `${memoryGigabytes} GB`, os, `Node ${node}`]
  return `${[...parts, ...(commit === undefined ? [] : [`commit ${commit}`])].join(', ')}.`
}

// A large text through the task script, against python3 counting the same words.

import { once } from 'node:events'
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { taskScriptPath } from '@malachite/node-task'
import { execa } from 'execa'
import { type Measurement, timeCommand } from './bench.ts'

const MEGABYTE = 1_000_000

/** Bound on the memory above Node's own, MB. */
const BOUND = 150

const PYTHON = `
import collections, string, sys
count = collections.Counter()
with open(sys.argv[1], encoding='utf-8-sig') as text:
    for line in text:
        count.update(filter(None, (word.strip(string.punctuation) for word in line.split())))
for word, n in count.most_common(3):
    print(word, n)
`

/**
 * Prints the peak of the resident memory when the program ends, kilobytes. Not `maxRSS`: Linux keeps the size of the
 * parent in it across exec, so that a small program started by this one would look as large as this one.
 */
const PEAK = [
  'import { readFileSync } from "node:fs"',
  'const peak = () => /VmHWM:\\s+(\\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]',
  'process.on("exit", () => process.stderr.write("\\nPEAK " + peak()))',
].join(';')

/** Counts the words of a text of this many megabytes, this many times, in turn with python3. */
export async function measureWordCount({ rounds, megabytes }: Amount): Promise<Measurement> {
  const directory = mkdtempSync(join(tmpdir(), 'malachite-bench-'))
  const sink = await startSink()
  try {
    const path = join(directory, 'large.txt')
    await writeText(path, megabytes * MEGABYTE)
    const empty = join(directory, 'empty.mjs')
    writeFileSync(empty, '')
    const script = [await taskScriptPath(), ...scriptArguments(path, sink)]
    const all: Round[] = []
    for (let i = 0; i < rounds; i++) {
      const own = (await runNode([empty])).peak
      const { seconds, peak } = await runNode(script)
      all.push({ seconds, above: peak - own, python: timeCommand('python3', ['-c', PYTHON, path]) })
    }
    return describe(all, megabytes)
  } finally {
    sink.close()
    rmSync(directory, { recursive: true })
  }
}

function describe(rounds: readonly Round[], size: number): Measurement {
  const python = rounds.flatMap(({ python = [] }) => python)
  return {
    title: `the tutorial's task script counts the words of ${size} MB of text`,
    rows: [
      {
        what: `${size} MB of text`,
        unit: 's',
        better: 'less',
        ours: rounds.map(({ seconds }) => seconds),
        ...(python.length > 0 && { peer: { name: 'python3', values: python, kind: 'measured' } }),
      },
      {
        what: "peak of its memory above Node's own",
        unit: 'MB',
        better: 'less',
        ours: rounds.map(({ above }) => above),
        bound: { limit: BOUND },
      },
    ],
    missing: python.length === 0 ? ['python3'] : [],
  }
}

/** How often and of how much text. */
interface Amount {
  rounds: number
  megabytes: number
}

interface Round {
  seconds: number
  /** Megabytes above Node's own. */
  above: number
  /** Seconds; undefined when there is no python3. */
  python: number | undefined
}

interface NodeRun {
  seconds: number
  /** Megabytes. */
  peak: number
}

async function runNode(args: string[]): Promise<NodeRun> {
  const start = performance.now()
  const { stderr } = await execa(process.execPath, [
    '--import',
    `data:text/javascript,${encodeURIComponent(PEAK)}`,
    ...args,
  ])
  const peak = Number(/PEAK (\d+)/.exec(stderr)?.[1]) / 1000
  if (!(peak > 0)) throw new Error('the peak of the memory is read from /proc, which is not here')
  return { seconds: (performance.now() - start) / 1000, peak }
}

function scriptArguments(path: string, sink: Server): string[] {
  const { port } = sink.address() as AddressInfo
  const url = `http://127.0.0.1:${port}/account`
  const target = ['--storageaccount', 'account', '--storagecontainer', 'output', '--storageurl', url]
  return ['--filepath', path, '--numwords', '3', ...target, '--sastoken', 'sig=none']
}

/** Takes every upload. */
async function startSink(): Promise<Server> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(201).end())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

/** Lines of words of a small vocabulary, the same at every run. */
async function writeText(path: string, size: number): Promise<void> {
  const words = Array.from({ length: 5000 }, (_, i) => `w${(i * 7919) % 5000}${i % 7 === 0 ? ',' : ''}`)
  const line = (n: number): string =>
    Array.from({ length: 12 }, (_, i) => words[(n * 31 + i * i * 17) % words.length]).join(' ')
  const block = `${Array.from({ length: 20_000 }, (_, n) => line(n)).join('\n')}\n`
  const file = createWriteStream(path)
  for (let written = 0; written < size; written += block.length) {
    if (!file.write(block)) await once(file, 'drain')
  }
  file.end()
  await once(file, 'finish')
}

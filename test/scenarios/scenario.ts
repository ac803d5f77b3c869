// A scenario: requests to the service, what is waited for, and what of the answers is shown. They are JSON files in
// `docs/scenarios`, so that what the documentation shows is what the tests play.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** One request, or a time to wait. */
export interface Step {
  /** `VERB /path`; `{name}` stands for what an earlier step kept. */
  request?: string
  body?: unknown
  /** The request is repeated until its answer has these members. */
  until?: unknown
  /** Members of the answer to show, as paths; of each item of a list. `text`: the answer as it is. */
  show?: string[] | 'text'
  /** Names for members of the answer, or of the first item of a list. */
  keep?: Record<string, string>
  /** A duration that passes before the next step. */
  wait?: string
}

export interface Scenario {
  /** `real`: processes on the clock on the wall. `virtual`: no processes, and days pass in no time. */
  world: 'real' | 'virtual'
  steps: Step[]
}

/** Where they are. */
export const DIRECTORY = join(import.meta.dirname, '../../docs/scenarios')

/** The names of all of them. */
export function scenarioNames(): string[] {
  const files = readdirSync(DIRECTORY).filter((file) => file.endsWith('.json'))
  return files.map((file) => file.slice(0, -'.json'.length)).sort()
}

/** Reads one by its name. */
export function readScenario(name: string): Scenario {
  return JSON.parse(readFileSync(join(DIRECTORY, `${name}.json`), 'utf8')) as Scenario
}

/** What the documentation says that playing one prints. */
export function documentedOutput(name: string): string {
  return OUTPUT.exec(readPage(name))?.[1] ?? ''
}

/** Writes into the documentation what playing one prints. */
export function documentOutput(name: string, output: string): void {
  const page = readPage(name).replace(OUTPUT, () => `\`\`\`text\n${output}\`\`\``)
  writeFileSync(join(DIRECTORY, `${name}.md`), page)
}

const OUTPUT = /^```text\n(.*?)^```$/ms

function readPage(name: string): string {
  return readFileSync(join(DIRECTORY, `${name}.md`), 'utf8')
}

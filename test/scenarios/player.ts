// Plays a scenario: sends its requests, waits for what it waits for, and prints a line for each thing it shows.

import assert from 'node:assert'
import { isDeepStrictEqual } from 'node:util'
import { parseDuration } from '@malachite/model'
import type { Scenario, Step } from './scenario.ts'
import type { World } from './worlds.ts'

/** Milliseconds of the world that anything may take. */
const PATIENCE = 60_000

/** An answer, its JSON parsed. */
interface Answer {
  status: number
  text: string
  json: unknown
}

/** Plays it; a request that is refused, or a wait in vain, rejects. */
export async function play({ steps }: Scenario, world: World, print: (line: string) => void): Promise<void> {
  const kept = new Map<string, string>()
  for (const step of steps) {
    if (step.wait !== undefined) await world.pass(parseDuration(step.wait) ?? 0)
    if (step.wait !== undefined) print(`# ${step.wait} later`)
    if (step.request !== undefined) await playRequest(step, step.request, { world, print, kept })
  }
}

interface Stage {
  world: World
  print: (line: string) => void
  kept: Map<string, string>
}

async function playRequest(step: Step, line: string, { world, print, kept }: Stage): Promise<void> {
  const known = line.replace(/\{(\w+)\}/g, (_, name: string) => kept.get(name) ?? name)
  const answer = await answerOf(world, known, step)
  const items = itemsOf(answer.json)
  for (const [name, path] of Object.entries(step.keep ?? {})) kept.set(name, textOf(memberOf(items[0], path)))
  // Names that the service makes up are different each time.
  print(`${line}  ${answer.status}${step.until === undefined ? '' : '  # after a while'}`)
  if (step.show === 'text') print(indent(answer.text.trimEnd()))
  else if (step.show) for (const item of items) print(indent(rowOf(item, step.show)))
}

async function answerOf(world: World, line: string, { body, until }: Step): Promise<Answer> {
  for (let passed = 0; passed <= PATIENCE; passed += world.pace) {
    const answer = await ask(world, line, body)
    assert(answer.status < 300, `${line}: ${answer.status} ${answer.text}`)
    if (until === undefined || has(answer.json, until)) return answer
    await world.pass(world.pace)
  }
  throw new Error(`${line} never answered ${JSON.stringify(until)}`)
}

async function ask(world: World, line: string, body: unknown): Promise<Answer> {
  const { status, text } = await world.call(line, body)
  const isJson = text.startsWith('{')
  return { status, text, json: isJson ? (JSON.parse(text) as unknown) : undefined }
}

/** Whether all that is expected is there; of lists, each item in its place and no more. */
function has(actual: unknown, expected: unknown): boolean {
  if (Array.isArray(expected)) {
    const list = Array.isArray(actual) ? (actual as unknown[]) : []
    return list.length === expected.length && expected.every((item, i) => has(list[i], item))
  }
  if (typeof expected !== 'object' || expected === null) return isDeepStrictEqual(actual, expected)
  return Object.entries(expected).every(([name, value]) => has(memberOf(actual, name), value))
}

function itemsOf(json: unknown): unknown[] {
  const list = memberOf(json, 'value')
  return Array.isArray(list) ? list : [json]
}

function memberOf(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((at, name) => (isObject(at) ? at[name] : undefined), value)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function rowOf(item: unknown, paths: readonly string[]): string {
  const known = paths.map((path) => [path, memberOf(item, path)] as const)
  const cells = known.filter(([, value]) => value !== undefined)
  return cells.map(([path, value]) => `${path.split('.').at(-1)}=${textOf(value)}`).join('  ')
}

/** Times to the second. */
function textOf(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.replace(/^(\d{4}-\d\d-\d\dT[\d:]{8})(\.\d+)?Z$/, '$1Z')
}

function indent(text: string): string {
  return text.replace(/^/gm, '  ')
}

// One answer to "why": a code of the table with the facts that its sentences ask for.

import type { Explanation, Fact } from '@malachite/model'
import { type Cause, CAUSES } from './causes.ts'

/** Facts by name. */
export type Facts = Readonly<Record<string, Fact>>

/** A cause with its sentences filled in. */
export type Finding = Omit<Explanation, 'subject' | 'state'>

/** Says what a case is, or leaves it to the next rule. */
export type Rule<Case> = (facts: Case) => Finding | undefined

/** Names of the `{facts}` in a sentence; `{count:node}` is written "1 node" or "2 nodes". */
type Names<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? (Name extends `${infer Count}:${string}` ? Count : Name) | Names<Rest>
  : never

type FactsOf<Code extends Cause> = Facts & Readonly<Record<Names<(typeof CAUSES)[Code][number]>, Fact>>

/** The finding of this cause; facts beyond those of its sentences are told as details. */
export function because<Code extends Cause>(cause: Code, facts: FactsOf<Code>): Finding {
  const [sentence, fix] = CAUSES[cause]
  return toFinding(cause, sentence, fix, facts)
}

/** A finding from texts with `{facts}`. */
export function toFinding(cause: string, sentence: string, fix: string, facts: Facts): Finding {
  return { cause, sentence: fill(sentence, facts), fix: fill(fix, facts), details: facts }
}

/** What the first rule says that has something to say. */
export function firstOf<Case>(rules: readonly Rule<Case>[], facts: Case): Finding | undefined {
  for (const rule of rules) {
    const finding = rule(facts)
    if (finding) return finding
  }
  return undefined
}

/** The text with its `{facts}` written out. */
export function fill(text: string, facts: Facts): string {
  return text.replace(/\{(\w+)(?::([\w ]+))?\}/g, (_, name: string, unit?: string) => {
    const fact = facts[name]
    if (unit !== undefined) return `${write(fact)} ${unit}${fact === 1 ? '' : 's'}`
    return write(fact)
  })
}

const SHOWN = 3

function write(fact: Fact | undefined): string {
  if (Array.isArray(fact)) {
    const rest = fact.length > SHOWN ? ` and ${fact.length - SHOWN} more` : ''
    return `${fact.slice(0, SHOWN).join(', ')}${rest}`
  }
  // Messages of others become part of a sentence: one line, without a full stop of their own.
  const text = typeof fact === 'object' ? JSON.stringify(fact) : String(fact ?? 'unknown')
  return text.trim().replaceAll(/\s+/g, ' ').replace(/\.$/, '')
}

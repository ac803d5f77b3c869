// The shape of a formula once it was read.

import type { Position } from './formula-error.ts'

/** Operators between two expressions, by how tightly they bind, loosest first. */
export const BINARY_LEVELS = [
  ['||'],
  ['&&'],
  ['==', '!='],
  ['<', '<=', '>', '>='],
  ['+', '-'],
  ['*', '/'],
] as const

export type BinaryOperator = (typeof BINARY_LEVELS)[number][number]
export type UnaryOperator = '-' | '!'

export type Expression = { at: Position } & (
  | { kind: 'number'; value: number }
  | { kind: 'string'; value: string }
  | { kind: 'name'; name: string }
  | { kind: 'vector'; items: Expression[] }
  | { kind: 'call'; name: string; args: Expression[] }
  /** `object.name`, or `object.name(args)`. */
  | { kind: 'member'; object: Expression; name: string; args?: Expression[] }
  | { kind: 'unary'; operator: UnaryOperator; operand: Expression }
  | { kind: 'binary'; operator: BinaryOperator; left: Expression; right: Expression }
  | { kind: 'choice'; condition: Expression; yes: Expression; no: Expression }
)

/** `name = value`, or a bare value, which does nothing but may fail. */
export interface Statement {
  /** Where the statement begins. */
  at: Position
  name?: string
  value: Expression
}

/** A formula that was read without an error. */
export interface Formula {
  statements: Statement[]
}

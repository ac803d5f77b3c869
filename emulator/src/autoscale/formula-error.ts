// What can be wrong with a formula, and where.

/** A place in a formula; both count from 1. */
export interface Position {
  line: number
  column: number
}

/** `syntax` and `tooLong` are found by reading a formula, `evaluation` and `samples` (too few of them) by running it. */
export type FormulaErrorKind = 'syntax' | 'tooLong' | 'evaluation' | 'samples'

/** The one error of this folder; its message begins with the place, as the service writes it. */
export class FormulaError extends Error {
  override readonly name = 'FormulaError'
  readonly kind: FormulaErrorKind

  constructor(kind: FormulaErrorKind, { line, column }: Position, reason: string) {
    super(`Line ${line}, Col ${column}: ${reason}`)
    this.kind = kind
  }
}

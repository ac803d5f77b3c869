// Why something is not as its user would have it: the answer of an emulator to `malachite why`.

/** A fact as JSON. */
export type Fact = string | number | boolean | readonly Fact[] | { readonly [name: string]: Fact }

/** The cause of a state, and what to do about it. */
export interface Explanation {
  /** What it is about, e.g. `task t of job j`. */
  subject: string
  /** As the service calls it. */
  state: string
  /** For programs: one of the codes of docs/why.md, of a failed task the code of its failure. */
  cause: string
  /** For people. */
  sentence: string
  /** What to do, in one sentence. */
  fix: string
  /** What the sentence is made of, and more. */
  details?: Readonly<Record<string, Fact>>
}

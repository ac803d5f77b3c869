// What the service does, rule by rule, and what shows that Malachite does it too. docs/behaviour.md is made from these.

/** A rule of the service in our words, with the test that proves it or the words of docs/differences.md about it. */
export type Rule = { says: string } & ({ file: string; title: string } | { difference: string })

/** The rules of one kind of thing, by subject. */
export interface Chapter {
  title: string
  sections: Readonly<Record<string, readonly Rule[]>>
}

/** A rule that the test `title` of `file` (from the top of the repository) proves. */
export function proven(says: string, file: string, title: string): Rule {
  return { says, file, title }
}

/** A rule that is not followed; `difference` is found word by word in docs/differences.md, best the name of a row. */
export function differs(says: string, difference: string): Rule {
  return { says, difference }
}

// What people can do to things, as data: the dialog asks, then it is done.

import { signal } from '@preact/signals'
import type { Change } from '../changes.ts'

/** A value that the dialog asks for. */
export interface Field {
  name: string
  label: string
  kind: 'number' | 'choice'
  initial: string
  choices?: readonly { value: string; text: string }[]
  min?: number
}

/** Something that can be done, once it is confirmed. */
export interface Action {
  /** On the button: `Terminate`. */
  verb: string
  /** The question: `Terminate job j?` */
  question: string
  /** What follows from it. */
  consequence: string
  /** It takes something away. */
  isDangerous?: boolean
  fields?: readonly Field[]
  perform: (values: Readonly<Record<string, string>>) => Promise<void>
  /** Said afterwards. */
  done: string
  /** What is different now, in case the server does not say so at once. */
  changes: Change
  /** Where to go afterwards, when the page's thing is gone. */
  leadsTo?: string
}

/** What becomes of the tasks that run now; `wait` is the word for waiting, which differs from operation to operation. */
export function runningTasksField(name: string, wait: string): Field {
  return {
    name,
    label: 'Tasks that run now',
    kind: 'choice',
    initial: 'requeue',
    choices: [
      { value: 'requeue', text: 'end and go back into the queue' },
      { value: 'terminate', text: 'are terminated' },
      { value: wait, text: 'may end first' },
    ],
  }
}

/** What the dialog asks about now. */
export const asked = signal<Action | undefined>(undefined)

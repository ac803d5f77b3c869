// What tasks say of themselves, in a file that the emulator knows nothing of: a line when they start, one at their very end.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a task is to do. */
export interface Errand {
  seconds: number
  exitCode: number
}

/** The file and what it says. */
export interface Witness {
  /** The command line of a task. */
  commandLine(errand: Errand): string
  /** How often the command of each task ran to its end, by `job/task`. */
  completeRuns(): ReadonlyMap<string, number>
}

/** A new file in a directory. */
export function createWitness(directory: string): Witness {
  const path = join(directory, 'witness.txt')
  writeFileSync(path, '')
  const note = (word: string): string => `echo "${word} $AZ_BATCH_JOB_ID/$AZ_BATCH_TASK_ID $$" >> ${path}`
  return {
    commandLine: ({ seconds, exitCode }) =>
      `/bin/sh -c '${note('begins')}; sleep ${seconds}; ${note('ends')}; exit ${exitCode}'`,
    completeRuns() {
      const runs = new Map<string, number>()
      for (const line of readFileSync(path, 'utf8').split('\n')) {
        const [word, id = ''] = line.split(' ')
        if (word === 'ends') runs.set(id, (runs.get(id) ?? 0) + 1)
      }
      return runs
    },
  }
}

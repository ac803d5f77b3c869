// The output file: a table of words, and where the task ran.

import { basename, dirname, extname, join } from 'node:path'

import type { WordCount } from './top-words.ts'

const RULE = '-'.repeat(30)

/** The text of the output file. Variables that `environment` lacks are left empty. */
export function formatReport(words: readonly WordCount[], environment: NodeJS.ProcessEnv): string {
  const lines = [
    'Word\tCount',
    RULE,
    ...words.map(({ word, count }) => `${word}:\t${count}`),
    RULE,
    `Node: ${environment['AZ_BATCH_NODE_ID'] ?? ''}`,
    `Task: ${environment['AZ_BATCH_TASK_ID'] ?? ''}`,
    `Job:  ${environment['AZ_BATCH_JOB_ID'] ?? ''}`,
    `Pool: ${environment['AZ_BATCH_POOL_ID'] ?? ''}`,
  ]
  return `${lines.join('\n')}\n`
}

/** The path of the output file: `NAME_OUTPUT.ext` beside the input `NAME.ext`. */
export function outputPathOf(inputPath: string): string {
  const extension = extname(inputPath)
  return join(dirname(inputPath), `${basename(inputPath, extension)}_OUTPUT${extension}`)
}

// Why a task or start task failed, in words.

import type { FailureInfo } from '@malachite/model'
import type { ComponentChildren } from 'preact'
import { exitWords } from '../exit-words.ts'
import { Problem } from './problem.tsx'

export interface FailureProps {
  title: string
  failure: FailureInfo | undefined
  exitCode?: number | undefined
  /** What to do. */
  children?: ComponentChildren
}

/** The service's words, and what the exit code means. */
export function Failure({ title, failure, exitCode, children }: FailureProps) {
  const words = exitCode === undefined ? '' : exitWords(exitCode)
  const values = failure?.details?.map(({ name, value }) => ({ key: name, value }))
  return (
    <Problem title={title} code={failure?.code} message={failure?.message} {...(values && { values })}>
      {exitCode !== undefined && (
        <p>
          Exit code {exitCode}
          {words && `: ${words}`}
        </p>
      )}
      {children}
    </Problem>
  )
}

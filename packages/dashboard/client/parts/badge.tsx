// A state as people see it everywhere: sign and word, in its colour.

import { lookOf, taskLook } from '../states.ts'
import { Icon } from './icon.tsx'

/** A state of a pool, node, job or schedule. */
export function Badge({ state, text }: { state: string; text?: string }) {
  const { word, tone, sign } = lookOf(state)
  return (
    <span class={`badge tone-${tone}`}>
      <Icon sign={sign} />
      {text ?? word}
    </span>
  )
}

/** The state of a task with its outcome. */
export function TaskBadge({ state, result }: { state: string; result?: string | undefined }) {
  return <Badge state={taskLook(state, result)} />
}

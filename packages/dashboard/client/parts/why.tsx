// Why something is as it is: the emulator's own answer, in a sentence.

import type { Explanation } from '@malachite/model'
import { why } from '../api.ts'
import type { Topic } from '../changes.ts'
import { useResource, type Resource } from '../resource.ts'
import { isEmulator } from '../settings.ts'
import { Code, Panel } from './panel.tsx'

export interface WhyProps {
  /** Path of the thing in the service. */
  of: string
  title: string
  topics: readonly Topic[]
}

/** What to do about a failure that is told beside it. */
export function Remedy({ of, topics }: Omit<WhyProps, 'title'>) {
  const { data } = useWhy(of, topics)
  return data ? <Fix text={data.fix} /> : null
}

function Fix({ text }: { text: string }) {
  return (
    <p class="fix">
      <span class="fix-mark">What to do</span> {text}
    </p>
  )
}

function useWhy(of: string, topics: readonly Topic[]): Resource<Explanation> {
  return useResource({
    key: isEmulator.value ? of : undefined,
    load: (signal) => why(of, signal),
    topics,
    every: 1000,
  })
}

/** The cause of a state and what to do; nothing where nobody can be asked. */
export function Why({ of, title, topics }: WhyProps) {
  const { data } = useWhy(of, topics)
  if (!data) return null
  return (
    <Panel title={title} class="why" note={<code>{data.cause}</code>}>
      <p class="sentence">{data.sentence}</p>
      <Fix text={data.fix} />
      {data.details && Object.keys(data.details).length > 0 && (
        <details>
          <summary>Facts</summary>
          <Code label="Facts">{JSON.stringify(data.details, null, 2)}</Code>
        </details>
      )}
    </Panel>
  )
}

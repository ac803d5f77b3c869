// What states things had, and when: what the emulator remembers, or at least what the service itself tells.

import type { TaskResult } from '@malachite/model'
import { getHistory, type HistoryEntry } from '../api.ts'
import type { Topic } from '../changes.ts'
import { useResource } from '../resource.ts'
import { pastLook } from '../states.ts'
import { Badge } from './badge.tsx'
import { Panel } from './panel.tsx'
import { Time } from './time.tsx'

/** The states that the service tells of a thing itself. */
export interface OwnStates {
  state: string
  stateTransitionTime: string
  previousState?: string
  previousStateTransitionTime?: string
}

export interface HistoryProps {
  kind: HistoryEntry['kind']
  /** Slashes between the ids. */
  id: string
  own: OwnStates
  /** Of a task that is completed. */
  result?: TaskResult | undefined
  topics: readonly Topic[]
}

/** The states of one thing, latest first. */
export function StateHistory({ kind, id, own, result, topics }: HistoryProps) {
  const { data = [] } = useResource({
    key: `${kind} ${id}`,
    load: (signal) => getHistory({ kind, id }, signal),
    topics,
  })
  const entries = data.length > 0 ? data : fromOwn(own, result)
  return (
    <Panel title="State history">
      <ol class="history" tabIndex={0} role="list">
        {entries.map(({ time, to, result, detail }, i) => (
          <li key={`${time} ${to} ${i}`}>
            <Time at={time} />
            <Badge state={pastLook({ kind, to, ...(result && { result }) })} />
            {detail && <span class="faint">{detail}</span>}
          </li>
        ))}
      </ol>
    </Panel>
  )
}

function fromOwn(
  own: OwnStates,
  result: TaskResult | undefined,
): Pick<HistoryEntry, 'time' | 'to' | 'result' | 'detail'>[] {
  const { state, stateTransitionTime, previousState, previousStateTransitionTime } = own
  const former =
    previousState !== undefined && previousStateTransitionTime !== undefined
      ? [{ time: previousStateTransitionTime, to: previousState }]
      : []
  return [{ time: stateTransitionTime, to: state, ...(result && { result }) }, ...former]
}

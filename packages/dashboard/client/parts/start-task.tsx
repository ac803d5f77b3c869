// The start task of a pool: what it runs and on which nodes it failed, with what it printed there.

import type { StartTask, Wire } from '@malachite/model'
import { useState } from 'preact/hooks'
import { Link } from 'wouter-preact'
import { at, type NodeView } from '../api.ts'
import { plural, shortId } from '../format.ts'
import { pageOf } from '../paths.ts'
import { Failure } from './failure.tsx'
import { Log } from './log.tsx'
import { Empty, Panel } from './panel.tsx'
import { CommandLine, Environment, ResourceFiles } from './spec.tsx'

/** A node, and what became of its start task. */
export type StartedNode = Pick<NodeView, 'id' | 'startTaskInfo'>

export interface StartTaskPanelProps {
  pool: string
  task: Wire<StartTask>
  nodes: readonly StartedNode[]
}

/** The start task, the nodes that it ran on, and its output on one of them. */
export function StartTaskPanel({ pool, task, nodes }: StartTaskPanelProps) {
  const [chosen, setChosen] = useState<string>()
  const ran = nodes.filter(({ startTaskInfo }) => startTaskInfo !== undefined).toSorted(failedFirst)
  const failed = ran.filter(isFailed)
  const node = ran.find(({ id }) => id === chosen) ?? ran[0]
  return (
    <Panel
      title="Start task"
      note={failed.length > 0 && <span class="text-bad">failed on {plural(failed.length, 'node')}</span>}
    >
      <CommandLine text={task.commandLine} />
      <ResourceFiles files={task.resourceFiles} />
      <Environment settings={task.environmentSettings} />
      {node ? (
        <>
          <label class="field">
            Output on
            <select value={node.id} onChange={(event) => setChosen(event.currentTarget.value)}>
              {ran.map((other) => (
                <option key={other.id} value={other.id}>
                  {shortId(other.id)} (
                  {isFailed(other) ? 'failed' : (other.startTaskInfo?.result ?? 'running')})
                </option>
              ))}
            </select>
          </label>
          <p>
            <Link href={pageOf.node(pool, node.id)}>Open this node</Link>
          </p>
          <StartTaskOutput pool={pool} node={node} />
        </>
      ) : (
        <Empty>It has not run on any node yet.</Empty>
      )}
    </Panel>
  )
}

/** How the start task went on one node, and what it printed. */
export function StartTaskOutput({ pool, node }: { pool: string; node: StartedNode }) {
  const info = node.startTaskInfo
  if (!info) return null
  const owner = at.node(pool, node.id)
  const isLive = info.state === 'running'
  const tryOf = `${info.startTime} ${info.retryCount}`
  return (
    <>
      {info.result === 'failure' && (
        <Failure title="The start task failed" failure={info.failureInfo} exitCode={info.exitCode} />
      )}
      <Log owner={owner} name="startup/stdout.txt" title="Start task stdout" isLive={isLive} tryOf={tryOf} />
      <Log owner={owner} name="startup/stderr.txt" title="Start task stderr" isLive={isLive} tryOf={tryOf} />
    </>
  )
}

function isFailed({ startTaskInfo }: StartedNode): boolean {
  return startTaskInfo?.result === 'failure'
}

function failedFirst(a: StartedNode, b: StartedNode): number {
  return Number(isFailed(b)) - Number(isFailed(a)) || a.id.localeCompare(b.id)
}

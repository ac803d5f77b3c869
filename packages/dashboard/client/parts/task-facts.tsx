// What is worth knowing about a task besides its output: how it ended, where, when, within which limits.

import { Link } from 'wouter-preact'
import type { TaskView } from '../api.ts'
import { exitWords } from '../exit-words.ts'
import { formatDuration, plural, shortId } from '../format.ts'
import { pageOf } from '../paths.ts'
import { Fact, Facts, Panel } from './panel.tsx'
import { Span, Time } from './time.tsx'

export interface TaskFactsProps {
  job: string
  task: TaskView
}

/** The facts about a task. */
export function TaskFacts({ job, task }: TaskFactsProps) {
  return (
    <Panel title="Facts">
      <Facts>
        <ExitFact code={task.executionInfo.exitCode} />
        <PlaceFacts task={task} />
        <TimeFacts task={task} />
        <LimitFacts task={task} />
        <ParentsFact job={job} task={task} />
      </Facts>
    </Panel>
  )
}

function ExitFact({ code }: { code: number | undefined }) {
  if (code === undefined) return null
  return (
    <Fact name="Exit code">
      <b>{code}</b> <span class="faint">{exitWords(code)}</span>
    </Fact>
  )
}

function PlaceFacts({ task: { nodeInfo: node } }: { task: TaskView }) {
  if (!node) return null
  return (
    <>
      <Fact name="Node">
        <Link href={pageOf.node(node.poolId, node.nodeId)} title={node.nodeId}>
          {shortId(node.nodeId)}
        </Link>
      </Fact>
      <Fact name="Pool">
        <Link href={pageOf.pool(node.poolId)}>{node.poolId}</Link>
      </Fact>
      <Fact name="Directory">
        <span class="mono">{node.taskRootDirectory}</span>
      </Fact>
    </>
  )
}

function TimeFacts({ task }: { task: TaskView }) {
  const { startTime, endTime } = task.executionInfo
  return (
    <>
      <Fact name="Created">
        <Time at={task.creationTime} />
      </Fact>
      <Fact name="Started">{startTime && <Time at={startTime} />}</Fact>
      <Fact name="Ended">{endTime && <Time at={endTime} />}</Fact>
      <Fact name="Took">
        {startTime && task.state !== 'active' && <Span from={startTime} to={endTime} />}
      </Fact>
    </>
  )
}

function LimitFacts({ task }: { task: TaskView }) {
  const { retryCount, requeueCount } = task.executionInfo
  const { maxTaskRetryCount, maxWallClockTime, retentionTime } = task.constraints
  return (
    <>
      <Fact name="Retries">
        {retryCount} of {maxTaskRetryCount === -1 ? 'any number' : maxTaskRetryCount}
      </Fact>
      <Fact name="Went back into the queue">{requeueCount > 0 && plural(requeueCount, 'time')}</Fact>
      <Fact name="Slots">{task.requiredSlots}</Fact>
      <Fact name="Time limit">{formatDuration(maxWallClockTime)}</Fact>
      <Fact name="Files are kept">{formatDuration(retentionTime)}</Fact>
      <Fact name="Nodes at once">{task.multiInstanceSettings?.numberOfInstances}</Fact>
    </>
  )
}

/** The tasks that it waits for. */
function ParentsFact({ job, task: { dependsOn } }: TaskFactsProps) {
  if (!dependsOn) return null
  return (
    <Fact name="Depends on">
      {dependsOn.taskIds?.map((id) => (
        <Link key={id} class="chip" href={pageOf.task(job, id)}>
          {id}
        </Link>
      ))}
      {dependsOn.taskIdRanges?.map(({ start, end }) => `${start} to ${end}`).join(', ')}
    </Fact>
  )
}

// One task: what it runs, where it is, what it prints, why it waits or failed.

import { Link } from 'wouter-preact'
import { ActionButtons } from '../actions/buttons.tsx'
import { taskActions } from '../actions/jobs.ts'
import { at, get, type TaskView } from '../api.ts'
import type { Topic } from '../changes.ts'
import { exitWords } from '../exit-words.ts'
import { formatDuration, plural, shortId } from '../format.ts'
import { TaskBadge } from '../parts/badge.tsx'
import { Failure } from '../parts/failure.tsx'
import { Files } from '../parts/files.tsx'
import { StateHistory } from '../parts/history.tsx'
import { Log } from '../parts/log.tsx'
import { Fact, Facts, PageHead, Panel } from '../parts/panel.tsx'
import { Loaded } from '../parts/problem.tsx'
import { CommandLine, Environment, OutputFiles, ResourceFiles } from '../parts/spec.tsx'
import { Span, Time } from '../parts/time.tsx'
import { Remedy, Why } from '../parts/why.tsx'
import { pageOf } from '../paths.ts'
import { useResource } from '../resource.ts'

/** The page of a task. */
export function TaskPage({ job, task: id }: { job: string; task: string }) {
  const topics: Topic[] = [{ kind: 'tasks', id: job }]
  const owner = at.task(job, id)
  const task = useResource({ key: owner, load: (signal) => get<TaskView>(owner, {}, signal), topics })
  const { data } = task
  const crumbs = [
    { text: 'Jobs', to: '/jobs' },
    { text: job, to: pageOf.job(job) },
  ]
  return (
    <>
      <PageHead
        kind="Task"
        title={data?.id ?? id}
        displayName={data?.displayName}
        crumbs={crumbs}
        actions={data && <ActionButtons actions={taskActions(job, data)} />}
      >
        {data && <TaskBadge state={data.state} result={data.executionInfo.result} />}
      </PageHead>
      <Loaded from={task} what="the task">
        {(view) => (
          <>
            <Outcome job={job} task={view} topics={topics} />
            <div class="columns">
              <div class="main-column">
                {view.nodeInfo && <Output owner={owner} task={view} />}
                <Definition task={view} />
                {view.nodeInfo && <Files owner={owner} topics={topics} />}
              </div>
              <div class="side-column">
                <TaskFacts job={job} task={view} />
                <StateHistory kind="task" id={`${job}/${id}`} own={view} topics={topics} />
              </div>
            </div>
          </>
        )}
      </Loaded>
    </>
  )
}

/** The first thing people want to know: why it waits, or why it failed. */
function Outcome({ job, task, topics }: { job: string; task: TaskView; topics: readonly Topic[] }) {
  const info = task.executionInfo
  const isFailed = task.state === 'completed' && info.result === 'failure'
  // What a waiting task waits for may be a node or another job.
  const wide: Topic[] = [...topics, { kind: 'jobs', id: job }, { kind: 'pools' }, { kind: 'nodes' }]
  return (
    <>
      {isFailed && (
        <Failure title="The task failed" failure={info.failureInfo} exitCode={info.exitCode}>
          <Remedy of={at.task(job, task.id)} topics={topics} />
        </Failure>
      )}
      {task.state === 'active' && (
        <Why of={at.task(job, task.id)} title="Why is it not running?" topics={wide} />
      )}
    </>
  )
}

function Output({ owner, task }: { owner: string; task: TaskView }) {
  const { retryCount, requeueCount, startTime = '' } = task.executionInfo
  const isLive = task.state === 'running' || task.state === 'preparing'
  const tryOf = `${task.nodeInfo?.nodeId} ${retryCount} ${requeueCount} ${startTime}`
  return (
    <div class="logs">
      {['stdout', 'stderr'].map((name) => (
        <Log key={name} owner={owner} name={`${name}.txt`} title={name} isLive={isLive} tryOf={tryOf} />
      ))}
    </div>
  )
}

function Definition({ task }: { task: TaskView }) {
  return (
    <Panel title="Command line">
      <CommandLine text={task.commandLine} />
      <ResourceFiles files={task.resourceFiles} />
      <OutputFiles files={task.outputFiles} />
      <Environment settings={task.environmentSettings} />
    </Panel>
  )
}

function TaskFacts({ job, task }: { job: string; task: TaskView }) {
  const info = task.executionInfo
  const node = task.nodeInfo
  const words = info.exitCode === undefined ? '' : exitWords(info.exitCode)
  return (
    <Panel title="Facts">
      <Facts>
        <Fact name="Exit code">
          {info.exitCode !== undefined && (
            <>
              <b>{info.exitCode}</b> {words && <span class="faint">{words}</span>}
            </>
          )}
        </Fact>
        <Fact name="Node">
          {node && (
            <Link href={pageOf.node(node.poolId, node.nodeId)} title={node.nodeId}>
              {shortId(node.nodeId)}
            </Link>
          )}
        </Fact>
        <Fact name="Pool">{node && <Link href={pageOf.pool(node.poolId)}>{node.poolId}</Link>}</Fact>
        <Fact name="Directory">{node && <span class="mono">{node.taskRootDirectory}</span>}</Fact>
        <Fact name="Created">
          <Time at={task.creationTime} />
        </Fact>
        <Fact name="Started">{info.startTime && <Time at={info.startTime} />}</Fact>
        <Fact name="Ended">{info.endTime && <Time at={info.endTime} />}</Fact>
        <Fact name="Took">
          {info.startTime && task.state !== 'active' && <Span from={info.startTime} to={info.endTime} />}
        </Fact>
        <Fact name="Retries">
          {info.retryCount} of{' '}
          {task.constraints.maxTaskRetryCount === -1 ? 'any number' : task.constraints.maxTaskRetryCount}
        </Fact>
        <Fact name="Went back into the queue">
          {info.requeueCount > 0 && plural(info.requeueCount, 'time')}
        </Fact>
        <Fact name="Slots">{task.requiredSlots}</Fact>
        <Fact name="Time limit">{formatDuration(task.constraints.maxWallClockTime)}</Fact>
        <Fact name="Files are kept">{formatDuration(task.constraints.retentionTime)}</Fact>
        <Fact name="Nodes at once">{task.multiInstanceSettings?.numberOfInstances}</Fact>
        <Fact name="Depends on">
          {task.dependsOn && (
            <>
              {task.dependsOn.taskIds?.map((id) => (
                <Link key={id} class="chip" href={pageOf.task(job, id)}>
                  {id}
                </Link>
              ))}
              {task.dependsOn.taskIdRanges?.map(({ start, end }) => `${start} to ${end}`).join(', ')}
            </>
          )}
        </Fact>
      </Facts>
    </Panel>
  )
}

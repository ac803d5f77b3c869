// One task: what it runs, where it is, what it prints, why it waits or failed.

import { ActionButtons } from '../actions/buttons.tsx'
import { taskActions } from '../actions/jobs.ts'
import { at, get, type TaskView } from '../api.ts'
import type { Topic } from '../changes.ts'
import { TaskBadge } from '../parts/badge.tsx'
import { Failure } from '../parts/failure.tsx'
import { Files } from '../parts/files.tsx'
import { StateHistory } from '../parts/history.tsx'
import { Log } from '../parts/log.tsx'
import { PageHead, Panel } from '../parts/panel.tsx'
import { Loaded } from '../parts/problem.tsx'
import { CommandLine, Environment, OutputFiles, ResourceFiles } from '../parts/spec.tsx'
import { TaskFacts } from '../parts/task-facts.tsx'
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
        {(view) => <Details job={job} task={view} topics={topics} />}
      </Loaded>
    </>
  )
}

interface DetailsProps {
  job: string
  task: TaskView
  topics: readonly Topic[]
}

function Details({ job, task, topics }: DetailsProps) {
  const owner = at.task(job, task.id)
  return (
    <>
      <Outcome job={job} task={task} topics={topics} />
      <div class="columns">
        <div class="main-column">
          {task.nodeInfo && <Output owner={owner} task={task} />}
          <Definition task={task} />
          {task.nodeInfo && <Files owner={owner} topics={topics} />}
        </div>
        <div class="side-column">
          <TaskFacts job={job} task={task} />
          <StateHistory
            kind="task"
            id={`${job}/${task.id}`}
            own={task}
            result={task.executionInfo.result}
            topics={topics}
          />
        </div>
      </div>
    </>
  )
}

/** The first thing people want to know: why it waits, or why it failed. */
function Outcome({ job, task, topics }: DetailsProps) {
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

// One node: what it does, what it did, what lies on it.

import { Link } from 'wouter-preact'
import { ActionButtons } from '../actions/buttons.tsx'
import { nodeActions } from '../actions/nodes.ts'
import { at, get, type NodeView } from '../api.ts'
import type { Topic } from '../changes.ts'
import { plural } from '../format.ts'
import { Badge, TaskBadge } from '../parts/badge.tsx'
import { Files } from '../parts/files.tsx'
import { StateHistory } from '../parts/history.tsx'
import { Empty, Fact, Facts, PageHead, Panel } from '../parts/panel.tsx'
import { Loaded, Problem } from '../parts/problem.tsx'
import { CommandLine } from '../parts/spec.tsx'
import { StartTaskOutput } from '../parts/start-task.tsx'
import { Table, type Column } from '../parts/table.tsx'
import { Span, Time } from '../parts/time.tsx'
import { Why } from '../parts/why.tsx'
import { pageOf } from '../paths.ts'
import { useResource } from '../resource.ts'

/** The page of a node. */
export function NodePage({ pool, node: id }: { pool: string; node: string }) {
  const topics: Topic[] = [{ kind: 'nodes', id: pool }]
  const owner = at.node(pool, id)
  const node = useResource({ key: owner, load: (signal) => get<NodeView>(owner, {}, signal), topics })
  const { data } = node
  const crumbs = [
    { text: 'Pools', to: '/pools' },
    { text: pool, to: pageOf.pool(pool) },
  ]
  return (
    <>
      <PageHead
        kind="Node"
        title={data?.id ?? id}
        crumbs={crumbs}
        actions={data && <ActionButtons actions={nodeActions(pool, data)} />}
      >
        {data && <Badge state={data.state} />}
      </PageHead>
      <Loaded from={node} what="the node">
        {(view) => <Details pool={pool} node={view} topics={topics} />}
      </Loaded>
    </>
  )
}

interface DetailsProps {
  pool: string
  node: NodeView
  topics: readonly Topic[]
}

function Details({ pool, node, topics }: DetailsProps) {
  const owner = at.node(pool, node.id)
  return (
    <>
      {node.errors?.map(({ code, message }) => (
        <Problem key={code} title="The node is unusable" code={code} message={message} />
      ))}
      <div class="columns">
        <div class="main-column">
          <RecentTasks node={node} />
          {node.startTask && (
            <Panel title="Start task">
              <CommandLine text={node.startTask.commandLine} />
              <StartTaskOutput pool={pool} node={node} />
            </Panel>
          )}
          {node.lastBootTime !== undefined && <Files owner={owner} topics={topics} />}
        </div>
        <div class="side-column">
          <Why of={owner} title="Does it take tasks?" topics={topics} />
          <NodeFacts node={node} />
          <StateHistory kind="node" id={`${pool}/${node.id}`} own={node} topics={topics} />
        </div>
      </div>
    </>
  )
}

type RecentTask = NonNullable<NodeView['recentTasks']>[number]

const TASK_COLUMNS: readonly Column<RecentTask>[] = [
  {
    name: 'Task',
    cell: ({ jobId, taskId }) => <Link href={pageOf.task(jobId, taskId)}>{taskId}</Link>,
  },
  { name: 'Job', cell: ({ jobId }) => <Link href={pageOf.job(jobId)}>{jobId}</Link> },
  {
    name: 'State',
    cell: ({ taskState, executionInfo }) => <TaskBadge state={taskState} result={executionInfo?.result} />,
  },
  { name: 'Started', kind: 'minor', cell: ({ executionInfo }) => <Time at={executionInfo?.startTime} /> },
  {
    name: 'Took',
    kind: 'number',
    cell: ({ executionInfo }) => <Span from={executionInfo?.startTime} to={executionInfo?.endTime} />,
  },
]

function RecentTasks({ node }: { node: NodeView }) {
  const tasks = node.recentTasks?.toReversed() ?? []
  const running = plural(node.runningTasksCount ?? 0, 'task')
  return (
    <Panel title="Tasks" note={`${running} running on ${plural(node.runningTaskSlotsCount ?? 0, 'slot')}`}>
      {tasks.length === 0 ? (
        <Empty>No task has run here lately.</Empty>
      ) : (
        <Table
          label="Recent tasks"
          rows={tasks}
          keyOf={({ jobId, taskId, subtaskId, executionInfo }) =>
            `${jobId}/${taskId}/${subtaskId}/${executionInfo?.startTime}`
          }
          columns={TASK_COLUMNS}
        />
      )}
    </Panel>
  )
}

function NodeFacts({ node }: { node: NodeView }) {
  return (
    <Panel title="Facts">
      <Facts>
        <Fact name="Kind">{node.isDedicated ? 'dedicated' : 'spot'}</Fact>
        <Fact name="Scheduling">{node.schedulingState}</Fact>
        <Fact name="Size">{node.vmSize}</Fact>
        <Fact name="Address">{node.ipAddress}</Fact>
        <Fact name="Allocated">
          <Time at={node.allocationTime} />
        </Fact>
        <Fact name="Booted">
          <Time at={node.lastBootTime} />
        </Fact>
        <Fact name="Tasks run">{node.totalTasksRun}</Fact>
        <Fact name="Of these succeeded">{node.totalTasksSucceeded}</Fact>
      </Facts>
    </Panel>
  )
}

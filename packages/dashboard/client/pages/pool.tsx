// One pool: its nodes at one sight, what went wrong with them, how it scales.

import { ActionButtons } from '../actions/buttons.tsx'
import { poolActions } from '../actions/pools.ts'
import { at, get, list, type PoolView } from '../api.ts'
import type { Topic } from '../changes.ts'
import { formatDuration, formatNumber, plural } from '../format.ts'
import { Autoscale } from '../parts/autoscale.tsx'
import { Badge } from '../parts/badge.tsx'
import { StateHistory } from '../parts/history.tsx'
import { NodeMap, type MapNode } from '../parts/node-map.tsx'
import { Empty, Fact, Facts, PageHead, Panel } from '../parts/panel.tsx'
import { Loaded, Problem } from '../parts/problem.tsx'
import { StartTaskPanel, type StartedNode } from '../parts/start-task.tsx'
import { Time } from '../parts/time.tsx'
import { Why } from '../parts/why.tsx'
import { useResource, type Resource } from '../resource.ts'

const CRUMBS = [{ text: 'Pools', to: '/pools' }]
const MOST_NODES = 5000
const MAP_NODE = 'id,state,schedulingState,isDedicated,runningTaskSlotsCount,startTaskInfo'

/** The page of a pool. */
export function PoolPage({ pool: id }: { pool: string }) {
  const topics: Topic[] = [
    { kind: 'pools', id },
    { kind: 'nodes', id },
  ]
  const pool = useResource({ key: id, load: (signal) => get<PoolView>(at.pool(id), {}, signal), topics })
  const nodes = useResource({
    key: id,
    load: (signal) =>
      list<MapNode & StartedNode>(`${at.pool(id)}/nodes`, { select: MAP_NODE, limit: MOST_NODES }, signal),
    topics: [{ kind: 'nodes', id }],
    every: 700,
  })
  const { data } = pool
  return (
    <>
      <PageHead
        kind="Pool"
        title={data?.id ?? id}
        displayName={data?.displayName}
        crumbs={CRUMBS}
        actions={data && <ActionButtons actions={poolActions(data)} />}
      >
        {data && <Badge state={data.state === 'deleting' ? 'deleting' : data.allocationState} />}
      </PageHead>
      <Loaded from={pool} what="the pool">
        {(view) => (
          <>
            <ResizeErrors pool={view} />
            <div class="columns">
              <div class="main-column">
                <NodesPanel pool={view} nodes={nodes} />
                {view.startTask && (
                  <StartTaskPanel pool={view.id} task={view.startTask} nodes={nodes.data?.items ?? []} />
                )}
                {view.enableAutoScale && <Autoscale pool={view} />}
              </div>
              <div class="side-column">
                <Why of={at.pool(view.id)} title="Why is it so?" topics={topics} />
                <PoolFacts pool={view} />
                <StateHistory kind="pool" id={view.id} own={view} topics={topics} />
              </div>
            </div>
          </>
        )}
      </Loaded>
    </>
  )
}

type PoolNodes = Awaited<ReturnType<typeof list<MapNode & StartedNode>>>

function NodesPanel({ pool, nodes }: { pool: PoolView; nodes: Resource<PoolNodes> }) {
  return (
    <Panel title="Nodes" note={nodes.data && plural(nodes.data.items.length, 'node')}>
      <Loaded from={nodes} what="the nodes">
        {({ items, isCut }) => (
          <>
            {items.length === 0 ? (
              <Empty>The pool has no nodes.</Empty>
            ) : (
              <NodeMap pool={pool.id} nodes={items} slots={pool.taskSlotsPerNode} />
            )}
            {isCut && <p class="cut">The first {plural(MOST_NODES, 'node')} are shown.</p>}
          </>
        )}
      </Loaded>
    </Panel>
  )
}

function ResizeErrors({ pool }: { pool: PoolView }) {
  return (
    <>
      {pool.resizeErrors?.map(({ code, message, values }) => (
        <Problem
          key={code}
          title="The pool has not its size"
          code={code}
          message={message}
          values={values?.map(({ name, value }) => ({ key: name, value })) ?? []}
        />
      ))}
    </>
  )
}

function PoolFacts({ pool }: { pool: PoolView }) {
  const image = pool.virtualMachineConfiguration?.imageReference
  const name = [image?.publisher, image?.offer, image?.sku].filter(Boolean).join(' ')
  return (
    <Panel title="Facts">
      <Facts>
        <Fact name="Dedicated nodes">
          {formatNumber(pool.currentDedicatedNodes)} of {formatNumber(pool.targetDedicatedNodes)}
        </Fact>
        <Fact name="Spot nodes">
          {formatNumber(pool.currentLowPriorityNodes)} of {formatNumber(pool.targetLowPriorityNodes)}
        </Fact>
        <Fact name="Size of machines">{pool.vmSize}</Fact>
        <Fact name="Slots of a node">{pool.taskSlotsPerNode}</Fact>
        <Fact name="Tasks are">
          {pool.taskSchedulingPolicy?.nodeFillType === 'pack' ? 'packed' : 'spread'}
        </Fact>
        <Fact name="Image">{name || image?.virtualMachineImageId}</Fact>
        <Fact name="Resize timeout">{formatDuration(pool.resizeTimeout)}</Fact>
        <Fact name="Created">
          <Time at={pool.creationTime} />
        </Fact>
        {pool.metadata?.map((item) => (
          <Fact key={item.name} name={item.name}>
            {item.value}
          </Fact>
        ))}
      </Facts>
    </Panel>
  )
}

// Lists of the engine: every property that can be filtered by, and how much of a large job a page reads.

import { expect, test } from 'vitest'
import { openDatabase } from '../../emulator/src/storage/database.ts'
import { createTaskStore } from '../../emulator/src/storage/tasks.ts'
import { jobBody, openVirtualEngine, poolBody, taskBody } from '../helpers/virtual-engine.ts'

function openFilled() {
  const setup = openVirtualEngine({
    script: (commandLine) => ({ exitCode: commandLine === 'run Bad' ? 7 : 0 }),
  })
  const { engine, seconds } = setup
  engine.pools.add(poolBody('Pool', { startTask: { commandLine: 'true' }, displayName: 'Nice' }))
  engine.pools.add(poolBody('other', { targetDedicatedNodes: 0, taskSlotsPerNode: 4 }))
  seconds(10)
  engine.jobs.add(jobBody('Job', 'Pool', { displayName: 'Nice' }))
  engine.jobs.add(jobBody('ended', 'other', { priority: 5, onAllTasksComplete: 'terminatejob' }))
  engine.jobs.terminate('ended', { terminateReason: 'Enough' })
  for (const id of ['good', 'Bad']) engine.tasks.add('Job', taskBody(id))
  seconds(100)
  engine.tasks.add('Job', taskBody('wide', { requiredSlots: 2 }))
  seconds(10)
  return setup
}

const LONG_AGO = "DateTime'2000-01-01T00:00:00Z'"
const FAR_OFF = "DateTime'2100-01-01T00:00:00Z'"

test.each([
  ["id eq 'pool'", ['Pool']],
  ["startswith(id,'OTH')", ['other']],
  ["displayName eq 'nice'", ['Pool']],
  ["state eq 'ACTIVE' and allocationState eq 'Steady'", ['Pool', 'other']],
  ["allocationState ne 'steady'", []],
  [`stateTransitionTime gt ${LONG_AGO} and allocationStateTransitionTime le ${FAR_OFF}`, ['Pool', 'other']],
  [`creationTime lt ${LONG_AGO} or lastModified gt ${FAR_OFF}`, []],
  ["startswith(vmSize,'STANDARD_D2')", ['Pool', 'other']],
  ['enableAutoScale eq false and enableInterNodeCommunication ne true', ['Pool', 'other']],
  ['enableInterNodeCommunication eq true', []],
  ['taskSlotsPerNode gt 1', ['other']],
  ['targetDedicatedNodes ge 1 and targetLowPriorityNodes eq 0', ['Pool']],
])('pools where %s', (filter, ids) => {
  expect(
    openFilled()
      .engine.pools.list({ filter })
      .items.map(({ id }) => id),
  ).toEqual(ids)
})

test.each([
  ["executionInfo/poolId eq 'POOL'", ['Job']],
  [`executionInfo/startTime ge ${LONG_AGO} and executionInfo/endTime lt ${FAR_OFF}`, ['ended']],
  ["executionInfo/terminateReason eq 'enough'", ['ended']],
  ["executionInfo/schedulingError/category eq 'UserError'", []],
  ["executionInfo/schedulingError/code ne 'Unknown'", ['Job', 'ended']],
  ["previousState eq 'active'", ['ended']],
  [`previousStateTransitionTime gt ${LONG_AGO}`, ['ended']],
  ["onAllTasksComplete eq 'terminateJob'", ['ended']],
  ["onTaskFailure eq 'noaction' and priority ge 5", ['ended']],
  ["state ne 'completed'", ['Job']],
])('jobs where %s', (filter, ids) => {
  expect(
    openFilled()
      .engine.jobs.list({ filter })
      .items.map(({ id }) => id),
  ).toEqual(ids)
})

test.each([
  ["state eq 'completed'", ['Bad', 'good']],
  ["state eq 'active' or state eq 'running'", ['wide']],
  ["executionInfo/result eq 'Failure'", ['Bad']],
  ['executionInfo/exitCode ne 0', ['Bad', 'wide']],
  ['executionInfo/exitCode gt 0', ['Bad']],
  ["executionInfo/failureInfo/category eq 'usererror'", ['Bad']],
  ["executionInfo/failureInfo/code eq 'failureexitcode'", ['Bad']],
  ['executionInfo/retryCount eq 0 and executionInfo/requeueCount eq 0', ['Bad', 'good', 'wide']],
  [`executionInfo/lastRetryTime gt ${LONG_AGO} or executionInfo/lastRequeueTime gt ${LONG_AGO}`, []],
  [`executionInfo/startTime gt ${LONG_AGO} and executionInfo/endTime gt ${LONG_AGO}`, ['Bad', 'good']],
  ["nodeInfo/poolId eq 'pool' and startswith(nodeInfo/nodeId,'tvmps_')", ['Bad', 'good']],
  [`previousState eq 'running' and previousStateTransitionTime lt ${FAR_OFF}`, ['Bad', 'good']],
  ['requiredSlots gt 1', ['wide']],
])('tasks where %s', (filter, ids) => {
  expect(
    openFilled()
      .engine.tasks.list('Job', { filter })
      .items.map(({ id }) => id),
  ).toEqual(ids)
})

test.each([
  ["state eq 'idle' and schedulingState eq 'enabled'", 1],
  ["state ne 'idle'", 0],
  [`lastBootTime gt ${LONG_AGO} and allocationTime lt ${FAR_OFF} and stateTransitionTime gt ${LONG_AGO}`, 1],
  ["startTaskInfo/state eq 'Completed' and startTaskInfo/result ne 'failure'", 1],
  ['startTaskInfo/exitCode eq 0', 1],
  [`startTaskInfo/startTime gt ${LONG_AGO} and startTaskInfo/endTime lt ${FAR_OFF}`, 1],
  [`startTaskInfo/startTime gt ${FAR_OFF}`, 0],
  ['isDedicated eq true and totalTasksRun eq 2 and totalTasksSucceeded eq 1', 1],
  ['runningTasksCount gt 0', 0],
  ["startswith(ipAddress,'10.0.0.') and startswith(id,'tvmps_')", 1],
])('nodes where %s', (filter, count) => {
  expect(openFilled().engine.nodes.list('Pool', { filter }).items).toHaveLength(count)
})

test('the start of a start task is compared to the microsecond', () => {
  const { engine } = openFilled()
  const [node] = engine.nodes.list('Pool').items
  const start = node?.startTaskInfo?.startTime ?? ''
  const found = (filter: string) => engine.nodes.list('Pool', { filter }).items.length
  expect(found(`startTaskInfo/startTime eq DateTime'${start}'`)).toBe(1)
  expect(found(`startTaskInfo/startTime lt DateTime'${start}'`)).toBe(0)
})

test.each([
  ["osType eq 'Linux' and verificationType ne 'unverified'", true],
  ["nodeAgentSKUId eq 'batch.node.ubuntu 24.04'", true],
  ["osType eq 'windows'", false],
])('images where %s', (filter, found) => {
  expect(openFilled().engine.listSupportedImages({ filter }).items.length > 0).toBe(found)
})

test('counts of nodes where the pool has an id', () => {
  const { engine } = openFilled()
  const counts = engine.pools.nodeCounts({ filter: "poolId eq 'POOL'" }).items
  expect(counts.map(({ poolId }) => poolId)).toEqual(['Pool'])
})

test.each([
  ['pools', "state gt 'active'", 'state'],
  ['pools', "startswith(allocationState,'s')", 'allocationState'],
  ['tasks', "commandLine eq 'true'", 'commandLine'],
  ['tasks', "executionInfo/result lt 'success'", 'executionInfo/result'],
  ['nodes', "metadata eq 'x'", 'metadata'],
  ['jobs', "stats/url eq 'x'", 'stats/url'],
  ['images', "imageReference/sku eq 'x'", 'imageReference/sku'],
  ['images', "osType ge 'linux'", 'osType'],
])('%s cannot be filtered by %s, and the reason names the property', (list, filter, property) => {
  const { engine } = openFilled()
  const lists: Record<string, () => unknown> = {
    pools: () => engine.pools.list({ filter }),
    tasks: () => engine.tasks.list('Job', { filter }),
    nodes: () => engine.nodes.list('Pool', { filter }),
    jobs: () => engine.jobs.list({ filter }),
    images: () => engine.listSupportedImages({ filter }),
  }
  expect(lists[list]).toThrow(
    expect.objectContaining({
      code: 'InvalidQueryParameterValue',
      details: {
        QueryParameterName: '$filter',
        QueryParameterValue: filter,
        Reason: expect.stringContaining(`'${property}'`),
      },
    }),
  )
})

test.each([
  ['id,state', ['id', 'state']],
  ['state,previousState,executionInfo', ['state', 'previousState', 'executionInfo']],
  ['commandLine,id', ['id', 'commandLine']],
])('a task of which %s is selected has nothing else', (select, names) => {
  const [task] = openFilled().engine.tasks.list('Job', { select: select.split(','), maxResults: 1 }).items
  expect(Object.keys(task ?? {})).toEqual(names)
})

/** How SQLite reads a page of the tasks of a job. */
function planOf(filter: string | undefined): string {
  const db = openDatabase(':memory:')
  const plans: string[] = []
  const tasks = createTaskStore({
    ...db,
    select: <Row>(sql: string, params: (string | number | null)[]): Row[] => {
      plans.push(
        ...db.select<{ detail: string }>(`explain query plan ${sql}`, params).map(({ detail }) => detail),
      )
      return []
    },
  })
  tasks.page(1, filter === undefined ? {} : { filter })
  db.close()
  return plans.join('; ')
}

test.each([
  [undefined, 'SEARCH tasks USING INDEX tasksInOrder (job=?)'],
  ["state eq 'active'", 'SEARCH tasks USING INDEX tasksByState (job=? AND state=?)'],
  [
    "state eq 'completed' and executionInfo/result eq 'failure'",
    'SEARCH tasks USING INDEX tasksByState (job=? AND state=?)',
  ],
  ["id eq 't'", 'SEARCH tasks USING INDEX sqlite_autoindex_tasks_1 (job=? AND id=?)'],
])('a page of tasks where %s is read from an index', (filter, plan) => {
  expect(planOf(filter)).toContain(plan)
})

test.each([undefined, "state eq 'active'", "state eq 'completed' and executionInfo/exitCode ne 0"])(
  'a page of tasks where %s is in order without sorting',
  (filter) => {
    expect(planOf(filter)).not.toContain('TEMP B-TREE')
  },
)

test('a list of pools whose sizes are not selected counts no nodes', () => {
  const { engine } = openFilled()
  const [counted] = engine.pools.list({ select: ['id', 'currentDedicatedNodes'] }).items
  expect(counted).toEqual({ id: 'Pool', currentDedicatedNodes: 1 })
  expect(engine.pools.list({ select: ['id'] }).items[0]).toEqual({ id: 'Pool' })
})

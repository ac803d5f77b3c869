// The instances of a multi-instance task: one on each of its nodes, number 0 is the primary. A row tells of the
// coordination command; the application command is the task's own try.

import type { ContainerInfo, FailureInfo, Subtask, TaskResult, Wire } from '@malachite/model'
import type { Database } from './database.ts'
import { affinityId } from './nodes.ts'
import { compact, json, project } from './table.ts'
import { taskDirectory } from './tasks.ts'
import { toIso } from './time.ts'

export interface InstanceRow {
  /** Key of the task. */
  task: number
  id: number
  /** The try of the coordination command, while that runs. */
  run: number | null
  /** It holds a slot of its node; the primary's is the task's own while that has a try. */
  holds: 0 | 1
  nodeId: string
  poolId: string
  state: 'running' | 'completed'
  startedAt: number
  endedAt: number | null
  exitCode: number | null
  container: string | null
  result: TaskResult | null
  failure: string | null
}

const COLUMNS = [
  'task',
  'id',
  'run',
  'holds',
  'nodeId',
  'poolId',
  'state',
  'startedAt',
  'endedAt',
  'exitCode',
  'container',
  'result',
  'failure',
] as const

export function createInstanceStore(db: Database) {
  const save = db.query<InstanceRow, never>(
    `insert or replace into instances (${COLUMNS.join(', ')}) values (${COLUMNS.map((c) => `:${c}`).join(', ')})`,
  )
  const byRun = db.query<{ run: number }, InstanceRow>('select * from instances where run = :run')
  const ofTask = db.query<{ task: number }, InstanceRow>(
    'select * from instances where task = :task order by id',
  )
  const onNode = db.query<{ nodeId: string; limit: number }, InstanceRow & { jobId: string; taskId: string }>(
    `select instances.*, jobs.id as jobId, tasks.id as taskId from instances
     join tasks on tasks.key = instances.task join jobs on jobs.key = tasks.job
     where instances.nodeId = :nodeId and instances.id > 0 order by instances.startedAt desc limit :limit + 0`,
  )
  const forget = db.query<{ task: number }, never>('delete from instances where task = :task')
  const letGo = db.query<{ task: number; now: number }, never>(
    `update instances set run = null, holds = 0, state = 'completed', endedAt = coalesce(endedAt, :now),
       result = coalesce(result, 'failure') where task = :task`,
  )
  return {
    save: (row: InstanceRow) => void save.run(row),
    /** The instance whose coordination command this try is. */
    byRun: (run: number) => byRun.get({ run }),
    /** All instances of a task in the order of their numbers. */
    ofTask: (task: number) => ofTask.all({ task }),
    /** The latest subtasks on a node, newest first. */
    subtasksOnNode: (nodeId: string, limit: number) => onNode.all({ nodeId, limit }),
    /** Deletes those of an earlier try of the task. */
    forget: (task: number) => void forget.run({ task }),
    /** None of them runs or holds a slot any more. */
    letGo: (task: number, now: number) => void letGo.run({ task, now }),
  }
}

/** Where an instance's files are, relative to its node's root. */
export function instanceDirectory(jobId: string, taskId: string, id: number): string {
  const root = taskDirectory(jobId, taskId)
  return id === 0 ? root : `${root}/${id}`
}

/** The service's JSON of a subtask, members in its order. */
export function viewSubtask(
  row: InstanceRow,
  jobId: string,
  taskId: string,
  select?: readonly string[],
): Wire<Subtask> {
  const { id, nodeId, poolId, state, startedAt, endedAt } = row
  const view = {
    id,
    nodeInfo: {
      affinityId: affinityId(nodeId),
      poolId,
      nodeId,
      taskRootDirectory: instanceDirectory(jobId, taskId, id),
    },
    startTime: toIso(startedAt),
    endTime: endedAt === null ? undefined : toIso(endedAt),
    exitCode: row.exitCode ?? undefined,
    containerInfo: json<ContainerInfo>(row.container),
    failureInfo: json<FailureInfo>(row.failure),
    state,
    stateTransitionTime: toIso(endedAt ?? startedAt),
    previousState: endedAt === null ? undefined : 'running',
    previousStateTransitionTime: endedAt === null ? undefined : toIso(startedAt),
    result: row.result ?? undefined,
  }
  return project(compact(view), select) as unknown as Wire<Subtask>
}

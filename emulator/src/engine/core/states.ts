// The life of every resource as one table each: state → what may happen → next state.

import type {
  AllocationState,
  CertificateState,
  JobScheduleState,
  JobState,
  NodeState,
  PoolState,
  TaskState,
} from '@malachite/model'
import type { PreparationState, ReleaseState } from '../../storage/job-nodes.ts'

/** What may happen in each state, and the state it leads to. */
export type Transitions<State extends string, Event extends string> = {
  readonly [S in State]: { readonly [E in Event]?: State }
}

export type PoolEvent = 'deleted'
export const POOL = {
  active: { deleted: 'deleting' },
  deleting: {},
} as const satisfies Transitions<PoolState, PoolEvent>

export type AllocationEvent = 'resized' | 'stopped' | 'settled'
export const ALLOCATION = {
  steady: { resized: 'resizing' },
  resizing: { resized: 'resizing', stopped: 'stopping', settled: 'steady' },
  stopping: { resized: 'resizing', settled: 'steady' },
} as const satisfies Transitions<AllocationState, AllocationEvent>

export type NodeEvent =
  | 'booting'
  | 'startTaskAwaited'
  | 'ready'
  | 'startTaskFailed'
  | 'busy'
  | 'free'
  | 'paused'
  | 'rebooted'
  | 'reimaged'
  | 'deallocated'
  | 'stopped'
  | 'started'
  | 'preempted'
  | 'recreated'
  | 'left'
  | 'broken'
  | 'lost'
/** What may happen to every node that a machine stands behind. */
const ANY = { left: 'leavingpool', preempted: 'preempted' } as const
/** A machine that should run may break, or not be heard of any more. */
const ON = { ...ANY, broken: 'unusable', lost: 'unknown' } as const
/** What its user may do with a node that has booted. */
const UP = { ...ON, rebooted: 'rebooting', reimaged: 'reimaging' } as const
const BOOTING = { ...ON, booting: 'starting' } as const
export const NODE = {
  creating: BOOTING,
  starting: {
    ...UP,
    startTaskAwaited: 'waitingforstarttask',
    ready: 'idle',
    deallocated: 'deallocating',
  },
  waitingforstarttask: { ...UP, ready: 'idle', startTaskFailed: 'starttaskfailed' },
  starttaskfailed: UP,
  idle: { ...UP, busy: 'running', paused: 'offline', deallocated: 'deallocating' },
  running: { ...UP, free: 'idle', paused: 'offline', deallocated: 'deallocating' },
  offline: { ...UP, ready: 'idle', deallocated: 'deallocating' },
  rebooting: BOOTING,
  reimaging: BOOTING,
  leavingpool: {},
  preempted: { recreated: 'creating', left: 'leavingpool' },
  unusable: UP,
  unknown: UP,
  deallocating: { ...ANY, stopped: 'deallocated' },
  deallocated: { started: 'starting', left: 'leavingpool' },
} as const satisfies Transitions<NodeState, NodeEvent>

export type JobEvent = 'disabled' | 'enabled' | 'terminated' | 'deleted' | 'settled' | 'unschedulable'
export const JOB = {
  active: {
    disabled: 'disabling',
    terminated: 'terminating',
    deleted: 'deleting',
    unschedulable: 'completed',
  },
  disabling: {
    disabled: 'disabling',
    settled: 'disabled',
    enabled: 'enabling',
    terminated: 'terminating',
    deleted: 'deleting',
  },
  disabled: { disabled: 'disabled', enabled: 'enabling', terminated: 'terminating', deleted: 'deleting' },
  enabling: { settled: 'active', terminated: 'terminating', deleted: 'deleting' },
  terminating: { settled: 'completed', deleted: 'deleting' },
  completed: { deleted: 'deleting' },
  deleting: {},
} as const satisfies Transitions<JobState, JobEvent>

export type JobScheduleEvent = 'disabled' | 'enabled' | 'terminated' | 'deleted' | 'finished'
export const JOB_SCHEDULE = {
  active: {
    disabled: 'disabled',
    terminated: 'terminating',
    deleted: 'deleting',
    finished: 'completed',
  },
  disabled: { enabled: 'active', terminated: 'terminating', deleted: 'deleting' },
  terminating: { deleted: 'deleting', finished: 'completed' },
  completed: { deleted: 'deleting' },
  deleting: {},
} as const satisfies Transitions<JobScheduleState, JobScheduleEvent>

export type TaskEvent = 'assigned' | 'reserved' | 'finished' | 'requeued' | 'terminated' | 'reactivated'
export const TASK = {
  active: { assigned: 'running', reserved: 'preparing', terminated: 'completed' },
  preparing: { assigned: 'running', finished: 'completed', requeued: 'active', terminated: 'completed' },
  running: { finished: 'completed', requeued: 'active', terminated: 'completed' },
  completed: { reactivated: 'active' },
} as const satisfies Transitions<TaskState, TaskEvent>

export type PreparationEvent = 'started' | 'passed' | 'failed' | 'rebooted' | 'left'
/** A job preparation task on one node; `left`: the node is gone or empty. */
export const PREPARATION = {
  stale: { started: 'running', rebooted: 'stale', left: 'stale' },
  running: { passed: 'ready', failed: 'failed', rebooted: 'stale', left: 'stale' },
  ready: { rebooted: 'stale', left: 'stale' },
  failed: { rebooted: 'failed', left: 'stale' },
} as const satisfies Transitions<PreparationState, PreparationEvent>

export type ReleaseEvent = 'prepared' | 'started' | 'ended' | 'rebooted' | 'left'
/** A job release task on one node, from the preparation that it undoes. */
export const RELEASE = {
  none: { prepared: 'due', rebooted: 'none', left: 'none' },
  due: { prepared: 'due', started: 'running', rebooted: 'due', left: 'none' },
  running: { ended: 'done', rebooted: 'due', left: 'none' },
  done: { rebooted: 'done', left: 'done' },
} as const satisfies Transitions<ReleaseState, ReleaseEvent>

export type CertificateEvent = 'deleted' | 'refused' | 'kept'
export const CERTIFICATE = {
  active: { deleted: 'deleting' },
  deleting: { refused: 'deletefailed' },
  deletefailed: { deleted: 'deleting', kept: 'active' },
} as const satisfies Transitions<CertificateState, CertificateEvent>

/** The state after an event; `undefined` when the event may not happen in this state. */
export function next<State extends string, Event extends string>(
  table: Transitions<State, Event>,
  state: State,
  event: Event,
): State | undefined {
  return table[state][event]
}

/** States of a node in which a reboot or reimage may be asked for: the documented ones and those that it repairs. */
export const RESTARTABLE: readonly NodeState[] = ['idle', 'running', 'starttaskfailed', 'unusable', 'offline']

/** States in which a node may be deallocated: the documented ones, and two in which the service was seen to do it. */
export const DEALLOCATABLE: readonly NodeState[] = ['idle', 'running', 'offline', 'starting']

/** States in which somebody can log in, be it to see why the start task failed. */
export const LOGIN_STATES: readonly NodeState[] = ['idle', 'running', 'offline', 'starttaskfailed']

/** States of a node whose machine is off or somebody else's. */
export const SWITCHED_OFF: readonly NodeState[] = ['preempted', 'deallocating', 'deallocated']

/** States in which no machine stands behind a node. */
export const ABSENT: readonly NodeState[] = ['creating', 'leavingpool', ...SWITCHED_OFF]

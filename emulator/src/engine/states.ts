// The life of every resource as one table each: state → what may happen → next state.

import type { AllocationState, JobState, NodeState, PoolState, TaskState } from '@malachite/model'

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
  | 'booted'
  | 'startTaskAwaited'
  | 'ready'
  | 'startTaskFailed'
  | 'busy'
  | 'free'
  | 'paused'
  | 'rebooted'
  | 'left'
  | 'broken'
export const NODE = {
  creating: { booted: 'starting', left: 'leavingpool', broken: 'unusable' },
  starting: {
    startTaskAwaited: 'waitingforstarttask',
    ready: 'idle',
    rebooted: 'rebooting',
    left: 'leavingpool',
  },
  waitingforstarttask: {
    ready: 'idle',
    startTaskFailed: 'starttaskfailed',
    rebooted: 'rebooting',
    left: 'leavingpool',
  },
  starttaskfailed: { rebooted: 'rebooting', left: 'leavingpool' },
  idle: { busy: 'running', paused: 'offline', rebooted: 'rebooting', left: 'leavingpool' },
  running: { free: 'idle', paused: 'offline', rebooted: 'rebooting', left: 'leavingpool' },
  offline: { ready: 'idle', rebooted: 'rebooting', left: 'leavingpool' },
  rebooting: { booted: 'starting', left: 'leavingpool', broken: 'unusable' },
  reimaging: { booted: 'starting', left: 'leavingpool', broken: 'unusable' },
  leavingpool: {},
  preempted: { booted: 'starting', left: 'leavingpool' },
  unusable: { rebooted: 'rebooting', left: 'leavingpool' },
  unknown: { rebooted: 'rebooting', left: 'leavingpool' },
} as const satisfies Transitions<NodeState, NodeEvent>

export type JobEvent = 'disabled' | 'enabled' | 'terminated' | 'deleted' | 'settled'
export const JOB = {
  active: { disabled: 'disabling', terminated: 'terminating', deleted: 'deleting' },
  disabling: {
    disabled: 'disabling',
    settled: 'disabled',
    enabled: 'enabling',
    terminated: 'terminating',
    deleted: 'deleting',
  },
  disabled: { disabled: 'disabled', enabled: 'enabling', terminated: 'terminating', deleted: 'deleting' },
  enabling: { settled: 'active', disabled: 'disabling', terminated: 'terminating', deleted: 'deleting' },
  terminating: { settled: 'completed', deleted: 'deleting' },
  completed: { deleted: 'deleting' },
  deleting: {},
} as const satisfies Transitions<JobState, JobEvent>

export type TaskEvent = 'assigned' | 'finished' | 'requeued' | 'terminated' | 'reactivated'
export const TASK = {
  active: { assigned: 'running', terminated: 'completed' },
  preparing: { finished: 'completed', requeued: 'active', terminated: 'completed' },
  running: { finished: 'completed', requeued: 'active', terminated: 'completed' },
  completed: { reactivated: 'active' },
} as const satisfies Transitions<TaskState, TaskEvent>

/** The state after an event; `undefined` when the event may not happen in this state. */
export function next<State extends string, Event extends string>(
  table: Transitions<State, Event>,
  state: State,
  event: Event,
): State | undefined {
  return table[state][event]
}

/** States of a node in which a reboot may be asked for: the documented ones and those that a reboot repairs. */
export const REBOOTABLE: readonly NodeState[] = ['idle', 'running', 'starttaskfailed', 'unusable', 'offline']

// How states look: a sign, a tone and a word each, so that nobody needs to see colours.

import type { HistoryEntry } from './api.ts'

export type Tone = 'good' | 'busy' | 'wait' | 'bad' | 'off'
export type Sign =
  | 'check'
  | 'play'
  | 'clock'
  | 'cross'
  | 'pause'
  | 'dash'
  | 'turn'
  | 'bolt'
  | 'warn'
  | 'leave'

/** How one state looks. */
export interface Look {
  word: string
  tone: Tone
  sign: Sign
  /** One character for small places; unique among the states of nodes. */
  letter: string
}

const look = (word: string, tone: Tone, sign: Sign, letter = ''): Look => ({ word, tone, sign, letter })

const LOOKS: Readonly<Record<string, Look>> = {
  // Nodes
  creating: look('creating', 'wait', 'turn', 'c'),
  starting: look('starting', 'wait', 'turn', 's'),
  waitingforstarttask: look('start task runs', 'wait', 'clock', 'w'),
  starttaskfailed: look('start task failed', 'bad', 'cross', 'F'),
  idle: look('idle', 'good', 'check', 'i'),
  running: look('running', 'busy', 'play', 'R'),
  offline: look('offline', 'off', 'pause', 'o'),
  rebooting: look('rebooting', 'wait', 'turn', 'b'),
  reimaging: look('reimaging', 'wait', 'turn', 'm'),
  leavingpool: look('leaving pool', 'off', 'leave', 'l'),
  preempted: look('preempted', 'bad', 'bolt', 'P'),
  unusable: look('unusable', 'bad', 'warn', 'U'),
  unknown: look('unknown', 'bad', 'warn', '?'),
  deallocating: look('deallocating', 'off', 'leave', 'a'),
  deallocated: look('deallocated', 'off', 'dash', 'd'),
  // Tasks and jobs
  active: look('active', 'good', 'check'),
  preparing: look('preparing', 'busy', 'turn'),
  completed: look('completed', 'off', 'check'),
  succeeded: look('succeeded', 'good', 'check'),
  failed: look('failed', 'bad', 'cross'),
  waiting: look('active', 'wait', 'clock'),
  disabling: look('disabling', 'wait', 'turn'),
  disabled: look('disabled', 'off', 'pause'),
  enabling: look('enabling', 'wait', 'turn'),
  terminating: look('terminating', 'wait', 'turn'),
  deleting: look('deleting', 'off', 'leave'),
  deleted: look('deleted', 'off', 'cross'),
  // Pools
  steady: look('steady', 'good', 'check'),
  resizing: look('resizing', 'wait', 'turn'),
  stopping: look('stopping', 'wait', 'turn'),
}

/** How a state looks; one that nobody knows yet is shown by its name. */
export function lookOf(state: string): Look {
  return LOOKS[state] ?? look(state, 'off', 'dash', state.charAt(0))
}

/** The state of a task with its outcome: `succeeded` and `failed` instead of `completed`, `waiting` for `active`. */
export function taskLook(state: string, result: string | undefined): string {
  if (state === 'active') return 'waiting'
  if (state !== 'completed') return state
  return result === 'failure' ? 'failed' : 'succeeded'
}

/** The state that something took, with the outcome of a task where it is known. */
export function pastLook({ kind, to, result }: Pick<HistoryEntry, 'kind' | 'to' | 'result'>): string {
  if (kind !== 'task' || (to === 'completed' && result === undefined)) return to
  return taskLook(to, result)
}

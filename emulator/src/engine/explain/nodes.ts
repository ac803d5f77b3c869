// Why a node takes no tasks.

import type { NodeError, NodeState, StartTaskInfo, Wire } from '@malachite/model'
import type { Departure, NodeRow } from '../../storage/nodes.ts'
import { json } from '../../storage/table.ts'
import { toIso } from '../../storage/time.ts'
import { explainFailure } from './failure-causes.ts'
import { because, type Finding } from './finding.ts'

/** Whether tasks may come to the node, now or when slots come free. */
export function takesTasks(node: NodeRow): boolean {
  return (node.state === 'idle' || node.state === 'running') && node.enabled === 1 && node.draining === null
}

/** What a node is about. */
export function explainNode(node: NodeRow): Finding {
  const nodeId = node.id
  if (isUp(node.state) && node.draining) return explainDraining(node, node.draining)
  if (isUp(node.state) && !node.enabled) return because('NodeOffline', { nodeId, state: node.state })
  return BY_STATE[node.state](node)
}

function isUp(state: NodeState): boolean {
  return state === 'idle' || state === 'running'
}

const starting = ({ id, state }: NodeRow): Finding => because('NodeStarting', { nodeId: id, state })
const usable = (node: NodeRow): Finding => {
  const { id: nodeId, state, slots } = node
  const reason = startFailure(node)?.reason
  if (reason !== undefined) return because('StartTaskFailureIgnored', { nodeId, reason })
  return node.free > 0 ? because('NodeUsable', { nodeId, state }) : because('NodeFull', { nodeId, slots })
}
const broken = (node: NodeRow): Finding => {
  const [error] = json<NodeError[]>(node.errors) ?? []
  const { id: nodeId, state, dueAt } = node
  if (!error)
    return because('NodeLost', { nodeId, state, due: dueAt === null ? 'no known time' : toIso(dueAt) })
  return because('NodeUnusable', { nodeId, state, error: `${error.code}, ${error.message}` })
}
const off = ({ id, state }: NodeRow): Finding => because('NodeDeallocated', { nodeId: id, state })

function explainStartFailure(node: NodeRow): Finding {
  const { cause, reason, fix, details } = startFailure(node) ?? explainFailure()
  const facts = { ...details, nodeId: node.id, reason, code: cause, file: 'startup/stderr.txt' }
  const finding = because('StartTaskFailed', facts)
  // What never ran has written nothing that could be read.
  const isAboutFiles = cause === 'FailureExitCode' || cause === 'MaxWallClockTime'
  return isAboutFiles ? finding : { ...finding, fix: `${fix.replace(/\.$/, '')}, then reboot the node.` }
}

/** What a node in each state says; scheduling and draining go before it. */
const BY_STATE: Readonly<Record<NodeState, (node: NodeRow) => Finding>> = {
  creating: starting,
  starting,
  rebooting: starting,
  reimaging: starting,
  waitingforstarttask: (node) =>
    because('StartTaskRunning', {
      nodeId: node.id,
      since: startInfo(node)?.startTime ?? '',
      retryCount: startInfo(node)?.retryCount ?? 0,
    }),
  starttaskfailed: explainStartFailure,
  idle: usable,
  running: usable,
  offline: ({ id, state }) => because('NodeOffline', { nodeId: id, state }),
  leavingpool: ({ id }) => because('NodeLeaving', { nodeId: id }),
  preempted: ({ id, dueAt }) =>
    because('NodePreempted', { nodeId: id, due: dueAt === null ? 'no known time' : toIso(dueAt) }),
  unusable: broken,
  unknown: broken,
  deallocating: off,
  deallocated: off,
}

const PURPOSES: Readonly<Record<Departure, string>> = {
  left: 'removed',
  rebooted: 'rebooted',
  reimaged: 'reimaged',
  deallocated: 'deallocated',
}

function explainDraining({ id, draining: _, retain, dueAt, runningTasks }: NodeRow, to: Departure): Finding {
  const purpose = PURPOSES[to]
  const files =
    dueAt === null ? 'the files of its tasks may go' : `the files of its tasks may go (${toIso(dueAt)})`
  const condition = retain && runningTasks === 0 ? files : `its running tasks (${runningTasks}) have ended`
  return because('NodeDraining', { nodeId: id, purpose, condition, runningTasks })
}

function startInfo(node: NodeRow): Wire<StartTaskInfo> | undefined {
  return json<Wire<StartTaskInfo>>(node.startInfo)
}

function startFailure(node: NodeRow) {
  const info = startInfo(node)
  return info?.result === 'failure' ? explainFailure(info.failureInfo, info.exitCode) : undefined
}

/** The order in which states count where no node takes tasks: first those that pass by themselves, then the broken. */
const WEIGHT: readonly string[] = [
  'NodeStarting',
  'StartTaskRunning',
  'StartTaskFailed',
  'NodeUnusable',
  'NodeLost',
  'NodeOffline',
  'NodeDraining',
  'NodePreempted',
  'NodeDeallocated',
  'NodeLeaving',
]

/** Why none of these nodes takes tasks: what the one says that counts most, and how many are in which state. */
export function explainNodes(poolId: string, nodes: readonly NodeRow[]): Finding | undefined {
  const findings = nodes.filter((node) => !takesTasks(node)).map(explainNode)
  const [first] = findings.sort((a, b) => WEIGHT.indexOf(a.cause) - WEIGHT.indexOf(b.cause))
  if (!first || findings.length < nodes.length) return undefined
  const states: Record<string, number> = {}
  for (const { state } of nodes) states[state] = (states[state] ?? 0) + 1
  const details = { ...first.details, poolId, states }
  if (nodes.length === 1) return { ...first, details }
  const sentence = `None of the ${nodes.length} nodes of pool ${poolId} takes tasks: ${first.sentence}`
  return { ...first, sentence, details }
}

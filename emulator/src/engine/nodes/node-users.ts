// The verbs of the users of a node.

import { BatchError } from '@malachite/model'
import { type NodeUserBody, parseNodeUser, parseNodeUserUpdate } from '../../schema/node.ts'
import type { NodeRow } from '../../storage/nodes.ts'
import type { Engine } from '../api.ts'
import type { Core } from '../core/core.ts'
import { requireNode, requirePool } from '../core/lookup.ts'
import { requireState } from './node-exit.ts'
import { LOGIN_STATES } from '../core/states.ts'

const DAY = 24 * 3600 * 1_000_000

type Users = Pick<Engine['nodes'], 'addUser' | 'updateUser' | 'deleteUser'>

export function createNodeUsers(core: Core): Users {
  const { nodeUsers } = core.store
  /** Edits the users of a node on which somebody can log in. */
  const change = (poolId: string, nodeId: string, edit: (node: NodeRow) => void): void =>
    core.change(() => {
      const node = requireNode(core, requirePool(core, poolId), nodeId)
      requireState(node, LOGIN_STATES)
      edit(node)
    })
  const requireUser = (node: NodeRow, name: string) => {
    const user = nodeUsers.byName(node.key, name, core.now())
    if (!user) throw new BatchError('NodeUserNotFound')
    return user
  }
  return {
    addUser(poolId, nodeId, input) {
      const body = parseNodeUser(input)
      change(poolId, nodeId, (node) => {
        if (nodeUsers.byName(node.key, body.name, core.now())) throw new BatchError('NodeUserExists')
        const isAdmin = body.isAdmin ? 1 : 0
        nodeUsers.save({ node: node.key, name: body.name, isAdmin, expiresAt: expiryOf(core, body) })
      })
      return { name: body.name }
    },
    updateUser(poolId, nodeId, name, input) {
      const body = parseNodeUserUpdate(input)
      change(poolId, nodeId, (node) => {
        nodeUsers.save({ ...requireUser(node, name), expiresAt: expiryOf(core, body) })
      })
    },
    deleteUser(poolId, nodeId, name) {
      change(poolId, nodeId, (node) => nodeUsers.delete(requireUser(node, name)))
    },
  }
}

/** @default in a day */
function expiryOf(core: Core, { expiryTime }: Pick<NodeUserBody, 'expiryTime'>): number {
  return expiryTime === undefined ? core.now() + DAY : Date.parse(expiryTime) * 1000
}

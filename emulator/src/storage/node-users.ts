// The users that clients make on nodes. Nothing of their passwords and keys is kept: nobody can log in here.

import type { Database } from './database.ts'

export interface NodeUserRow {
  /** Key of the node. */
  node: number
  /** Unique on its node, whatever its case. */
  name: string
  isAdmin: 0 | 1
  /** When the service deletes it. */
  expiresAt: number
}

export function createNodeUserStore(db: Database) {
  type Name = Pick<NodeUserRow, 'node' | 'name'>
  const insert = db.query<NodeUserRow, never>(
    'insert or replace into nodeUsers (node, name, isAdmin, expiresAt) values (:node, :name, :isAdmin, :expiresAt)',
  )
  const byName = db.query<Name & { now: number }, NodeUserRow>(
    'select * from nodeUsers where node = :node and name = :name and expiresAt > :now',
  )
  const remove = db.query<Name, never>('delete from nodeUsers where node = :node and name = :name')
  const clear = db.query<{ node: number }, never>('delete from nodeUsers where node = :node')
  return {
    /** Adds a user, or replaces the one of that name. */
    save: (row: NodeUserRow) => void insert.run(row),
    /** The user of that name, unless its time is over. */
    byName: (node: number, name: string, now: number) => byName.get({ node, name, now }),
    delete: ({ node, name }: Name) => void remove.run({ node, name }),
    /** Deletes all users of a node. */
    clear: (node: number) => void clear.run({ node }),
  }
}

// Certificate rows and the view of a certificate. There is nothing secret in them.

import type { Certificate, CertificateState, DeleteCertificateError, Wire } from '@malachite/model'
import type { ListQuery } from '../odata/page.ts'
import type { ColumnMap } from '../odata/compile.ts'
import type { Database } from './database.ts'
import { compact, json, project, selectPage, writeStatements } from './table.ts'
import { toIso } from './time.ts'

export interface CertificateRow {
  key: number
  /** Algorithm and thumbprint in lower case; the list is in its order. */
  id: string
  thumbprint: string
  algorithm: string
  state: CertificateState
  stateAt: number
  previousState: CertificateState | null
  previousAt: number | null
  publicData: string | null
  deleteError: string | null
}

const FIXED = ['id', 'thumbprint', 'algorithm', 'publicData'] as const
const CHANGING = ['state', 'stateAt', 'previousState', 'previousAt', 'deleteError'] as const

const FILTER: ColumnMap = {
  thumbprint: { sql: 'thumbprint', type: 'text' },
  thumbprintAlgorithm: { sql: 'algorithm', type: 'text' },
  state: { sql: 'state', type: 'enum' },
  stateTransitionTime: { sql: 'stateAt', type: 'time' },
}

export function createCertificateStore(db: Database) {
  const byId = db.query<{ id: string }, CertificateRow>('select * from certificates where id = :id')
  const deleting = db.query<object, CertificateRow>("select * from certificates where state = 'deleting'")
  // Pools are few, and certificates are deleted rarely: no index is worth its upkeep here.
  const users = db.query<{ thumbprint: string }, { id: string; state: string }>(
    `select pools.id, pools.state from pools, json_each(pools.body, '$.certificateReferences') as reference
     where reference.value ->> '$.thumbprint' = :thumbprint order by pools.id collate binary`,
  )
  return {
    ...writeStatements<CertificateRow>(db, 'certificates', FIXED, CHANGING),
    byId: (algorithm: string, thumbprint: string) => byId.get({ id: certificateId(algorithm, thumbprint) }),
    deleting: () => deleting.all({}),
    /** The pools that refer to a certificate. */
    users: (thumbprint: string) => users.all({ thumbprint }),
    page: (query: ListQuery) => selectPage<CertificateRow>(db, 'certificates', FILTER, query),
  }
}

/** What a certificate is found by, whatever the case it is asked for in. */
export function certificateId(algorithm: string, thumbprint: string): string {
  return `${algorithm}-${thumbprint}`.toLowerCase()
}

/** The service's JSON of a certificate, members in its order. */
export function viewCertificate(row: CertificateRow, select?: readonly string[]): Wire<Certificate> {
  const view = {
    thumbprint: row.thumbprint,
    thumbprintAlgorithm: row.algorithm,
    state: row.state,
    stateTransitionTime: toIso(row.stateAt),
    previousState: row.previousState ?? undefined,
    previousStateTransitionTime: row.previousAt === null ? undefined : toIso(row.previousAt),
    publicData: row.publicData ?? undefined,
    deleteCertificateError: json<DeleteCertificateError>(row.deleteError),
  }
  return project(compact(view), select) as unknown as Wire<Certificate>
}

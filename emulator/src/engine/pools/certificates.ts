// The verbs of certificates. They are kept for clients that name them in their pools; nothing installs them on nodes.

import { BatchError, type CertificateState } from '@malachite/model'
import {
  parseCertificate,
  type CertificateBody,
  type CertificateReference,
} from '../../schema/certificate.ts'
import { certificateId, viewCertificate, type CertificateRow } from '../../storage/certificates.ts'
import type { Engine } from '../api.ts'
import type { Core } from '../core/core.ts'
import { isOver } from '../core/pace.ts'
import { CERTIFICATE, next, type CertificateEvent } from '../core/states.ts'

export function createCertificates(core: Core): Engine['certificates'] {
  const { store } = core
  return {
    add: (input) => {
      const body = parseCertificate(input)
      return core.change(() => addCertificate(core, body))
    },
    get: (algorithm, thumbprint) => viewCertificate(requireCertificate(core, algorithm, thumbprint)),
    list: (query = {}) => {
      const { rows, next } = store.certificates.page(query)
      const items = rows.map((row) => viewCertificate(row, query.select))
      return next === undefined ? { items } : { items, next }
    },
    delete: (algorithm, thumbprint) =>
      core.change(() => {
        move(core, requireCertificate(core, algorithm, thumbprint), 'deleted')
        core.tickSoon()
      }),
    cancelDeletion: (algorithm, thumbprint) =>
      core.change(() => move(core, requireCertificate(core, algorithm, thumbprint), 'kept')),
  }
}

function addCertificate(
  core: Core,
  body: CertificateBody,
): { thumbprintAlgorithm: string; thumbprint: string } {
  const { thumbprint, thumbprintAlgorithm, publicData } = body
  const taken = core.store.certificates.byId(thumbprintAlgorithm, thumbprint)
  if (taken)
    throw new BatchError(taken.state === 'deleting' ? 'CertificateBeingDeleted' : 'CertificateExists')
  core.store.certificates.insert({
    id: certificateId(thumbprintAlgorithm, thumbprint),
    thumbprint,
    algorithm: thumbprintAlgorithm,
    state: 'active',
    stateAt: core.now(),
    previousState: null,
    previousAt: null,
    publicData,
    deleteError: null,
  })
  return { thumbprintAlgorithm, thumbprint }
}

function requireCertificate(core: Core, algorithm: string, thumbprint: string): CertificateRow {
  const certificate = core.store.certificates.byId(algorithm, thumbprint)
  if (!certificate) throw new BatchError('CertificateNotFound')
  return certificate
}

/** Refuses a pool that refers to a certificate which is not there, or is about to go. */
export function requireCertificates(core: Core, references: readonly CertificateReference[] = []): void {
  for (const { thumbprintAlgorithm, thumbprint } of references) {
    const { state } = requireCertificate(core, thumbprintAlgorithm, thumbprint)
    if (state === 'deleting') throw new BatchError('CertificateBeingDeleted')
  }
}

/** Deletes what was asked for, once the pools that refer to it are gone; one that stays is a failure. */
export function settleCertificate(core: Core, certificate: CertificateRow): void {
  const users = core.store.certificates.users(certificate.thumbprint)
  const { thumbprint, stateAt } = certificate
  if (!isOver(core, 'certificateDeleting', thumbprint, stateAt)) return
  if (users.length === 0) return core.store.certificates.delete(certificate)
  const staying = users.filter(({ state }) => state !== 'deleting')
  if (staying.length === 0) return
  certificate.deleteError = JSON.stringify({
    code: 'CertificateBeingUsed',
    message: 'The specified certificate cannot be deleted because it is being used by a pool.',
    values: staying.map(({ id }) => ({ name: 'PoolId', value: id })),
  })
  move(core, certificate, 'refused')
}

function move(core: Core, certificate: CertificateRow, event: CertificateEvent): void {
  const state = next(CERTIFICATE, certificate.state, event)
  if (!state) throw new BatchError(REFUSALS[certificate.state] ?? 'OperationInvalidForCurrentState')
  Object.assign(certificate, {
    previousState: certificate.state,
    previousAt: certificate.stateAt,
    state,
    stateAt: core.now(),
    ...(event !== 'refused' && { deleteError: null }),
  })
  core.store.certificates.save(certificate)
}

const REFUSALS: Partial<Record<CertificateState, 'CertificateBeingDeleted' | 'CertificateStateActive'>> = {
  deleting: 'CertificateBeingDeleted',
  active: 'CertificateStateActive',
}

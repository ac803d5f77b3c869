// Certificates of an account; retired, and gone from the service's newest versions.

import type { NameValuePair } from './pair.ts'

/** Every state of a certificate. */
export const CERTIFICATE_STATES = ['active', 'deleting', 'deletefailed'] as const
/** `deletefailed`: pools still refer to it. */
export type CertificateState = (typeof CERTIFICATE_STATES)[number]

/** Why a certificate could not be deleted. */
export interface DeleteCertificateError {
  code: string
  message: string
  values?: NameValuePair[]
}

/** A certificate as the service reports it; what is secret in it is never reported. */
export interface Certificate {
  thumbprint: string
  thumbprintAlgorithm: string
  state: CertificateState
  stateTransitionTime: Date
  previousState?: CertificateState
  previousStateTransitionTime?: Date
  /** The certificate without its key, base64. */
  publicData?: string
  /** Present only in the state `deletefailed`. */
  deleteCertificateError?: DeleteCertificateError
}

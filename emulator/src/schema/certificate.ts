// Bodies about certificates. What is secret in them, the key in a PFX file and its password, goes no further than this.

import { X509Certificate } from 'node:crypto'
import * as v from 'valibot'
import { choice, list, members, memberPath, text } from './common.ts'
import { parseBody } from './parse.ts'

/** Characters of base64 that 10 KiB of data take. */
const MAX_DATA = Math.ceil(10_240 / 3) * 4

const thumbprint = v.pipe(
  text,
  // The service ignores the blanks that Windows shows between the digits.
  v.transform((digits) => digits.replaceAll(/\s/g, '').toLowerCase()),
  v.regex(/^[0-9a-f]{40}$/, 'must be 40 hexadecimal digits'),
)

const thumbprintAlgorithm = choice('sha1')

const certificate = v.pipe(
  members({
    thumbprint,
    thumbprintAlgorithm,
    data: v.pipe(
      text,
      v.regex(/^[A-Za-z0-9+/\s]+={0,2}\s*$/, 'must be base64'),
      v.maxLength(MAX_DATA, 'must have at most 10 KiB'),
    ),
    certificateFormat: v.exactOptional(choice('pfx', 'cer'), 'pfx'),
    password: v.exactOptional(text),
  }),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const { data, password, ...names } = dataset.value
    const refuse = (member: 'data' | 'password' | 'thumbprint', message: string): typeof NEVER => {
      addIssue({ message, path: memberPath(dataset.value, member) })
      return NEVER
    }
    if (names.certificateFormat === 'pfx') return { ...names, publicData: null }
    if (password !== undefined) return refuse('password', 'must not be given for a cer')
    const parsed = readCertificate(data)
    if (!parsed) return refuse('data', 'must be an X.509 certificate')
    if (parsed.thumbprint !== names.thumbprint)
      return refuse('thumbprint', 'must be the SHA-1 hash of the certificate')
    return { ...names, publicData: parsed.publicData }
  }),
)

/** A new certificate without its secrets. */
export interface CertificateBody {
  /** In lower case. */
  thumbprint: string
  thumbprintAlgorithm: 'sha1'
  certificateFormat: 'pfx' | 'cer'
  /** Base64 of the certificate; null for a PFX, which only its password opens. */
  publicData: string | null
}

/** Checks a new certificate; the thumbprint of a PFX is believed, because nothing here opens it. */
export function parseCertificate(body: unknown): CertificateBody {
  return parseBody(certificate, body)
}

/** The certificates that a pool refers to. */
export const certificateReferences = list(
  members({
    thumbprint,
    thumbprintAlgorithm,
    storeLocation: v.exactOptional(choice('CurrentUser', 'LocalMachine'), 'CurrentUser'),
    storeName: v.exactOptional(text),
    visibility: v.exactOptional(list(choice('starttask', 'task', 'remoteuser'))),
  }),
)

/** One reference. */
export type CertificateReference = v.InferOutput<typeof certificateReferences>[number]

/** A certificate as DER or PEM, in base64. */
function readCertificate(data: string): { thumbprint: string; publicData: string } | undefined {
  try {
    const { fingerprint, raw } = new X509Certificate(Buffer.from(data, 'base64'))
    return { thumbprint: fingerprint.replaceAll(':', '').toLowerCase(), publicData: raw.toString('base64') }
  } catch {
    // The only thing that OpenSSL's error says is that it is none.
    return undefined
  }
}

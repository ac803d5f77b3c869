// Certificates: what each request means to the engine. They have no ETags.

import type { Handler } from '../context.ts'
import { entityReply, listReply, readListQuery } from '../list.ts'
import { certificateBody } from '../wire.ts'

type OfCertificate = Handler<'thumbprintAlgorithm' | 'thumbprint'>

/** POST /certificates */
export const addCertificate: Handler = ({ engine }, call) => {
  const { thumbprintAlgorithm, thumbprint } = engine.certificates.add(call.body)
  // Recorded: here, and only here, the names of the keys begin with capitals.
  const key = `ThumbprintAlgorithm=${thumbprintAlgorithm},Thumbprint=${thumbprint}`
  return { location: `${call.base}/certificates(${key})` }
}

/** GET /certificates */
export const listCertificates: Handler = ({ engine }, call) => {
  // The URL needs members that may not be selected.
  const { select: _, ...query } = readListQuery(call.query)
  const page = engine.certificates.list(query)
  return listReply(call, 'certificates', page, (certificate) => certificateBody(certificate, call.base))
}

/** GET /certificates(…) */
export const getCertificate: OfCertificate = ({ engine }, call) => {
  const { thumbprintAlgorithm, thumbprint } = call.params
  const certificate = engine.certificates.get(thumbprintAlgorithm, thumbprint)
  return entityReply(call, 'certificates/@Element', certificateBody(certificate, call.base))
}

/** DELETE /certificates(…) */
export const deleteCertificate: OfCertificate = ({ engine }, { params }) => {
  engine.certificates.delete(params.thumbprintAlgorithm, params.thumbprint)
  return {}
}

/** POST /certificates(…)/canceldelete */
export const cancelCertificateDeletion: OfCertificate = ({ engine }, { params }) => {
  engine.certificates.cancelDeletion(params.thumbprintAlgorithm, params.thumbprint)
  return {}
}

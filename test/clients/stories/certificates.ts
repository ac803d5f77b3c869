// Certificates: one that names nobody, made for this test.

import { X509Certificate } from 'node:crypto'
import { expect } from 'vitest'
import { refusal, until, type Stage } from '../recorder.ts'

const DATA =
  'MIIBbzCCARWgAwIBAgIUeYDgRJcP8vcCpFZyW/Z+RdDdMTYwCgYIKoZIzj0EAwIwDDEKMAgGA1UEAwwBbTAgFw0yNjExMjIwMDM0MDFaGA8yMTI2' +
  'MTAyOTAwMzQwMVowDDEKMAgGA1UEAwwBbTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABK2cQNEmyVyObH/J/f1nmPzVnLilyQCg8eB8goBUlk8E' +
  'vDrLdgf6hj6cfiY15CYUS5IlYaHQ+9l4x9UMQXIMWDyjUzBRMB0GA1UdDgQWBBT85SkyJgdZzMH2O3J8ItoyYc+4HjAfBgNVHSMEGDAWgBT85Sky' +
  'JgdZzMH2O3J8ItoyYc+4HjAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIDBIXI536DxBSYyF6eAW3EKb6ydrJj8PnXMrRiYfiowV' +
  'AiEAvo75uX0j+ost30QP3eLTT9Jyt0igylK/qGUpoWllcao='

/** Every operation of certificates. */
export async function certificates({ client }: Stage): Promise<void> {
  const operations = client.certificate
  const thumbprint = new X509Certificate(Buffer.from(DATA, 'base64')).fingerprint
    .replaceAll(':', '')
    .toLowerCase()
  const certificate = {
    thumbprint,
    thumbprintAlgorithm: 'sha1',
    data: DATA,
    certificateFormat: 'cer' as const,
  }
  await operations.add(certificate)
  expect(await refusal(operations.add(certificate))).toEqual([409, 'CertificateExists'])
  expect(await operations.get('sha1', thumbprint)).toMatchObject({
    thumbprint,
    state: 'active',
    publicData: DATA,
  })
  expect((await operations.list()).map((item) => item.thumbprint)).toEqual([thumbprint])
  expect(await refusal(operations.cancelDeletion('sha1', thumbprint))).toEqual([
    409,
    'CertificateStateActive',
  ])
  await operations.deleteMethod('sha1', thumbprint)
  const gone = await until(
    () => refusal(operations.get('sha1', thumbprint)),
    ([status]) => status === 404,
  )
  expect(gone).toEqual([404, 'CertificateNotFound'])
}

import type { BlobBackend } from '@malachite/model'
import { expect } from 'vitest'

/** Uploads a blob called `../../x`; the SDK refuses to, a hostile task would not. */
export async function putEvilBlob(blob: BlobBackend, container: string): Promise<void> {
  const expiresOn = new Date(Date.now() + 60_000)
  const sas = await blob.containerSas(container, { permissions: ['write', 'create'], expiresOn })
  const headers = { 'x-ms-blob-type': 'BlockBlob' }
  const url = `${blob.url}/${container}/..%2F..%2Fx?${sas}`
  expect((await fetch(url, { method: 'PUT', headers, body: 'evil' })).status).toBe(201)
}

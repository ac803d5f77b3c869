// The contract of BlobBackend: one suite for every implementation.

import { createHash, randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BlobBackend } from '@malachite/model'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { collect } from './batch-backend.ts'

/** Runs the suite over one backend. */
export function describeBlobBackend(name: string, open: () => Promise<BlobBackend>): void {
  const container = `contract-${randomUUID().slice(0, 8)}`
  const inAnHour = (): Date => new Date(Date.now() + 3_600_000)
  let blob: BlobBackend
  let directory: string

  const file = (name: string, content: string | Uint8Array): string => {
    const path = join(directory, name)
    writeFileSync(path, content)
    return path
  }

  describe(name, () => {
    beforeAll(async () => {
      blob = await open()
      directory = mkdtempSync(join(tmpdir(), 'malachite-blobs-'))
      await blob.createContainer(container)
    })

    afterAll(async () => {
      await blob.deleteContainer(container)
      await blob.close()
      rmSync(directory, { recursive: true })
    })

    test('creates a container once and says so', async () => {
      expect(await blob.createContainer(container)).toBe(false)
      expect(await blob.containerExists(container)).toBe(true)
      expect(await blob.containerExists('contract-nowhere')).toBe(false)
      expect(await blob.deleteContainer('contract-nowhere')).toBe(false)
    })

    test('keeps the metadata of a container', async () => {
      const marked = `${container}-marked`
      await blob.createContainer(marked, { metadata: { malachite_run: 'Run 1' } })
      await blob.createContainer(marked, { metadata: { malachite_run: 'of another' } })
      expect(await blob.getContainerMetadata(marked)).toEqual({ malachite_run: 'Run 1' })
      expect(await blob.getContainerMetadata(container)).toEqual({})
      expect(await blob.getContainerMetadata('contract-nowhere')).toBeUndefined()
      await blob.deleteContainer(marked)
    })

    test('lists the MD5 of what was uploaded', async () => {
      await blob.uploadFile(container, 'digest/one', file('digest', 'content'))
      const [item] = await collect(blob.listBlobs(container, { prefix: 'digest/' }))
      expect(item?.md5).toBe(createHash('md5').update('content').digest('base64'))
    })

    test('uploads a file and downloads the same bytes, whatever its name', async () => {
      const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 31) % 256)
      const names = ['plain.bin', 'with space & plus+.bin', 'ordner/häßlich ☂.bin', "quote'%25.bin"]
      for (const blobName of names) {
        await blob.uploadFile(container, blobName, file('up.bin', bytes))
        await blob.downloadFile(container, blobName, join(directory, 'down', blobName))
        expect(readFileSync(join(directory, 'down', blobName)).equals(bytes)).toBe(true)
      }
      const listed = (await collect(blob.listBlobs(container))).map((item) => item.name)
      expect(listed).toEqual(expect.arrayContaining(names))
    })

    test('reports progress, sizes and times', async () => {
      const seen: number[] = []
      await blob.uploadFile(container, 'p/one', file('one', 'x'.repeat(1000)), {
        onProgress: (n) => seen.push(n),
      })
      expect(seen.at(-1)).toBe(1000)
      const [item] = await collect(blob.listBlobs(container, { prefix: 'p/' }))
      expect(item).toMatchObject({ name: 'p/one', contentLength: 1000 })
      expect(item?.lastModified).toBeInstanceOf(Date)
    })

    test('replaces a blob of the same name', async () => {
      await blob.uploadFile(container, 'again', file('v1', 'one'))
      await blob.uploadFile(container, 'again', file('v2', 'two'))
      await blob.downloadFile(container, 'again', join(directory, 'again'))
      expect(readFileSync(join(directory, 'again'), 'utf8')).toBe('two')
    })

    test('an empty file is a blob too', async () => {
      await blob.uploadFile(container, 'empty', file('empty', ''))
      await blob.downloadFile(container, 'empty', join(directory, 'empty.down'))
      expect(readFileSync(join(directory, 'empty.down'), 'utf8')).toBe('')
    })

    test('a download that fails leaves no file behind', async () => {
      const target = join(directory, 'nothing', 'missing.txt')
      await expect(blob.downloadFile(container, 'missing', target)).rejects.toMatchObject({
        code: 'BlobNotFound',
        status: 404,
      })
      expect(existsSync(target)).toBe(false)
      expect(existsSync(join(directory, 'nothing')) ? readdirSync(join(directory, 'nothing')) : []).toEqual(
        [],
      )
    })

    test('names a container that is missing', async () => {
      const upload = blob.uploadFile('contract-nowhere', 'x', file('x', 'x'))
      await expect(upload).rejects.toMatchObject({ code: 'ContainerNotFound' })
      await expect(collect(blob.listBlobs('contract-nowhere'))).rejects.toMatchObject({
        code: 'ContainerNotFound',
      })
    })

    test('deletes a blob once', async () => {
      await blob.uploadFile(container, 'gone', file('gone', 'x'))
      expect(await blob.deleteBlob(container, 'gone')).toBe(true)
      expect(await blob.deleteBlob(container, 'gone')).toBe(false)
    })

    test('a read SAS reads its blob and nothing else', async () => {
      await blob.uploadFile(container, 'secret a', file('a', 'alpha'))
      await blob.uploadFile(container, 'b', file('b', 'beta'))
      const url = await blob.blobSasUrl(container, 'secret a', {
        permissions: ['read'],
        expiresOn: inAnHour(),
      })
      expect(await (await fetch(url)).text()).toBe('alpha')
      const other = new URL(url)
      other.pathname = other.pathname.replace(/[^/]+$/, 'b')
      expect((await fetch(other)).status).toBe(403)
      expect(
        (await fetch(url, { method: 'PUT', headers: { 'x-ms-blob-type': 'BlockBlob' }, body: 'x' })).status,
      ).toBe(403)
    })

    test('a write SAS of a container writes and does not read', async () => {
      const sas = await blob.containerSas(container, {
        permissions: ['write', 'create'],
        expiresOn: inAnHour(),
      })
      const url = `${blob.url}/${container}/written?${sas}`
      const put = await fetch(url, {
        method: 'PUT',
        headers: { 'x-ms-blob-type': 'BlockBlob' },
        body: 'by sas',
      })
      expect(put.status).toBe(201)
      expect((await fetch(url)).status).toBe(403)
    })

    test('a SAS that has expired is refused', async () => {
      const expiresOn = new Date(Date.now() - 60_000)
      const url = await blob.blobSasUrl(container, 'plain.bin', { permissions: ['read'], expiresOn })
      expect((await fetch(url)).status).toBe(403)
    })

    test('rejects with the reason of an aborted signal', async () => {
      const reason = new Error('changed my mind')
      await expect(blob.createContainer(container, { signal: AbortSignal.abort(reason) })).rejects.toBe(
        reason,
      )
    })
  })
}

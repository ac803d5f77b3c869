// Whether a file and a blob hold the same bytes, without a transfer.

import { createHash, hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import type { BlobItem } from '@malachite/model'

/** Bytes that are read at once: for a small file a stream costs several times its content. */
const SMALL = 2 ** 20

/** True when size and MD5 agree; false as well when there is no such file, or the service knows no MD5. */
export async function hasContentOf(path: string, blob: BlobItem): Promise<boolean> {
  try {
    const stats = await stat(path)
    if (blob.md5 === undefined || !stats.isFile() || stats.size !== blob.contentLength) return false
    const digest = stats.size <= SMALL ? hash('md5', await readFile(path), 'base64') : await digestOf(path)
    return digest === blob.md5
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

async function digestOf(path: string): Promise<string> {
  const digest = createHash('md5')
  await pipeline(createReadStream(path), digest)
  return digest.digest('base64')
}

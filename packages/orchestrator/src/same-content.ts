// Whether a file and a blob hold the same bytes, without a transfer.

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import type { BlobItem } from '@malachite/model'

/** True when size and MD5 agree; false as well when there is no such file, or the service knows no MD5. */
export async function hasContentOf(path: string, blob: BlobItem): Promise<boolean> {
  try {
    const stats = await stat(path)
    if (blob.md5 === undefined || !stats.isFile() || stats.size !== blob.contentLength) return false
    const hash = createHash('md5')
    await pipeline(createReadStream(path), hash)
    return hash.digest('base64') === blob.md5
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

// Zip files for tests, those as well that no decent program writes: nothing is checked.

import { crc32, deflateRawSync } from 'node:zlib'

/** One file of a zip; a name that ends with `/` is a directory. */
export interface ZipEntry {
  name: string
  content?: string
  /** Type and permissions of a Unix system. @default 0o100644 */
  mode?: number
  /** @default that of the content */
  checksum?: number
  isDeflated?: boolean
  /** What the zip says of the length of the content. @default the truth */
  length?: number
}

/** The bytes of a zip with these files. */
export function zipOf(...entries: ZipEntry[]): Buffer {
  const files: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const entry of entries) {
    const file = Buffer.concat([header(0x04034b50, entry, []), Buffer.from(entry.name), packed(entry)])
    const attributes = ((entry.mode ?? 0o100_644) << 16) >>> 0
    directory.push(header(0x02014b50, entry, [0, 0, 0, 0, attributes, offset]), Buffer.from(entry.name))
    files.push(file)
    offset += file.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...files, central, end])
}

function packed({ content = '', isDeflated }: ZipEntry): Buffer {
  return isDeflated ? deflateRawSync(content) : Buffer.from(content)
}

/** A header of a file, or with `more` its entry in the central directory, which has some fields besides. */
function header(signature: number, entry: ZipEntry, more: number[]): Buffer {
  const { name, content = '', checksum = crc32(content), isDeflated = false } = entry
  const isCentral = more.length > 0
  const sizes = [packed(entry).length, entry.length ?? Buffer.byteLength(content)]
  const common = [20, 0, isDeflated ? 8 : 0, 0, 0x21]
  const buffer = Buffer.alloc(isCentral ? 46 : 30)
  let at = buffer.writeUInt32LE(signature, 0)
  // Made by a Unix system.
  if (isCentral) at = buffer.writeUInt16LE((3 << 8) | 20, at)
  for (const value of common) at = buffer.writeUInt16LE(value, at)
  for (const value of [checksum, ...sizes]) at = buffer.writeUInt32LE(value, at)
  at = buffer.writeUInt16LE(Buffer.byteLength(name), at)
  at = buffer.writeUInt16LE(0, at)
  const [comment = 0, disk = 0, , internal = 0, attributes = 0, offset = 0] = more
  if (!isCentral) return buffer
  for (const value of [comment, disk, internal]) at = buffer.writeUInt16LE(value, at)
  at = buffer.writeUInt32LE(attributes, at)
  buffer.writeUInt32LE(offset, at)
  return buffer
}

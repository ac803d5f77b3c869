// Unpacks a zip file: regular files and directories, each below the target. The library refuses names that are absolute
// or climb out with `..`, and content that is longer than it is said to be; links, through which a later entry could write
// elsewhere, and more than the disk can hold are refused here, before anything is written.

import { createWriteStream } from 'node:fs'
import { mkdir, stat, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { crc32 } from 'node:zlib'
import { type Entry, fromBufferPromise, openPromise, type ZipFile } from 'yauzl'

/** Only the user of the emulator may look into what was unpacked, whatever the zip says about others. */
const OWNER_ONLY = 0o700

/** Unpacks a zip into an existing directory. Rejects with the reason; what was unpacked until then stays. */
export async function unzip(file: string, directory: string, signal: AbortSignal): Promise<void> {
  await requireRoom(directory, await checkZip(file))
  await eachEntry(file, async (zip, entry) => {
    signal.throwIfAborted()
    const target = join(directory, entry.fileName)
    await mkdir(isDirectory(entry) ? target : dirname(target), { recursive: true, mode: OWNER_ONLY })
    if (!isDirectory(entry)) await extract(zip, entry, target, signal)
  })
}

async function extract(zip: ZipFile, entry: Entry, target: string, signal: AbortSignal): Promise<void> {
  const content = await zip.openReadStreamPromise(entry)
  // When the file cannot be made the content ends, too, and the library may then say that it is too short or too long:
  // to nobody, which would end the process.
  content.on('error', nothing)
  const file = createWriteStream(target, { flags: 'wx', mode: modeOf(entry) })
  await pipeline(content, (chunks) => checked(chunks, entry), file, { signal })
}

function nothing(): void {}

/** A file, or its bytes. */
export type Source = string | Buffer

/** Bytes of all files unpacked. Rejects with the reason when it is no zip, or one that `unzip` would refuse. */
export async function checkZip(source: Source): Promise<number> {
  const size = typeof source === 'string' ? (await stat(source)).size : source.length
  let [packed, unpacked] = [0, 0]
  await eachEntry(source, async (_, entry) => {
    if (isLink(entry)) throw new Error(`${entry.fileName} is a symbolic link`)
    packed += entry.compressedSize
    unpacked += entry.uncompressedSize
    // The same bytes again and again are how some kilobytes become terabytes.
    if (packed > size) throw new Error(`${entry.fileName} shares its content with another file`)
  })
  return unpacked
}

/** Goes through what a zip holds, one after the other. Exported for fuzzing. */
export async function eachEntry(
  source: Source,
  use: (zip: ZipFile, entry: Entry) => Promise<void>,
): Promise<void> {
  const zip = await (typeof source === 'string' ? openPromise(source) : fromBufferPromise(source))
  try {
    for await (const entry of zip.eachEntry()) await use(zip, entry)
  } finally {
    zip.close()
  }
}

async function requireRoom(directory: string, size: number): Promise<void> {
  const { bavail, bsize } = await statfs(directory)
  if (size <= bavail * bsize) return
  const message = `Unpacked it has ${size} bytes, the disk has room for ${bavail * bsize}`
  throw Object.assign(new Error(message), { code: 'ENOSPC' })
}

/** The content, with an error at its end when it is not what was packed. */
async function* checked(
  content: AsyncIterable<Buffer>,
  { fileName, crc32: expected }: Entry,
): AsyncGenerator<Buffer> {
  let sum = 0
  for await (const chunk of content) {
    sum = crc32(chunk, sum)
    yield chunk
  }
  if (sum !== expected) throw new Error(`${fileName} is damaged: its checksum differs`)
}

function isDirectory({ fileName }: Entry): boolean {
  return fileName.endsWith('/')
}

function isLink(entry: Entry): boolean {
  return (unixMode(entry) & 0o170_000) === 0o120_000
}

/** Readable and writable for the owner in any case, so that it can be used and deleted; executable if it was. */
function modeOf(entry: Entry): number {
  return 0o600 | (unixMode(entry) & OWNER_ONLY)
}

/** Type and permissions as a Unix system packed them; 0 from other systems. */
function unixMode({ versionMadeBy, externalFileAttributes }: Entry): number {
  const UNIX = 3
  return versionMadeBy >> 8 === UNIX ? externalFileAttributes >>> 16 : 0
}

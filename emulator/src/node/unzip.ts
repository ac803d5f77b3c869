// Unpacks a zip file: regular files and directories, each below the target. The library refuses names that are absolute
// or climb out with `..`; links, through which a later entry could write elsewhere, are refused here.

import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32 } from 'node:zlib'
import { openPromise, type Entry, type ZipFile } from 'yauzl'

/** Only the user of the emulator may look into what was unpacked, whatever the zip says about others. */
const OWNER_ONLY = 0o700

/** Unpacks a zip into an existing directory. Rejects with the reason; what was unpacked until then stays. */
export async function unzip(file: string, directory: string, signal: AbortSignal): Promise<void> {
  await eachEntry(file, async (zip, entry) => {
    signal.throwIfAborted()
    const target = join(directory, entry.fileName)
    await mkdir(isDirectory(entry) ? target : dirname(target), { recursive: true, mode: OWNER_ONLY })
    if (!isDirectory(entry)) await extract(zip, entry, target, signal)
  })
}

async function extract(zip: ZipFile, entry: Entry, target: string, signal: AbortSignal): Promise<void> {
  const content = checked(await zip.openReadStreamPromise(entry), entry)
  await pipeline(content, createWriteStream(target, { flags: 'wx', mode: modeOf(entry) }), { signal })
}

/** Rejects with the reason when the file is no zip, or one that `unzip` would refuse because of its names. */
export async function checkZip(file: string): Promise<void> {
  await eachEntry(file, () => Promise.resolve())
}

async function eachEntry(file: string, use: (zip: ZipFile, entry: Entry) => Promise<void>): Promise<void> {
  const zip = await openPromise(file)
  try {
    for await (const entry of zip.eachEntry()) {
      if (isLink(entry)) throw new Error(`${entry.fileName} is a symbolic link`)
      await use(zip, entry)
    }
  } finally {
    zip.close()
  }
}

/** The content, with an error at its end when it is not what was packed. */
async function* checked(content: Readable, { fileName, crc32: expected }: Entry): AsyncGenerator<Buffer> {
  let sum = 0
  for await (const chunk of content as AsyncIterable<Buffer>) {
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

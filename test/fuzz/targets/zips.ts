// Zips of application packages: whatever they say, nothing is written outside of the directory they are unpacked into, and
// never more than they were said to hold.

import { lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { checkZip, eachEntry, unzip } from '../../../emulator/src/node/unzip.ts'
import { type ZipEntry, zipOf } from '../../helpers/zip.ts'
import type { Random } from '../random.ts'
import { defineTarget, expectThat, type Target } from '../target.ts'
import { makeText } from '../texts.ts'
import { PATHS } from './traps.ts'

interface Package {
  bytes: Buffer
  /** Real files take long: one input in a hundred is unpacked, of the others it is only decided about. */
  isUnpacked: boolean
}

const MODES = [0o100_644, 0o100_755, 0o120_777, 0o040_755, 0o060_666, 0, 0o107_777] as const
const CONTENTS = ['', 'x', '/etc', '../outside', 'text '.repeat(200), '0'.repeat(50_000)] as const
const LENGTHS = [0, 1, 1000, 0x7fff_ffff, 0xffff_fffe, 0xffff_ffff] as const

/** A zip with names that nobody would give, lengths that are not true, and bytes that were changed. */
export function openZips(): Target {
  const home = mkdtempSync(join(tmpdir(), 'malachite-fuzz-'))
  return defineTarget<Package>({
    name: 'zips',
    make: (random) => ({ bytes: makeZip(random), isUnpacked: random.oneIn(100) }),
    check: ({ bytes, isUnpacked }) => (isUnpacked ? unpack(home, bytes) : decide(bytes)),
    close: () => rmSync(home, { recursive: true }),
  })
}

function makeZip(random: Random): Buffer {
  const entries = Array.from({ length: random.int(5) }, () => makeEntry(random))
  const again = entries[random.int(entries.length)]
  const bytes = zipOf(...entries, ...(again && random.oneIn(10) ? [again] : []))
  return random.oneIn(3) ? bytes : damage(random, bytes)
}

function makeEntry(random: Random): ZipEntry {
  const name = random.oneIn(3) ? random.pick(['a', 'b/', 'b/c', 'b', '.', './']) : makeText(random, PATHS)
  return {
    name: Buffer.from(name).subarray(0, 0xffff).toString(),
    content: random.pick(CONTENTS),
    isDeflated: random.oneIn(2),
    mode: random.oneIn(3) ? random.pick(MODES) : 0o100_644,
    ...(random.oneIn(6) && { length: random.pick(LENGTHS) }),
  }
}

/** Some bytes changed, lost, or added; most where the directory of the zip is. */
function damage(random: Random, bytes: Buffer): Buffer {
  const directory = bytes.readUInt32LE(bytes.length - 6)
  for (let changes = random.int(4); changes > 0; changes--) {
    const from = random.oneIn(4) ? 0 : directory
    const at = from + random.int(bytes.length - from)
    const end = Math.min(bytes.length, at + random.pick([1, 1, 2, 4, 8]))
    bytes.fill(random.pick([0, 0xff, 1, 0x50, random.int(256)]), at, end)
  }
  const cut = random.int(bytes.length)
  if (random.oneIn(10)) return Buffer.concat([bytes.subarray(0, cut), bytes.subarray(cut + random.int(50))])
  return random.oneIn(20) ? Buffer.concat([bytes, bytes.subarray(cut)]) : bytes
}

/** What is not refused stays inside. */
async function decide(bytes: Buffer): Promise<void> {
  const size = await orRejected(checkZip(bytes))
  if (size === undefined) return
  expectThat(Number.isSafeInteger(size) && size >= 0, 'the length is a number of bytes')
  await eachEntry(bytes, async (_, { fileName }) => {
    const place = relative('/target', join('/target', fileName))
    expectThat(place !== '..' && !place.startsWith('../'), `${fileName} stays inside`)
  })
}

async function unpack(home: string, bytes: Buffer): Promise<void> {
  const [file, target] = [join(home, 'x.zip'), join(home, 'target')]
  writeFileSync(file, bytes)
  mkdirSync(target)
  try {
    const size = await orRejected(checkZip(file))
    await orRejected(unzip(file, target, new AbortController().signal))
    const names = readdirSync(target, { recursive: true }) as string[]
    const files = names.map((name) => lstatSync(join(target, name)))
    expectThat(size !== undefined || files.length === 0, 'nothing is written of what is refused')
    expectThat(
      files.every((item) => item.isFile() || item.isDirectory()),
      'there are no links',
    )
    const written = files.reduce((sum, item) => sum + (item.isFile() ? item.size : 0), 0)
    expectThat(written <= (size ?? 0), 'no more is written than was said')
    expectThat(readdirSync(home).length === 2, 'nothing is written elsewhere')
  } finally {
    rmSync(target, { recursive: true })
  }
}

/** Whatever the reason: it becomes the failure of the task or the node that needs the package. */
function orRejected<Result>(result: Promise<Result>): Promise<Result | undefined> {
  return result.catch((error: unknown) => {
    expectThat(error instanceof Error, 'a reason is an error')
    return undefined
  })
}

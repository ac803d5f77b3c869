// `malachite file download`: a file of a task or node, complete under its name or not there at all.

import { createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { RestClient } from '@malachite/azure'
import type { ResourceCommandFlags } from '../program/program-resources.ts'
import { EXIT, type ExitCode } from '../text/exit-code.ts'

/** Saves the file and prints where, or prints the file itself. */
export async function download(
  client: RestClient,
  path: readonly string[],
  file: string,
  { destination }: ResourceCommandFlags,
): Promise<ExitCode> {
  const chunks = await client.read(path)
  if (destination === '-') {
    await pipeline(Readable.from(chunks), process.stdout, { end: false }).catch(ignoreClosedPipe)
    return EXIT.ok
  }
  const target = await targetOf(file, destination)
  const draft = `${target}.${process.pid}.part`
  try {
    await pipeline(Readable.from(chunks), createWriteStream(draft))
    await rename(draft, target)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
  process.stdout.write(`${target}\n`)
  return EXIT.ok
}

/** Only the last part of the file's path counts: nothing lands outside of the directory. */
async function targetOf(file: string, destination = '.'): Promise<string> {
  const target = resolve(destination)
  return (await isDirectory(target)) ? join(target, basename(file)) : target
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

function ignoreClosedPipe(error: unknown): void {
  const { code } = error as NodeJS.ErrnoException
  if (code !== 'EPIPE' && code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
}

// Saves a file of a node. The request carries a header, so it cannot be a plain link.

import { readFile } from '../api.ts'
import { announce } from './announcer.tsx'

/** Saves a file under the last part of its name. */
export async function download(owner: string, name: string): Promise<void> {
  try {
    const url = URL.createObjectURL(await readFile(owner, name))
    const link = document.createElement('a')
    link.href = url
    link.download = name.split('/').at(-1) ?? name
    link.click()
    setTimeout(() => URL.revokeObjectURL(url), 60_000)
    announce(`${name} is downloaded.`)
  } catch (error) {
    announce(`${name} cannot be downloaded: ${(error as Error).message}`)
  }
}

// Which files the system starts as programs. Starting any other file would have /bin/sh run it, as every shell does; the
// service's agent starts nothing but programs. (The launcher in Perl has the same in its own words; posix_spawn, in the one in Python, is like that itself.)

import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs'
import { resolve } from 'node:path'

/** `#!`, ELF, and the three kinds of Mach-O. */
const STARTS = ['#!', '\x7fELF', '\xce\xfa\xed\xfe', '\xcf\xfa\xed\xfe', '\xca\xfe\xba\xbe']

/** Whether a program that a search along `path` finds has such a format; true as well when nothing can be found or read. */
export function hasProgramFormat(name: string, cwd: string, path = ''): boolean {
  const places = name.includes('/') ? [''] : path.split(':')
  const file = places.map((place) => resolve(cwd, place, name)).find(isExecutable)
  if (file === undefined) return true
  const start = readStart(file)
  return start === undefined || STARTS.some((known) => start.startsWith(known))
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    // Starting it says what is wrong with it.
    return false
  }
}

/** The first bytes, one character each; `undefined` if they cannot be read, which a program need not allow. */
function readStart(file: string): string | undefined {
  try {
    const buffer = Buffer.alloc(4)
    const fd = openSync(file, 'r')
    try {
      return buffer.toString('latin1', 0, readSync(fd, buffer))
    } finally {
      closeSync(fd)
    }
  } catch {
    return undefined
  }
}

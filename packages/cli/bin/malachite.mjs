#!/usr/bin/env node
// The command's entry. Plain JavaScript that Node 18 can read, so that an old Node gets a sentence, not a syntax error.

import { existsSync } from 'node:fs'
import module from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const OLDEST = 24
const isCheckout = existsSync(new URL('../src/main.ts', import.meta.url))

if (Number.parseInt(process.versions.node, 10) < OLDEST) {
  console.error(`malachite: needs Node ${OLDEST} or newer, but this is Node ${process.versions.node}.`)
  console.error(
    isCheckout
      ? 'This checkout brings its own Node, which is missing or was not used. Install it again with\n' +
          '  npx --yes pnpm@12.21.0 install --force\nand start the command as node_modules/.bin/malachite.'
      : 'Install a newer one from https://nodejs.org.',
  )
  process.exitCode = 1
} else {
  module.enableCompileCache(cacheDirectory())
  const { main } = await import(isCheckout ? '../src/main.ts' : '../dist/main.js')
  process.exitCode = await main(process.argv.slice(2))
  // The process ends by itself when nothing is left open. What a mistake leaves open must not keep it.
  setTimeout(() => process.exit(), 2000).unref()
}

// Compiled modules are kept for the next start: 0.2 s instead of 0.6 s from a checkout, whose types are stripped once.
// Node would keep them below /tmp, where another user could have put others in their place before.
function cacheDirectory() {
  if (isCheckout) return fileURLToPath(new URL('../../../node_modules/.cache/malachite', import.meta.url))
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env
  return join(XDG_CACHE_HOME || LOCALAPPDATA || join(homedir(), '.cache'), 'malachite')
}

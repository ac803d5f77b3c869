import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { makeTemporary } from './temporary.ts'

test('clears away what a process that is gone has left, and nothing else', () => {
  const gone = spawnSync('true').pid
  const stale = join(tmpdir(), `malachite-${gone}-abcDEF`)
  const others = join(tmpdir(), `malachite-${process.ppid}-abcDEF`)
  for (const path of [stale, others]) mkdirSync(join(path, 'nodes'), { recursive: true })
  onTestFinished(() => rmSync(others, { recursive: true }))
  const mine = makeTemporary()
  onTestFinished(() => rmSync(mine, { recursive: true }))
  expect([stale, others, mine].map((path) => existsSync(path))).toEqual([false, true, true])
})

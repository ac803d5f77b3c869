// Completion, asked as a shell asks it.

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { malachite, temporaryDirectory } from './command.ts'

const { stdout: script } = await malachite(['completion', 'bash'])

/** The words that bash offers for the last of these. */
async function complete(...words: string[]): Promise<string[]> {
  const file = join(await temporaryDirectory(), 'completion.bash')
  const ask = `source ${file}; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _malachite; printf '%s\\n' "\${COMPREPLY[@]}"`
  await writeFile(file, script)
  const { stdout } = await execa('bash', ['-c', ask, 'bash', 'malachite', ...words])
  return stdout.split('\n').filter(Boolean)
}

test('commands and the commands below them are offered', async () => {
  expect(await complete('')).toEqual(
    expect.arrayContaining(['run', 'emulator', 'pool', 'logs', 'completion']),
  )
  expect(await complete('po')).toEqual(['pool'])
  expect(await complete('job', 's')).toEqual(['show', 'stop'])
  expect(await complete('node', 'file', 'd')).toEqual(['download'])
  expect(await complete('emulator', 'sta')).toEqual(['status'])
})

test('flags and their values are offered where they count', async () => {
  expect(await complete('task', 'list', 'myjob', '--f')).toEqual(['--filter'])
  expect(await complete('task', 'list', '-o', 't')).toEqual(['table', 'tsv'])
  expect(await complete('pool', 'list', '--backend', '')).toEqual(['emulator', 'azure'])
  expect(await complete('env', '--shell', 'p')).toEqual(['powershell'])
  expect(await complete('completion', '')).toEqual(expect.arrayContaining(['bash', 'zsh', 'fish']))
})

test('a value of a flag is not taken for a command', async () => {
  expect(await complete('pool', 'list', '--filter', 'show', '--to')).toEqual(['--top'])
  expect(await complete('emulator', '--location', '')).toEqual([])
})

test('words that belong to no command are left to the shell', async () => {
  const lines = (await malachite(['completion', 'fish'])).stdout.split('\n')
  expect(lines).toContainEqual(
    `complete -c malachite -n '__malachite_at '\\''job'\\''' -f -a list -d 'Lists the jobs.'`,
  )
  expect((await malachite(['completion', 'zsh'])).stdout).toMatch(/^#compdef malachite\n/)
  expect((await malachite(['completion', 'tcsh'])).exitCode).toBe(2)
})

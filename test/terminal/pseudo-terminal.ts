// The command in a real terminal: `script`, which every Debian has, makes a pseudo-terminal, and `stty` sets its size.

import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { quote } from '@malachite/model'
import { execa } from 'execa'
import { expect, onTestFinished } from 'vitest'
import { commandEnvironment, SCRIPT, temporaryDirectory } from '../cli/command.ts'
import { createScreenModel, type ScreenModel } from './screen-model.ts'

/** Why there is no pseudo-terminal here; undefined where there is one. */
export const NO_TERMINAL =
  process.platform !== 'linux' || !existsSync('/usr/bin/script')
    ? 'the script of util-linux is needed for a pseudo-terminal'
    : undefined

/** How the command is started. */
export interface TerminalOptions {
  cwd?: string
  env?: Record<string, string | undefined>
  /** @default 80 */
  columns?: number
  /** Standard error goes to a file, as with `2>`. */
  splits?: boolean
}

export const KEYS = { ctrlC: '\u0003', ctrlD: '\u0004', enter: '\r' } as const

/** A command in a terminal. */
export type TerminalSession = Awaited<ReturnType<typeof startInTerminal>>

/** A terminal with colours, in which nobody has asked for any or for none. */
const PLAIN = {
  CI: undefined,
  NO_COLOR: undefined,
  FORCE_COLOR: undefined,
  SHELL: '/bin/sh',
  TERM: 'xterm-256color',
}

const WAIT_MS = 45_000

/** Starts `malachite ARGUMENTS` in a terminal of its own, which is closed with the test. */
export async function startInTerminal(args: readonly string[], options: TerminalOptions = {}) {
  const { cwd = await temporaryDirectory(), env = {}, columns = 80, splits = false } = options
  const place = await temporaryDirectory()
  const [device, errors] = [join(place, 'tty'), join(place, 'stderr')]
  const command = [process.execPath, SCRIPT, ...args].map(quote).join(' ')
  const shell = `stty cols ${columns} rows 24; tty > ${quote(device)}; exec ${command}${splits ? ` 2> ${quote(errors)}` : ''}`
  const child = spawn(
    'script',
    ['--quiet', '--flush', '--return', '--echo', 'always', '--command', shell, '/dev/null'],
    {
      cwd,
      env: { ...commandEnvironment(cwd), ...PLAIN, ...env },
    },
  )
  const { promise: ended, resolve: end } = Promise.withResolvers<number | null>()
  child.once('close', end)
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  let raw = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (raw += text))
  child.stdin.on('error', () => {}) // it may end before it has read all keys

  return {
    /** Everything that the terminal was sent. */
    raw: (): string => raw,
    /** What a person sees now. */
    screen(): ScreenModel {
      const model = createScreenModel(columns)
      model.write(raw)
      return model
    },
    /** Standard error of a command that `splits`. */
    errors: (): Promise<string> => readFile(errors, 'utf8'),
    /** Waits for text that comes after `from` characters of the output. */
    async until(text: string | RegExp, from = 0): Promise<void> {
      const seen = (): string => raw.slice(from)
      await expect.poll(seen, { timeout: WAIT_MS, interval: 20 }).toMatch(text)
    },
    type: (keys: string): boolean => child.stdin.write(keys),
    /** Gives the window another width. */
    async resize(width: number): Promise<void> {
      const path = (await readFile(device, 'utf8')).trim()
      await execa('stty', ['-F', path, 'cols', String(width)])
    },
    /** Closes the window. */
    close: (): boolean => child.kill('SIGKILL'),
    /** The exit code, when the command has ended. */
    ended,
  }
}

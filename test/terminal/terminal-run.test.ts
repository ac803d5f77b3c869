// `malachite run` as a person sees it: in a real pseudo-terminal.

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { largeInput, temporaryDirectory } from '../cli/command.ts'
import { KEYS, NO_TERMINAL, startInTerminal } from './pseudo-terminal.ts'

if (NO_TERMINAL !== undefined) console.info(`Not tested here: ${NO_TERMINAL}.`)

/** How the one run of this directory has ended. */
async function outcomeIn(cwd: string): Promise<unknown> {
  const runs = join(cwd, 'state', 'malachite', 'runs')
  const [id = ''] = await readdir(runs)
  const { outcome } = JSON.parse(await readFile(join(runs, id, 'run.json'), 'utf8')) as { outcome?: string }
  return outcome
}

/** The texts of the line that is redrawn in place. */
function redraws(raw: string): string[] {
  const [, ...drawn] = raw.split('\r\u001B[K\u001B[2m')
  return drawn.map((text) => text.split('\u001B[22m')[0] ?? '')
}

describe.skipIf(NO_TERMINAL !== undefined)('in a terminal', () => {
  let directory: string
  let large: string
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'malachite-cli-test-'))
    large = await largeInput(directory)
  })
  afterAll(() => rm(directory, { recursive: true, force: true }))

  test('a run redraws its progress in place, asks, and leaves a tidy screen', async () => {
    const run = await startInTerminal(['run'], { columns: 60, splits: true })
    await run.until('Delete job? [Y/n] ')
    run.type(`maybe${KEYS.enter}`)
    await run.until('Please answer y or n.')
    run.type(`n${KEYS.enter}`)
    await run.until('Delete pool? [Y/n] ')
    run.type(KEYS.enter)
    expect(await run.ended).toBe(0)
    const screen = run.screen()
    const lines = screen.lines().map((line) => line.replace(/\d[\d:-]+( \d\d:\d\d:\d\d)?$/, 'TIME'))
    // Every redraw took the line of the one before, and none is left.
    const progress = redraws(run.raw()).filter((line) => /^ {2}0:00:\d\d {2}3 tasks: \d/.test(line))
    expect(progress.length).toBeGreaterThan(1)
    expect(lines.join('\n')).not.toContain(' done, ')
    const end = lines.findLastIndex((line) => line.startsWith('Sample end: '))
    expect(lines.slice(end, end + 8)).toEqual([
      'Sample end: TIME',
      'Elapsed time: TIME',
      '',
      'Delete job? [Y/n] maybe',
      'Please answer y or n.',
      'Delete job? [Y/n] n',
      'Delete pool? [Y/n]',
      '',
    ])
    expect(lines.slice(end + 8).map((line) => line.slice(0, 12).trim())).toEqual([
      'Tasks',
      'Run time',
      'Nodes',
      'Files',
      'Wall clock',
      '',
    ])
    expect(screen.facts().isCursorShown).toBe(true)
    expect(await run.errors()).toMatch(
      /^Should this process be killed: .*\nThe local services end .*: job MalachiteTutorialJob\.\n$/,
    )
  })

  test('Ctrl-C while tasks run cleans up, and a progress line never wraps in a window that gets narrower', async () => {
    const cwd = await temporaryDirectory()
    const run = await startInTerminal(['run', large], { cwd, columns: 200 })
    await run.until('Uploading file')
    await run.resize(45)
    await run.until(/1 running, 0 f\w*…/)
    expect(redraws(run.raw()).filter((line) => line.length >= 45)).toEqual([])
    run.type(KEYS.ctrlC)
    expect(await run.ended).toBe(130)
    expect(run.raw()).toMatch(/Interrupted: cleaning up[^]*Deleting containers\.\.\.[^]*Elapsed time/)
    expect(run.raw()).not.toContain('[Y/n]')
    expect(run.screen().lines().at(-1)).toBe('')
    expect(run.screen().facts().isCursorShown).toBe(true)
    expect(await outcomeIn(cwd)).toBe('aborted')
  })

  test('Ctrl-C at a question ends the run, and everything is deleted', async () => {
    const cwd = await temporaryDirectory()
    const run = await startInTerminal(['run'], { cwd })
    await run.until('Delete job? [Y/n] ')
    run.type(KEYS.ctrlC)
    expect(await run.ended).toBe(130)
    expect(run.raw()).not.toMatch(/Delete pool|Left behind|local services end/)
    expect(await outcomeIn(cwd)).toBe('aborted')
  })

  test('a window that is closed ends the run, which cleans up first', async () => {
    const cwd = await temporaryDirectory()
    const run = await startInTerminal(['run', large], { cwd })
    await run.until('Monitoring')
    run.close()
    await expect.poll(() => outcomeIn(cwd), { timeout: 45_000 }).toBe('aborted')
  })

  test('a dumb terminal gets no escape codes', async () => {
    const env = { TERM: 'dumb' }
    const run = await startInTerminal(['run', '--delete-job', 'yes', '--delete-pool', 'yes'], { env })
    expect(await run.ended).toBe(0)
    expect(run.raw()).toMatch(/Monitoring all tasks .*\.{4,}\r\n {2}Success!/)
    expect(run.raw()).not.toContain('\u001B')
  })
})

// Commands that watch, serve and ask, as a person sees them: in a real pseudo-terminal.

import { describe, expect, test } from 'vitest'
import { jobBody, taskBody } from '../helpers/virtual-engine.ts'
import { KEYS, NO_TERMINAL, startInTerminal, type TerminalOptions } from './pseudo-terminal.ts'
import { bashTask, useEmulator } from '../cli/shared-emulator.ts'

if (NO_TERMINAL !== undefined) console.info(`Not tested here: ${NO_TERMINAL}.`)

const emulator = useEmulator()
const start = (args: string, { env, ...options }: TerminalOptions = {}) =>
  startInTerminal(args.split(' '), {
    ...options,
    env: { MALACHITE_ENDPOINTS_FILE: emulator.endpointsFile(), ...env },
  })

function addStuckJob(id: string): void {
  emulator.engine().jobs.add(jobBody(id, 'none'))
  emulator.engine().tasks.add(id, taskBody('t'))
}

describe.skipIf(NO_TERMINAL !== undefined)('in a terminal', () => {
  test('wait redraws one line that fits the window, and removes it at the end', async () => {
    addStuckJob('growing')
    const wait = await start('wait job growing', { columns: 60 })
    await wait.until('1 waiting\u001B')
    await wait.resize(20)
    emulator.engine().tasks.add('growing', taskBody('u'))
    await wait.until('0 succeeded, 0 fai…\u001B')
    emulator.engine().jobs.terminate('growing')
    expect(await wait.ended).toBe(1)
    expect(wait.screen().lines()).toEqual([expect.stringMatching(/^Job growing: 0 succeeded/), ''])
    expect(wait.screen().facts().wraps).toBe(0)
  })

  test('Ctrl-C ends waiting with 130 and leaves nothing but what was typed', async () => {
    addStuckJob('endless')
    const wait = await start('wait job endless', { env: { NO_COLOR: '1' } })
    await wait.until('1 waiting')
    wait.type(KEYS.ctrlC)
    expect(await wait.ended).toBe(130)
    expect(wait.screen().lines().join('')).toBe('')
    expect(wait.screen().facts().styles).toEqual(new Set())
  })

  test('logs print what a task writes as it is, until Ctrl-C', async () => {
    await emulator.pool('busy')
    emulator.engine().jobs.add(jobBody('talk', 'busy'))
    emulator.engine().tasks.add('talk', bashTask('t', 'echo one; printf "\\033[31mtwo\\033[0m\\n"; sleep 60'))
    const logs = await start('logs talk t -f')
    await logs.until('one\r\n\u001B[31mtwo\u001B[0m\r\n')
    logs.type(KEYS.ctrlC)
    expect(await logs.ended).toBe(130)
    expect(logs.screen().facts().isCursorShown).toBe(true)
    emulator.engine().jobs.terminate('talk')
  })

  test.each([
    ['y', `y${KEYS.enter}`, 0],
    ['n', `n${KEYS.enter}`, 1],
    ['nothing', KEYS.enter, 1],
    ['the end of the input', KEYS.ctrlD, 1],
    ['Ctrl-C', KEYS.ctrlC, 130],
  ])('a deletion asks first; %s is understood', async (name, keys, exitCode) => {
    const id = `asked-${name.replaceAll(/\W/g, '')}`
    addStuckJob(id)
    const question = await start(`job delete ${id}`)
    await question.until(`Delete job ${id}? [y/N] `)
    question.type(keys)
    expect(await question.ended).toBe(exitCode)
    expect(question.screen().cursor().column).toBe(0)
    const states = emulator
      .engine()
      .jobs.list()
      .items.filter((job) => job.id === id && job.state === 'active')
    expect(states).toHaveLength(exitCode === 0 ? 0 : 1)
  })

  test('a table has a bold title and fits the window; without colours or a terminal nothing is bold', async () => {
    const list = await start('job list', { columns: 60 })
    expect(await list.ended).toBe(0)
    expect(list.raw().startsWith('\u001B[1mID ')).toBe(true)
    expect(list.screen().facts().wraps).toBe(0)
    const piped = await emulator.run('job list', { env: { NO_COLOR: undefined, FORCE_COLOR: undefined } })
    expect(piped.stdout).toMatch(/^ID .*\n/)
    expect(piped.stdout + piped.stderr).not.toContain('\u001B')
    const plain = await start('job list', { columns: 60, env: { NO_COLOR: '1' } })
    await plain.ended
    expect(plain.raw()).not.toContain('\u001B')
    expect(plain.screen().lines()).toEqual(list.screen().lines())
  })

  test('the emulator serves until Ctrl-C and says so', async () => {
    const served = await start('emulator --batchPort 0 --blobPort none', {
      env: { MALACHITE_ENDPOINTS_FILE: undefined },
    })
    await served.until('Batch service is successfully listening at ')
    served.type(KEYS.ctrlC)
    expect(await served.ended).toBe(0)
    expect(served.screen().lines().slice(-3)).toEqual([
      expect.stringMatching(/Batch service is closing\.\.\.$/),
      'Batch service is successfully closed',
      '',
    ])
    expect(served.raw()).not.toContain('\u001B')
  })

  test('the doctor writes plain lines', async () => {
    const doctor = await start('doctor')
    expect(await doctor.ended).toBeLessThan(2)
    expect(doctor.raw()).toMatch(/^ok +node +Node \d+/)
    expect(doctor.raw()).not.toContain('\u001B')
  })
})

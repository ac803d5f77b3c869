// The launcher as programs use it that end in different ways.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createLauncher, type Launch } from './launcher.ts'

function command(script: string): Launch & { cwd: string } {
  const cwd = mkdtempSync(join(tmpdir(), 'launcher-'))
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }))
  const env = { PATH: '/usr/bin:/bin' }
  return { argv: ['sh', '-c', script], cwd, env, stdout: `${cwd}/out`, stderr: `${cwd}/err` }
}

/** Another Node process that launches a command; `then` is what it does when that has ended. */
function program(launch: Launch, then = '') {
  const script = `
    import { createLauncher } from './launcher.ts'
    const launcher = createLauncher({ helpers: 1 })
    launcher.launch(${JSON.stringify(launch)}).ended.then(() => { ${then} })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** A zombie is dead: who reaps orphans takes its time. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  const status = `/proc/${pid}/status`
  return !existsSync(status) || !/^State:\s*Z/m.test(readFileSync(status, 'utf8'))
}

/** The process id that the command has written. */
async function pidOf({ stdout }: Launch): Promise<number> {
  const read = (): number => {
    try {
      return Number(readFileSync(stdout, 'utf8'))
    } catch {
      return 0
    }
  }
  await expect.poll(read, { timeout: 5000, interval: 10 }).toBeGreaterThan(0)
  return read()
}

test.for(['SIGKILL', 'SIGINT', 'SIGTERM'] as const)(
  'a program that %s ends takes its processes with it',
  async (signal) => {
    const launch = command('echo $$; sleep 30; :')
    const child = program(launch)
    const pid = await pidOf(launch)
    expect(isAlive(pid)).toBe(true)
    child.kill(signal)
    await expect.poll(() => isAlive(pid), { timeout: 5000 }).toBe(false)
  },
)

test.for([
  ['that closes the launcher', 'launcher.close().then(() => process.exit(7))', 7],
  ['that forgets to close it', 'process.exitCode = 8', 8],
] as const)('a program %s ends, but not before its processes', async ([, then, exitCode]) => {
  const child = program(command('sleep 0.05'), then)
  expect(await once(child, 'exit')).toEqual([exitCode, null])
})

test('after close nothing is launched, and what ran is lost', async () => {
  const launcher = createLauncher()
  const running = launcher.launch(command('echo $$; sleep 30; :'))
  await launcher.close()
  await launcher.close()
  expect(await running.ended).toEqual({ error: 'ELAUNCHER' })
  expect(await launcher.launch(command('true')).ended).toEqual({ error: 'ELAUNCHER' })
  running.kill('SIGTERM')
})

test('a directory or file that is not there is told by the code of the system', async () => {
  const launcher = createLauncher()
  onTestFinished(() => launcher.close())
  const launch = command('true')
  const launchWith = (change: Partial<Launch>): unknown => launcher.launch({ ...launch, ...change }).ended
  expect(await launchWith({ stdout: '/dev/null/x' })).toEqual({ error: 'ENOTDIR' })
  expect(await launchWith({ argv: ['no-such-program'] })).toEqual({ error: 'ENOENT' })
  expect(await launchWith({ argv: ['/'] })).toEqual({ error: 'EACCES' })
  expect(await launchWith({ argv: [''] })).toEqual({ error: 'ERR_INVALID_ARG_VALUE' })
  expect(await launchWith({})).toEqual({ exitCode: 0 })
})

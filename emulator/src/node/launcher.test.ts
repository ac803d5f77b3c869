import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Launch } from './launch.ts'
import { createLauncher, launcherKinds, type LauncherOptions } from './launcher.ts'

/** 32 and 33, which glibc keeps to itself: its posix_spawn leaves them ignored. */
const SIGNALS_OF_THREADS = 3n << 31n

describe.each(launcherKinds())('a launcher in %s', (kind) => {
  function open(options: LauncherOptions = {}) {
    const cwd = mkdtempSync(join(tmpdir(), 'malachite-launcher-'))
    const launcher = createLauncher({ kind, ...options })
    onTestFinished(async () => {
      await launcher.close()
      rmSync(cwd, { recursive: true })
    })
    const launch = (...argv: string[]): Launch => ({
      argv,
      cwd,
      env: { PATH: '/usr/bin:/bin', WITH: 'a=b\nc' },
      stdout: join(cwd, 'stdout.txt'),
      stderr: join(cwd, 'stderr.txt'),
    })
    return { launcher, launch, output: (name: string) => readFileSync(join(cwd, name), 'utf8'), cwd }
  }
  const ended = (options: ReturnType<typeof open>, ...argv: string[]) =>
    options.launcher.launch(options.launch(...argv)).ended

  test('runs a program in its directory with just its variables, output in files', async () => {
    const it = open()
    const script = 'pwd; echo "$WITH"; echo wrong >&2; env | cut -d= -f1 | sort | tr "\\n" " "'
    expect(await ended(it, '/bin/sh', '-c', script)).toEqual({ exitCode: 0 })
    const [directory, ...rest] = it.output('stdout.txt').split('\n')
    expect(directory).toBe(it.cwd)
    expect(rest.slice(0, 2)).toEqual(['a=b', 'c'])
    expect(rest[2]).toMatch(/^(OLDPWD )?PATH PWD (SHLVL )?WITH (_ )?c? ?$/)
    expect(it.output('stderr.txt')).toBe('wrong\n')
  })

  test('passes arguments as they are', async () => {
    const it = open()
    const words = [
      '',
      'two words',
      "it's",
      '"quoted"',
      'new\nline',
      '$HOME',
      'ünïcödé ☂',
      '\\',
      'x'.repeat(100_000),
    ]
    await ended(it, '/usr/bin/printf', '%s|', ...words)
    expect(it.output('stdout.txt')).toBe(words.map((word) => `${word}|`).join(''))
  })

  test('tells exit codes from signals', async () => {
    const it = open()
    expect(await ended(it, '/bin/sh', '-c', 'exit 137')).toEqual({ exitCode: 137 })
    expect(await ended(it, '/bin/sh', '-c', 'kill -9 $$')).toEqual({ exitCode: -9 })
    expect(await ended(it, '/bin/sh', '-c', 'kill -15 $$')).toEqual({ exitCode: -15 })
  })

  test('says why a program could not be started', async () => {
    const it = open()
    expect(await ended(it, 'no-such-program')).toEqual({ error: 'ENOENT' })
    expect(await ended(it, '/')).toEqual({ error: 'EACCES' })
    expect(await ended(it, '')).toHaveProperty('error')
    expect(await it.launcher.launch({ ...it.launch('true'), cwd: join(it.cwd, 'none') }).ended).toEqual({
      error: 'ENOENT',
    })
    const stdout = join(it.cwd, 'none', 'stdout.txt')
    expect(await it.launcher.launch({ ...it.launch('true'), stdout }).ended).toEqual({ error: 'ENOENT' })
    const nul = await it.launcher.launch(it.launch('true', 'a\0b')).ended
    expect(nul).toHaveProperty('error')
    expect(await ended(it, 'true')).toEqual({ exitCode: 0 })
  })

  test('runs a script only if it names its interpreter', async () => {
    const it = open()
    const write = (name: string, text: string): void =>
      writeFileSync(join(it.cwd, name), text, { mode: 0o755 })
    write('proper', '#!/bin/sh\necho $1\n')
    write('nameless', 'echo $1\n')
    write('empty', '')
    expect(await ended(it, './proper', 'made')).toEqual({ exitCode: 0 })
    expect(it.output('stdout.txt')).toBe('made\n')
    for (const file of ['./nameless', join(it.cwd, 'nameless'), './empty'])
      expect(await ended(it, file, 'x')).toEqual({ error: 'ENOEXEC' })
    const env = { PATH: '/bin::none' }
    expect(await it.launcher.launch({ ...it.launch('nameless'), env }).ended).toEqual({ error: 'ENOEXEC' })
    expect(await it.launcher.launch({ ...it.launch('proper', 'found'), env }).ended).toEqual({ exitCode: 0 })
    expect(it.output('stdout.txt')).toBe('made\nfound\n')
  })

  test.runIf(process.platform === 'linux')('leaves no signal blocked or ignored', async () => {
    const it = open()
    await ended(it, '/bin/grep', '-E', '^Sig(Blk|Ign)', '/proc/self/status')
    const masks = it.output('stdout.txt').matchAll(/\t(\w+)\n/g)
    const signals = Array.from(masks, ([, mask]) => BigInt(`0x${mask}`) & ~SIGNALS_OF_THREADS)
    expect(signals).toEqual([0n, 0n])
  })

  test('signals the whole group and kills what a command leaves behind', async () => {
    const it = open()
    const running = it.launcher.launch(it.launch('/bin/sh', '-c', 'sleep 60 & echo $! > left; wait'))
    await until(() => existsSync(join(it.cwd, 'left')) && it.output('left').endsWith('\n'))
    running.kill('SIGTERM')
    expect(await running.ended).toEqual({ exitCode: -15 })
    await until(() => !isAlive(Number(it.output('left'))))
    await ended(it, '/bin/sh', '-c', 'sleep 60 & echo $! > left2')
    await until(() => !isAlive(Number(it.output('left2'))))
  })

  test('runs many at once and mixes none up', async () => {
    const { launcher, launch, cwd } = open({ helpers: 2 })
    const codes = Array.from({ length: 100 }, (_, i) => i)
    const ends = codes.map((code) => {
      const files = { stdout: join(cwd, `${code}.out`), stderr: join(cwd, `${code}.err`) }
      return launcher.launch({ ...launch('/bin/sh', '-c', `exit ${code}`), ...files }).ended
    })
    expect(await Promise.all(ends)).toEqual(codes.map((exitCode) => ({ exitCode })))
  })

  test('a program that closes it while commands end goes on to its end', async () => {
    const program = `
      import { createLauncher } from ${JSON.stringify(join(import.meta.dirname, 'launcher.ts'))}
      const launcher = createLauncher({ kind: '${kind}' })
      launcher.warmUp()
      const [file, paths] = ['/dev/null', { cwd: '/', env: { PATH: '/usr/bin:/bin' } }]
      await new Promise((resolve) => setTimeout(resolve, 100))
      for (let i = 0; i < 20; i++) void launcher.launch({ argv: ['true'], stdout: file, stderr: file, ...paths })
      await new Promise((resolve) => setTimeout(resolve, Number(process.argv[1])))
      await launcher.close()
      process.stdout.write('closed')`
    const run = promisify(execFile)
    for (const delay of ['0', '1', '2']) {
      const args = ['--input-type=module-typescript', '-e', program, delay]
      expect(await run(process.execPath, args)).toEqual({ stdout: 'closed', stderr: '' })
    }
  })

  test('when a helper is killed its processes are ended, and the next launch has a new one', async () => {
    const it = open({ helpers: 1 })
    const running = it.launcher.launch(
      it.launch('/bin/sh', '-c', 'echo $PPID $$ > pids; env -i sleep 60 & wait'),
    )
    await until(() => existsSync(join(it.cwd, 'pids')) && it.output('pids').endsWith('\n'))
    const [helper = 0, command = 0] = it.output('pids').split(' ').map(Number)
    process.kill(helper, 'SIGKILL')
    expect(await running.ended).toEqual({ error: 'ELAUNCHER' })
    expect(isAlive(command)).toBe(false)
    expect(await ended(it, 'true')).toEqual({ exitCode: 0 })
  })

  test('closing kills what runs, and nothing starts afterwards', async () => {
    const it = open()
    const running = it.launcher.launch(it.launch('/bin/sh', '-c', 'echo $$ > pid; exec sleep 60'))
    await until(() => existsSync(join(it.cwd, 'pid')) && it.output('pid').endsWith('\n'))
    const pid = Number(it.output('pid'))
    await it.launcher.close()
    await running.ended
    await until(() => !isAlive(pid))
    expect(await ended(it, 'true')).toEqual({ error: 'ELAUNCHER' })
  })
})

async function until(done: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 5000; !done();) {
    if (Date.now() > deadline) throw new Error('not reached within 5 s')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    return false
  }
}

// Processes of commands that outlived the launcher which was to end them: it was killed, perhaps with its emulator.
// They are told by what they carry themselves, so that no pid has to be written down, which costs time at each start and
// may be another process's by the time that it is read: their output goes to files of their node, and their environment
// names a directory of it. What took off both marks and left its process group is not found.

import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs'

/** A process, as far as it can be told whose it is. */
interface Candidate {
  pid: number
  /** Files that its standard output and error go to. */
  outputs: readonly string[]
  environment: string
}

const MARK = 'AZ_BATCH_TASK_DIR='
/** A process that was killed is soon gone, unless the disk keeps it; nobody waits longer than this many rounds. */
const ROUNDS = 200
const PAUSE_MS = 5

/**
 * Kills the processes whose output or whose task's directory lies below one of these directories (absolute), with their
 * groups, and returns once they are gone, or with a warning after a second. Synchronous: nothing may start in the directories meanwhile. It takes about
 * 5 ms for 100 processes of the machine (on macOS, where `lsof` is asked, 100 ms).
 */
export function endOrphans(directories: readonly string[]): void {
  const below = directories.flatMap((directory) => [`${directory}/`, `${realPath(directory)}/`])
  const isIn = (path: string): boolean => below.some((prefix) => path.startsWith(prefix))
  for (let round = 0; round < ROUNDS; round++) {
    const found = candidates().filter((candidate) => isOurs(candidate, isIn))
    if (found.length === 0) return
    for (const { pid } of found) kill(pid)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS)
  }
  process.emitWarning(`Processes of tasks below ${directories.join(', ')} do not end`)
}

function isOurs({ pid, outputs, environment }: Candidate, isIn: (path: string) => boolean): boolean {
  if (pid === process.pid) return false
  return outputs.some(isIn) || taskDirectories(environment).some((directory) => isIn(`${directory}/`))
}

function taskDirectories(environment: string): string[] {
  if (!environment.includes(MARK)) return []
  const variables = environment.split('\0').filter((variable) => variable.startsWith(MARK))
  return variables.map((variable) => variable.slice(MARK.length))
}

/** A command leads its group; a process that has none of its own is killed alone. */
function kill(pid: number): void {
  const group = groupOf(pid)
  send(group !== undefined && group !== groupOf(process.pid) ? -group : pid)
}

function send(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    // Gone meanwhile. EPERM: macOS says so of a group that has only zombies.
    if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
}

function candidates(): Candidate[] {
  return process.platform === 'linux' ? fromProc() : parseOpenFiles(openFiles())
}

function fromProc(): Candidate[] {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger)
  return pids.map((pid) => ({
    pid,
    outputs: [1, 2].map((fd) => readable(() => readlinkSync(`/proc/${pid}/fd/${fd}`))),
    environment: readable(() => readFileSync(`/proc/${pid}/environ`, 'utf8')),
  }))
}

/** Empty for a process that is gone, or another user's. */
function readable(read: () => string): string {
  try {
    return read()
  } catch {
    return ''
  }
}

function groupOf(pid: number): number | undefined {
  const text =
    process.platform === 'linux'
      ? // The name, in brackets, may hold anything.
        readable(() => readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) \S+ \d+ (\d+) .*$/s, '$1'))
      : readable(() => execFileSync('/bin/ps', ['-o', 'pgid=', '-p', String(pid)], { encoding: 'utf8' }))
  // 0 and 1: a process outside of what this one can see.
  return Number(text) > 1 ? Number(text) : undefined
}

/** Standard output and error of this user's processes, where there is no /proc. */
function openFiles(): string {
  const uid = String(process.getuid?.() ?? '')
  const args = ['-n', '-P', '-w', '-u', uid, '-a', '-d', '1,2', '-F', 'pn']
  try {
    return execFileSync('lsof', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  } catch (error) {
    // It exits with 1 when it could not look at each of them.
    return (error as { stdout?: string }).stdout ?? ''
  }
}

/** The answer of `lsof -F pn`, lines that begin with `p` (pid), `f` (descriptor) or `n` (path). Exported for its test. */
export function parseOpenFiles(text: string): Candidate[] {
  const found: (Candidate & { outputs: string[] })[] = []
  for (const line of text.split('\n')) {
    if (line.startsWith('p')) found.push({ pid: Number(line.slice(1)), outputs: [], environment: '' })
    if (line.startsWith('n')) found.at(-1)?.outputs.push(line.slice(1))
  }
  return found
}

function realPath(path: string): string {
  return readable(() => realpathSync(path)) || path
}

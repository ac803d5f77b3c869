// The launcher's program in Python, which alone of the three has posix_spawn: a process starts without a copy of the
// launcher's page tables (0.45 ms of processor time less for each than in Perl; /bin/true itself takes 0.6 ms).
// For requests and replies see launcher-frames.ts.

import { realpathSync } from 'node:fs'
import type { HelperProgram } from './launcher-frames.ts'

/** Linux has it here; on macOS it may be a stub that asks its user whether to install developer tools. */
const PYTHON = '/usr/bin/python3'

/** The first 3.x with posix_spawn. */
const OLDEST = 8

// Signals come as bytes through a pipe, so that none is missed between two calls of `poll`. Python ignores two signals:
// commands get them back. What it opens is closed at exec. It goes to the directory of a command itself, because it can
// tell `posix_spawn` everything but that; so relative names and PATH are looked up as in the command.
const TEXT = String.raw`
import errno, os, select, signal

CHANNEL = 3
OUTPUT = os.O_WRONLY | os.O_CREAT | os.O_APPEND
IGNORED = [signal.SIGPIPE, signal.SIGXFSZ]
pid_of, id_of = {}, {}

def reply(text):
    while text: text = text[os.write(CHANNEL, text):]

def kill_group(pid, number):
    try: os.killpg(pid, number)
    except OSError: pass

def launch(id, cwd, out, err, count, *rest):
    argv = rest[:int(count)]
    env = dict(variable.split(b'=', 1) for variable in rest[int(count):])
    files = [(os.POSIX_SPAWN_OPEN, 1, out, OUTPUT, 0o666), (os.POSIX_SPAWN_OPEN, 2, err, OUTPUT, 0o666)]
    spawn = os.posix_spawn if b'/' in argv[0] else os.posix_spawnp
    try:
        os.putenv(b'PATH', env.get(b'PATH', b''))
        os.chdir(cwd)
        pid = spawn(argv[0], argv, env, file_actions=files, setpgroup=0, setsigdef=IGNORED)
    except OSError as error: return reply(b'%s !%d\n' % (id, error.errno))
    except ValueError: return reply(b'%s !%d\n' % (id, errno.EINVAL if argv[0] else errno.ENOENT))
    pid_of[id] = pid
    id_of[pid] = id

def reap():
    while id_of:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0: return
        id = id_of.pop(pid)
        del pid_of[id]
        kill_group(pid, signal.SIGKILL)
        reply(b'%s %d\n' % (id, -(status & 127) or status >> 8))

def serve(signals):
    poll = select.poll()
    for fd in CHANNEL, signals: poll.register(fd, select.POLLIN)
    data = b''
    while True:
        ready = [fd for fd, _ in poll.poll()]
        if signals in ready:
            if any(number != signal.SIGCHLD for number in os.read(signals, 4096)): return
            reap()
        if CHANNEL not in ready: continue
        more = os.read(CHANNEL, 65536)
        if not more: return
        data += more
        while len(data) >= 4 and len(data) >= (end := 4 + int.from_bytes(data[:4], 'big')):
            verb, *fields = data[4:end - 1].split(b'\0')
            data = data[end:]
            if verb == b'L': launch(*fields)
            elif fields[0] in pid_of: kill_group(pid_of[fields[0]], getattr(signal, 'SIG' + fields[1].decode()))

os.set_inheritable(CHANNEL, False)
signals, wake = os.pipe()
os.set_blocking(wake, False)
signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
for number in signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP: signal.signal(number, lambda *_: None)
try: serve(signals)
except ConnectionError: pass
finally:
    for pid in id_of: kill_group(pid, signal.SIGKILL)
`

/** `undefined` where there is no Python, or too old a one. */
export function findPython(): HelperProgram | undefined {
  if (process.platform !== 'linux' || !isRecent(PYTHON)) return undefined
  return { file: PYTHON, args: ['-I', '-S', '-c', TEXT] }
}

/** Distributions link to a file that is named by its version; asking the program itself would take 10 ms. */
function isRecent(path: string): boolean {
  try {
    const [, minor = '0'] = /python3\.(\d+)$/.exec(realpathSync(path)) ?? []
    return Number(minor) >= OLDEST
  } catch {
    // There is none.
    return false
  }
}

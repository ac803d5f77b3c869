// A launcher in Perl: a few megabytes to fork, no event loop and no JSON between a request and its process.
//
// Requests are frames, a length (32 bits, big-endian) and fields ended by NUL, which no argument, path or variable can
// hold: "L", id, cwd, stdout, stderr, number of arguments, arguments, NAME=value …; or "K", id, signal.
// Replies are lines: the id, then the exit code (negative: the signal) or "!" and the errno of why it never started.

import { spawn, type ChildProcessByStdio } from 'node:child_process'
import type { Socket } from 'node:net'
import { constants } from 'node:os'
import type { Readable, Writable } from 'node:stream'
import type { Helper, Launch, LaunchEnd } from './launch.ts'
import { createWaitingLaunches, type Keeper } from './waiting-launches.ts'

/** Where Linux distributions and macOS have it. */
export const PERL = '/usr/bin/perl'

// The emulator's end closes STDIN; a signal ends the helper as well. Either way everything it runs is killed first.
// SIGCHLD writes into a pipe, so that a child that ends just before `select` is not missed. A child that cannot start
// its program says why through another pipe before it exits. Pipes close at exec ($^F).
const PROGRAM = String.raw`
use strict; use Fcntl;
my ($input, $ended, %pid_of, %id_of, %failed) = ('', 0);
pipe(my $wake_r, my $wake_w); pipe(my $fail_r, my $fail_w);
fcntl($_, F_SETFL, O_NONBLOCK) for $wake_r, $wake_w, $fail_r;
$SIG{CHLD} = sub { syswrite($wake_w, 'x') };
$SIG{$_} = sub { $ended = 1; syswrite($wake_w, 'x') } for qw(TERM INT HUP);
$SIG{PIPE} = 'IGNORE';
my $EINTR = 4;

sub reply {
  my ($text) = @_;
  while (length $text) {
    my $count = syswrite(STDOUT, $text);
    if (defined $count) { $text = substr($text, $count) }
    elsif ($! != $EINTR) { $ended = 1; return }
  }
}

sub launch {
  my ($id, $cwd, $out, $err, $count, @rest) = @_;
  my @argv = splice(@rest, 0, $count);
  my $pid = fork();
  if (!defined $pid) { reply("$id !" . ($! + 0) . "\n"); return }
  if ($pid) { setpgrp($pid, $pid); $pid_of{$id} = $pid; $id_of{$pid} = $id; return }
  setpgrp(0, 0);
  $SIG{$_} = 'DEFAULT' for qw(CHLD TERM INT HUP PIPE);
  %ENV = map { split(/=/, $_, 2) } @rest;
  chdir($cwd) && open(STDIN, '<', '/dev/null') && open(STDOUT, '>', $out) && open(STDERR, '>', $err)
    && do { no warnings; exec { $argv[0] } @argv };
  syswrite($fail_w, pack('NN', $id, $! + 0));
  kill('KILL', $$);
}

sub reap {
  while ((my $pid = waitpid(-1, 1)) > 0) {
    my ($status, $id) = ($?, delete $id_of{$pid});
    delete $pid_of{$id};
    kill('KILL', -$pid);
    while (sysread($fail_r, my $entry, 8)) { my ($of, $errno) = unpack('NN', $entry); $failed{$of} = $errno }
    my $errno = delete $failed{$id};
    my $code = $status & 127 ? -($status & 127) : $status >> 8;
    reply(defined $errno ? "$id !$errno\n" : "$id $code\n");
  }
}

until ($ended) {
  my $ready = '';
  vec($ready, fileno($_), 1) = 1 for *STDIN, $wake_r;
  next if select($ready, undef, undef, undef) < 1;
  if (vec($ready, fileno($wake_r), 1)) { sysread($wake_r, my $woken, 4096) }
  reap();
  next unless vec($ready, fileno(*STDIN), 1);
  my $count = sysread(STDIN, $input, 65536, length $input);
  next if !defined $count && $! == $EINTR;
  last if !$count;
  while (length $input >= 4 && length $input >= 4 + (my $length = unpack('N', $input))) {
    my ($verb, @fields) = split(/\0/, substr($input, 4, $length - 1), -1);
    $input = substr($input, 4 + $length);
    if ($verb eq 'L') { launch(@fields) }
    elsif (my $pid = $pid_of{$fields[0]}) { kill($fields[1], -$pid) }
  }
}
kill('KILL', -$_) for keys %id_of;
`

type Perl = ChildProcessByStdio<Writable, Readable, null>

export function startPerlHelper(): Helper {
  const child = spawnHelper()
  const keeper = createKeeper(child)
  const waiting = createWaitingLaunches(keeper)
  let isGone = false
  const gone = new Promise<void>((resolve) => {
    child.once('exit', resolve)
    child.once('error', () => resolve())
  }).then(() => {
    isGone = true
    waiting.lose()
  })
  readReplies(child.stdout, waiting.settle)
  keeper.unref()

  return {
    isGone: () => isGone,
    launch(id, launch) {
      const ended = waiting.add(id)
      const fields = launchFields(id, launch)
      if (fields.some((field) => field.includes('\0'))) waiting.settle(id, { error: 'EINVAL' })
      else child.stdin.write(frame(fields))
      return {
        ended,
        kill: (signal) => {
          if (waiting.has(id)) child.stdin.write(frame(['K', String(id), signal.slice(3)]))
        },
      }
    },
    async close() {
      child.ref()
      keeper.ref()
      child.stdin.end()
      await gone
    },
  }
}

function spawnHelper(): Perl {
  const child = spawn(PERL, ['-e', PROGRAM], {
    // Not in our process group: Ctrl-C is for the emulator, which then ends the tasks in its own way.
    detached: true,
    env: {},
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  // EPIPE: it is gone; what it was running is settled by its exit.
  child.stdin.on('error', () => {})
  child.unref()
  return child
}

/** Both ends keep the event loop alive, or neither. */
function createKeeper({ stdin, stdout }: Perl): Keeper {
  const sockets = [stdin, stdout] as unknown as Socket[]
  return {
    ref: () => sockets.forEach((socket) => void socket.ref()),
    unref: () => sockets.forEach((socket) => void socket.unref()),
  }
}

function launchFields(id: number, { argv, cwd, env, stdout, stderr }: Launch): string[] {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`)
  return ['L', String(id), cwd, stdout, stderr, String(argv.length), ...argv, ...variables]
}

function frame(fields: readonly string[]): Buffer {
  const body = Buffer.from(`${fields.join('\0')}\0`)
  const length = Buffer.allocUnsafe(4)
  length.writeUInt32BE(body.length)
  return Buffer.concat([length, body])
}

function readReplies(stdout: Readable, settle: (id: number, end: LaunchEnd) => void): void {
  let rest = ''
  stdout.setEncoding('latin1').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const [id = '', end = ''] = line.split(' ')
      settle(Number(id), toEnd(end))
    }
  })
}

function toEnd(text: string): LaunchEnd {
  return text.startsWith('!') ? { error: errorCode(Number(text.slice(1))) } : { exitCode: Number(text) }
}

function errorCode(errno: number): string {
  return Object.entries(constants.errno).find(([, value]) => value === errno)?.[0] ?? `errno ${errno}`
}

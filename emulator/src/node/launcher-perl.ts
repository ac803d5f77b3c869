// A launcher in Perl: a few megabytes to fork, no event loop and no JSON between a request and its process.
//
// Requests are frames, a length (32 bits, big-endian) and fields ended by NUL, which no argument, path or variable can
// hold: "L", id, cwd, stdout, stderr, number of arguments, arguments, NAME=value …; or "K", id, signal.
// Replies are lines: the id, then the exit code (negative: the signal) or "!" and the errno of why it never started.

import { spawn, type ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'
import { constants } from 'node:os'
import type { Helper, HelperOutput, Launch, LaunchEnd } from './launch.ts'
import { createWaitingLaunches } from './waiting-launches.ts'

/** Where Linux distributions and macOS have it. */
export const PERL = '/usr/bin/perl'

// The emulator's end closes the channel (fd 3); a signal ends the helper as well. Either way everything it runs is killed
// first. SIGCHLD writes into a pipe, so that a child that ends just before `select` is not missed. A child that cannot
// start its program says why through another pipe before it exits. Pipes close at exec ($^F).
// A file in a format that the system does not know is refused before the fork: exec would have /bin/sh run it.
// What a child changes before exec is a page fault each: so STDIN is /dev/null from the start, the environment is set
// before the fork, and signals have handlers, which exec resets (0.25 ms less for each launch).
// A child whose helper was killed at once starts nothing: those who look for its like may not see it yet.
const PROGRAM = String.raw`
use strict; use Fcntl;
my ($input, $ended, %pid_of, %id_of, %failed) = ('', 0);
open(my $channel, '+<&=', 3); fcntl($channel, F_SETFD, FD_CLOEXEC);
pipe(my $wake_r, my $wake_w); pipe(my $fail_r, my $fail_w);
fcntl($_, F_SETFL, O_NONBLOCK) for $wake_r, $wake_w, $fail_r;
$SIG{CHLD} = sub { syswrite($wake_w, 'x') };
$SIG{$_} = sub { $ended = 1; syswrite($wake_w, 'x') } for qw(TERM INT HUP);
$SIG{PIPE} = sub {};
my ($EINTR, $ENOEXEC) = (4, 8);

sub reply {
  my ($text) = @_;
  while (length $text) {
    my $count = syswrite($channel, $text);
    if (defined $count) { $text = substr($text, $count) }
    elsif ($! != $EINTR) { $ended = 1; return }
  }
}

sub set_environment {
  my %new = map { split(/=/, $_, 2) } @_;
  for (keys %ENV) { delete $ENV{$_} unless exists $new{$_} }
  for (keys %new) { $ENV{$_} = $new{$_} unless defined $ENV{$_} && $ENV{$_} eq $new{$_} }
}

sub has_format {
  my ($name, $cwd) = @_;
  for my $dir (index($name, '/') < 0 ? split(/:/, $ENV{PATH} // '', -1) : '') {
    my $path = length $dir ? "$dir/$name" : $name;
    my $file = index($path, '/') ? "$cwd/$path" : $path;
    next unless -f $file && -x _;
    open(my $program, '<:raw', $file) or return 1;
    sysread($program, my $start, 4);
    return $start =~ /^(?:#!|\x7fELF|[\xce\xcf]\xfa\xed\xfe|\xca\xfe\xba\xbe)/;
  }
  return 1;
}

sub launch {
  my ($id, $cwd, $out, $err, $count, @rest) = @_;
  my @argv = splice(@rest, 0, $count);
  set_environment(@rest);
  if (@argv && !has_format($argv[0], $cwd)) { reply("$id !$ENOEXEC\n"); return }
  my $self = $$;
  my $pid = fork();
  if (!defined $pid) { reply("$id !" . ($! + 0) . "\n"); return }
  if ($pid) { setpgrp($pid, $pid); $pid_of{$id} = $pid; $id_of{$pid} = $id; return }
  setpgrp(0, 0);
  kill('KILL', $$) if getppid() != $self;
  chdir($cwd) && open(STDOUT, '>>', $out) && open(STDERR, '>>', $err)
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
  vec($ready, fileno($_), 1) = 1 for $channel, $wake_r;
  next if select($ready, undef, undef, undef) < 1;
  if (vec($ready, fileno($wake_r), 1)) { sysread($wake_r, my $woken, 4096) }
  reap();
  next unless vec($ready, fileno($channel), 1);
  my $count = sysread($channel, $input, 65536, length $input);
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

export function startPerlHelper(stdout: HelperOutput): Helper {
  const { child, channel } = spawnHelper(stdout)
  const waiting = createWaitingLaunches({
    ref: () => void channel.ref(),
    unref: () => void channel.unref(),
  })
  let isGone = false
  child.once('exit', () => (isGone = true))
  // Closed: all that it told before is read.
  const gone = new Promise<boolean>((resolve) => {
    child.once('close', (code) => resolve(code === 0))
    child.once('error', () => resolve(false))
  }).then((inOrder) => {
    isGone = true
    waiting.lose({ inOrder })
  })
  readReplies(channel, waiting.settle)

  return {
    isGone: () => isGone,
    launch(id, launch) {
      const ended = waiting.add(id, launch)
      const fields = launchFields(id, launch)
      if (fields.some((field) => field.includes('\0'))) waiting.settle(id, { error: 'EINVAL' })
      else channel.write(frame(fields))
      return {
        ended,
        kill: (signal) => {
          if (waiting.has(id)) channel.write(frame(['K', String(id), signal.slice(3)]))
        },
      }
    },
    async close() {
      child.ref()
      channel.ref()
      channel.end()
      await gone
    },
  }
}

/** The helper and the socket to it, neither of which keeps the event loop alive. */
function spawnHelper(stdout: HelperOutput): { child: ChildProcess; channel: Socket } {
  const child = spawn(PERL, ['-e', PROGRAM], {
    // Not in our process group: Ctrl-C is for the emulator, which then ends the tasks in its own way.
    detached: true,
    env: {},
    stdio: ['ignore', stdout, 'inherit', 'pipe'],
  })
  const channel = child.stdio[3] as Socket
  // EPIPE: it is gone; what it was running is settled by its exit.
  channel.on('error', () => {})
  child.unref()
  channel.unref()
  return { child, channel }
}

function launchFields(id: number, { argv, cwd, env, stdout, stderr }: Launch): string[] {
  const fields = ['L', String(id), cwd, stdout, stderr, String(argv.length), ...argv]
  for (const name in env) fields.push(`${name}=${env[name]}`)
  return fields
}

function frame(fields: readonly string[]): Buffer {
  const text = `${fields.join('\0')}\0`
  const length = Buffer.byteLength(text)
  const buffer = Buffer.allocUnsafe(4 + length)
  buffer.writeUInt32BE(length)
  buffer.write(text, 4)
  return buffer
}

function readReplies(channel: Socket, settle: (id: number, end: LaunchEnd) => void): void {
  let rest = ''
  channel.setEncoding('latin1').on('data', (text: string) => {
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

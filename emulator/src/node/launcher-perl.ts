// The launcher's program in Perl: a few megabytes to fork, no event loop and no JSON between a request and its process.
// For requests and replies see launcher-frames.ts.

import { existsSync } from 'node:fs'
import type { HelperProgram } from './launcher-frames.ts'

const PERL = '/usr/bin/perl'

// The emulator's end closes the channel (fd 3); a signal ends the helper as well. Either way everything it runs is killed
// first. SIGCHLD writes into a pipe, so that a child that ends just before `select` is not missed. A child that cannot
// start its program says why through another pipe before it exits. Pipes close at exec ($^F).
// A file in a format that the system does not know is refused before the fork: exec would have /bin/sh run it.
// What a child changes before exec is a page fault each: so STDIN is /dev/null from the start, the environment is set
// before the fork, and signals have handlers, which exec resets (0.25 ms less for each launch).
// A child whose helper was killed at once starts nothing: those who look for its like may not see it yet.
const TEXT = String.raw`
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

/** `undefined` where there is no Perl; Linux distributions and macOS have it. */
export function findPerl(): HelperProgram | undefined {
  return existsSync(PERL) ? { file: PERL, args: ['-e', TEXT] } : undefined
}

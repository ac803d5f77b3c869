// A container engine for tests where there is none: a program that understands the commands of Docker that Malachite
// uses. Its containers are processes outside the client's group, which end as little with their client as real ones.

import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const SCRIPT = String.raw`#!/bin/sh
cd_state=$(dirname "$0")/state
echo "$@" >> "$cd_state/log"
while :; do case $1 in
  --config) config=$2; shift 2 ;;
  --log-level) shift 2 ;;
  *) break ;;
esac; done
verb=$1; shift
case $verb in
info) cat "$cd_state/info" ;;
context) echo unix:///fake.sock ;;
image) while [ $# -gt 1 ]; do shift; done; [ -e "$cd_state/images/$1" ] ;;
pull)
  while [ $# -gt 1 ]; do [ "$1" = --authfile ] && cp "$2" "$cd_state/login"; shift; done
  [ -z "$config" ] || cp "$config/config.json" "$cd_state/login"
  [ -e "$cd_state/pull-error" ] && { cat "$cd_state/pull-error" >&2; exit 1; }
  case $1 in slow*) exec sleep 60 ;; esac
  sleep 0.1; : > "$cd_state/images/$1" ;;
run)
  while :; do case $1 in
    --rm | --read-only) shift ;;
    --cidfile) id_file=$2; shift 2 ;;
    --label) labels="$labels $2"; shift 2 ;;
    --workdir) cd "$2"; shift 2 ;;
    --env) case $2 in *=*) export "$2" ;; esac; shift 2 ;;
    --pull | --network | --security-opt | --user | --mount) shift 2 ;;
    --*) echo "docker: unknown flag: $1" >&2; exit 125 ;;
    *) break ;;
  esac; done
  shift
  id=id$$; printf %s $id > "$id_file"
  container=$cd_state/containers/$id
  mkdir "$container"; echo "$labels" > "$container/labels"
  command -v "$1" > /dev/null || {
    rm -r "$container"
    echo "docker: Error response from daemon: OCI runtime create failed: exec: \"$1\": executable file not found" >&2
    exit 127
  }
  /usr/bin/perl -e 'setpgrp(0, 0); exec @ARGV' "$@" &
  pid=$!; echo $pid > "$container/pid"
  trap 'kill -TERM -$pid' TERM
  wait $pid; code=$?
  while kill -0 $pid 2> /dev/null; do wait $pid; code=$?; done
  rm -rf "$container"; exit $code ;;
ps)
  for option; do case $option in label=*) wanted="$wanted \"$(echo "$option" | cut -c7-)\"" ;; esac; done
  for container in "$cd_state"/containers/*; do
    [ -e "$container/labels" ] || continue
    matches=yes
    for label in $(echo "$wanted" | tr -d '"'); do
      grep -q " $label" "$container/labels" || matches=
    done
    [ -z "$matches" ] || basename "$container"
  done ;;
inspect)
  shift 2
  for id; do
    sed 's/.*malachite.nodes=\([^ ]*\) malachite.owner=\([^ ]*\).*/\2 \1/; s/.*malachite.nodes=\([^ ]*\).*malachite.owner=\([^ ]*\).*/\2 \1/' "$cd_state/containers/$id/labels"
  done ;;
rm)
  shift
  for id; do
    kill -KILL -"$(cat "$cd_state/containers/$id/pid")"; rm -rf "$cd_state/containers/$id"
  done ;;
esac
`

/** The program with what it remembers. */
export interface FakeEngine {
  /** Where it is. */
  directory: string
  /** Every command so far: options and arguments. */
  log: () => string[]
  /** Names of containers. */
  containers: () => string[]
  /** The file of logins of the latest `pull`. */
  login: () => unknown
  addImage: (name: string) => void
  /** From now on downloads fail so; `undefined`: not any more. */
  failPulls: (message: string | undefined) => void
  close: () => void
}

/** What `docker info` answers. */
export const DOCKER_INFO = { ServerVersion: '28.0', SecurityOptions: ['name=seccomp'] }

/** Installs the program under a name into a directory of its own. Names of images must have no slash; those that begin with `slow` take a minute. */
export function openFakeEngine(name = 'docker', info: object = DOCKER_INFO): FakeEngine {
  const directory = mkdtempSync(join(tmpdir(), 'malachite-fake-engine-'))
  const state = join(directory, 'state')
  for (const part of ['images', 'containers']) mkdirSync(join(state, part), { recursive: true })
  writeFileSync(join(state, 'info'), JSON.stringify(info))
  writeFileSync(join(directory, name), SCRIPT)
  chmodSync(join(directory, name), 0o755)
  const read = (file: string): string => readFileSync(join(state, file), 'utf8')
  return {
    directory,
    log: () => (existsSync(join(state, 'log')) ? read('log').trimEnd().split('\n') : []),
    containers: () => readdirSync(join(state, 'containers')),
    login: () => JSON.parse(read('login')) as unknown,
    addImage: (image) => writeFileSync(join(state, 'images', image), ''),
    failPulls(message) {
      const file = join(state, 'pull-error')
      if (message === undefined) rmSync(file)
      else writeFileSync(file, `${message}\n`)
    },
    close: () => rmSync(directory, { recursive: true, force: true }),
  }
}

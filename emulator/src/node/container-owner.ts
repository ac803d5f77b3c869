// Whose a container is, and the end of those that nobody owns any more. Containers are children of their engine, not of
// the emulator: what ends its processes does not end them.

import { spawn } from 'node:child_process'
import { hostname } from 'node:os'
import type { ContainerEngine } from './container-engine.ts'

/** Labels of every container: the directory of its nodes, and the emulator that made it. */
const NODES = 'malachite.nodes'
const OWNER = 'malachite.owner'
const RUN = 'malachite.run'

/** One emulator's containers. */
export interface Owner {
  /** Labels of a container of this name. */
  labels(run: string): Record<string, string>
  /** Ends and removes the container of this name; one that is gone is fine. */
  remove(engine: ContainerEngine, run: string): Promise<void>
  /** The same for all of this emulator's. */
  removeAll(engine: ContainerEngine): Promise<void>
  /** The same for those of emulators that were killed. */
  removeLeftovers(engine: ContainerEngine): Promise<void>
  /** Starts a process that does `removeAll` as soon as the emulator is gone, however that happens. */
  guard(engine: ContainerEngine): Guardian
}

/** The process that waits for the end of the emulator. */
export interface Guardian {
  /** It is not needed any more. */
  dismiss(): void
}

/** Names the containers of the emulator whose nodes are in this directory; `id` tells it from all others. */
export function createOwner(nodes: string, id: string): Owner {
  const owner = `${hostname()}:${process.pid}:${id}`
  return {
    labels: (run) => ({ [NODES]: nodes, [OWNER]: owner, [RUN]: run }),
    remove: (engine, run) => removeLabelled(engine, [`${OWNER}=${owner}`, `${RUN}=${run}`]),
    removeAll: (engine) => removeLabelled(engine, [`${OWNER}=${owner}`]),
    async removeLeftovers(engine) {
      const others = (await ownersOf(engine)).filter((other) => other.owner !== owner)
      const left = others.filter((other) => other.nodes === nodes || isGone(other.owner))
      for (const other of new Set(left.map((one) => one.owner)))
        await removeLabelled(engine, [`${OWNER}=${other}`])
    },
    guard: (engine) => startGuardian(engine, `${OWNER}=${owner}`),
  }
}

/** Ids of the containers of tasks whose emulator was killed and is not there any more to remove them. */
export async function findAbandoned(engine: ContainerEngine): Promise<string[]> {
  const owned = await ownersOf(engine)
  return owned.filter(({ owner }) => isGone(owner)).map(({ id }) => id)
}

/** Ends and removes a container. */
export async function removeContainer(engine: ContainerEngine, id: string): Promise<void> {
  await engine.call([...REMOVE[engine.kind], id])
}

async function ownersOf(engine: ContainerEngine): Promise<{ id: string; nodes: string; owner: string }[]> {
  const ids = await list(engine, [OWNER])
  if (ids.length === 0) return []
  const format = `{{index .Config.Labels "${OWNER}"}} {{index .Config.Labels "${NODES}"}}`
  const lines = await engine.call(['inspect', '--format', format, ...ids])
  return lines.split('\n').map((line, i) => {
    const [owner = '', ...nodes] = line.split(' ')
    return { id: ids[i] ?? '', owner, nodes: nodes.join(' ') }
  })
}

/** Whether an emulator of this machine is gone; of others, whose engine may be the same, nothing is known. */
function isGone(owner: string): boolean {
  const [host, pid] = owner.split(':')
  if (host !== hostname()) return false
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

async function list(engine: ContainerEngine, labels: readonly string[]): Promise<string[]> {
  const filters = labels.flatMap((label) => ['--filter', `label=${label}`])
  const ids = await engine.call(['ps', '--all', '--quiet', '--no-trunc', ...filters])
  return ids.split('\n').filter(Boolean)
}

const ATTEMPTS = 5

/** What counts is that none is left: the engine may be removing them itself meanwhile, and then refuses. */
async function removeLabelled(engine: ContainerEngine, labels: readonly string[]): Promise<void> {
  let reason: unknown
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const ids = await list(engine, labels)
    if (ids.length === 0) return
    reason = await engine.call([...REMOVE[engine.kind], ...ids]).catch((error: unknown) => error)
  }
  if ((await list(engine, labels)).length > 0)
    throw new Error(`Containers with the label ${labels.join(' and ')} could not be removed`, {
      cause: reason,
    })
}

/** Without the time that Podman gives them to end. */
const REMOVE = { docker: ['rm', '--force'], podman: ['rm', '--force', '--time', '0'] } as const

// A line on its standard input means that all is well; its end without one, that the emulator is gone. The second look
// is for what the engine was just making.
const GUARDIAN = `read -r _ && exit
engine=$1 label=$2
shift 2
for pause in 0 3; do
  sleep $pause
  ids=$("$engine" ps --all --quiet --filter "label=$label")
  [ -z "$ids" ] || "$engine" "$@" $ids
done`

function startGuardian({ program, kind }: ContainerEngine, label: string): Guardian {
  const child = spawn('/bin/sh', ['-c', GUARDIAN, 'malachite-containers', program, label, ...REMOVE[kind]], {
    // Not in the emulator's process group, whose end it outlives.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  child.unref()
  // Without it the next start removes what is left. It may also be gone before it is told to go.
  child.on('error', () => {})
  child.stdin.on('error', () => {})
  return { dismiss: () => child.stdin.end('\n') }
}

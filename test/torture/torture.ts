// Rounds of life and death: the emulator starts, is checked, clients work on it, it is ended at a moment that chance
// chooses. The seed decides what is asked and when the end comes; what the emulator does at that moment, the machine.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRandom, type Random } from '../fuzz/random.ts'
import { poolOf } from '../protocol/helpers.ts'
import { check } from './check.ts'
import { checkDatabase } from './database.ts'
import { createFacts, known } from './facts.ts'
import { finish } from './finale.ts'
import { POOL, work } from './operations.ts'
import { isAlive, type Process, taskProcesses } from './processes.ts'
import { Lost, openSession, type Session, type World } from './session.ts'
import { type End, ENDS, startVictim, type Victim } from './victim.ts'
import { createWitness } from './witness.ts'

export interface TortureOptions {
  rounds: number
  seed: number
  /** Ends before all rounds are over when it has taken so long. @default unlimited */
  minutes?: number | undefined
  onRound?: (round: Round) => void
}

/** One life of the emulator. */
export interface Round {
  number: number
  /** When it ended: before it was ready, while it was checked, or at work. */
  phase: Phase
  end: End
  violations: readonly string[]
}

const PHASES = ['start', 'check', 'work'] as const
type Phase = (typeof PHASES)[number]

/** What came of it. */
export interface Outcome {
  rounds: number
  ends: ReadonlyMap<string, number>
  /** Requests that were answered with success, and those without an answer. */
  acknowledged: number
  unanswered: number
  /** Tasks' commands that ran to their end. */
  runs: number
  violations: readonly string[]
}

const CLIENTS = ['a', 'b', 'c', 'd']

/** Plays the rounds. Ends with the first that finds something wrong; the directory is then kept. */
export async function torture({
  rounds,
  seed,
  minutes = Infinity,
  onRound,
}: TortureOptions): Promise<Outcome> {
  const directory = mkdtempSync(join(tmpdir(), 'malachite-torture-'))
  const world = createWorld(directory)
  const ends = new Map([...ENDS, ...PHASES.map((phase) => `at ${phase}`)].map((name) => [name, 0]))
  const deadline = Date.now() + minutes * 60_000
  const location = join(directory, 'location')
  let number = 0
  let leftovers: Process[] = []
  while (number < rounds && Date.now() < deadline && world.violations.length === 0) {
    const random = createRandom(seed, 'round', number++)
    const end = chooseEnd(random)
    const phase = await playRound(world, { location, seed, number, random, end, leftovers })
    leftovers = taskProcesses(world.nodes)
    for (const name of [end, `at ${phase}`]) ends.set(name, (ends.get(name) ?? 0) + 1)
    onRound?.({ number, phase, end, violations: world.violations })
  }
  if (world.violations.length === 0) await playFinale(world, location)
  const runs = [...world.witness.completeRuns().values()].reduce((sum, count) => sum + count, 0)
  if (world.violations.length === 0) rmSync(directory, { recursive: true })
  else world.violations.push(`the location is kept: ${directory}`)
  const { acknowledged, unanswered, violations } = world
  return { rounds: number, ends, acknowledged, unanswered, runs, violations }
}

function createWorld(directory: string): World {
  const nodes = join(directory, 'location', 'nodes')
  mkdirSync(nodes, { recursive: true })
  let last = 0
  return {
    facts: createFacts(),
    witness: createWitness(directory),
    nodes,
    acknowledged: 0,
    unanswered: 0,
    violations: [],
    newNumber: () => ++last,
  }
}

function chooseEnd(random: Random): End {
  return random.pick([
    ...(['SIGKILL', 'SIGKILL', 'SIGKILL', 'SIGKILL', 'SIGKILL with launchers'] as const),
    ...(['SIGKILL with launchers', 'SIGKILL after launchers', 'SIGTERM', 'SIGINT'] as const),
  ])
}

interface RoundParts {
  location: string
  seed: number
  number: number
  random: Random
  end: End
  /** Processes of tasks that the last life left. */
  leftovers: readonly Process[]
}

/** Ends the emulator in each phase of its life: some while it starts, some while it is checked, most at work. */
async function playRound(world: World, parts: RoundParts): Promise<Phase> {
  const { location, random, end } = parts
  const victim = startVictim(location)
  const phases: Phase[] = ['start']
  const checked = Promise.withResolvers<void>()
  const life = live(world, victim, parts, (phase) => {
    phases.push(phase)
    if (phase === 'work') checked.resolve()
  }).finally(checked.resolve)
  if (random.oneIn(4)) await sleep(random.int(600))
  else if (random.oneIn(6)) await victim.ready.then(() => sleep(random.int(60)))
  else await checked.promise.then(() => disturb(victim, random))
  const wrong = await victim.end(end)
  await life
  world.violations.push(...wrong, ...checkDatabase(location))
  return phases.at(-1) ?? 'start'
}

/** Lets the clients work for a while; one time in eight without a launcher after half of it. */
async function disturb(victim: Victim, random: Random): Promise<void> {
  const time = 30 + random.int(400)
  await sleep(time / 2)
  if (random.oneIn(8)) victim.killLauncher()
  await sleep(time / 2)
}

async function live(
  world: World,
  victim: Victim,
  { seed, number, leftovers }: RoundParts,
  enter: (phase: Phase) => void,
): Promise<void> {
  await meet(world, victim, leftovers, async (session) => {
    enter('check')
    await check(session)
    await addMainPool(session)
    enter('work')
    await Promise.all(CLIENTS.map((name) => work(session, name, createRandom(seed, name, number))))
  })
}

/** Once the emulator is ready: what an earlier life left must be gone; then whatever there is to do, as long as it lives. */
async function meet(
  world: World,
  victim: Victim,
  leftovers: readonly Process[],
  body: (session: Session) => Promise<void>,
): Promise<void> {
  const url = await victim.ready
  if (url === undefined) return
  const session = openSession(world, url)
  for (const { jobId, taskId, pid } of taskProcesses(world.nodes))
    if (leftovers.some((process) => process.pid === pid && isAlive(process)))
      session.blame(`process ${pid} of task ${jobId}/${taskId} has survived a restart`)
  try {
    await body(session)
  } catch (error) {
    if (!(error instanceof Lost)) throw error
  } finally {
    session.close()
  }
}

async function addMainPool(session: Session): Promise<void> {
  const { pools } = session.facts
  if (pools.has(POOL)) return
  const body = poolOf(POOL, { targetDedicatedNodes: 2, taskSlotsPerNode: 4 })
  const answer = await session.ask('POST /pools', body)
  pools.set(POOL, { presence: answer ? 'there' : 'perhaps', nodes: known(2) })
}

/** The last life, in which everything comes to its end. */
async function playFinale(world: World, location: string): Promise<void> {
  const victim = startVictim(location)
  await meet(world, victim, [], async (session) => {
    await check(session)
    await addMainPool(session)
    await finish(session)
    await check(session)
  })
  world.violations.push(...(await victim.end('SIGTERM')))
  for (const { jobId, taskId } of taskProcesses(world.nodes))
    world.violations.push(`task ${jobId}/${taskId} runs after the end`)
}

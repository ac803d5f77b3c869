// `malachite wait job`: waits for the tasks of a job by their counts, and tells how they ended.

import { setTimeout as sleep } from 'node:timers/promises'
import type { JsonObject, RestClient } from '@malachite/azure'
import type { WaitFlags } from '../program/program-tools.ts'
import { watchInterrupts } from '../terminal/interrupts.ts'
import { createScreen, printable, type Screen } from '../terminal/screen.ts'
import { connect } from '../service/connection.ts'
import { createPatience } from '../service/patience.ts'
import { canRedraw, type Surroundings } from '../settings/surroundings.ts'
import { EXIT, type ExitCode } from '../text/exit-code.ts'
import { print, printJson } from '../text/lines.ts'

/** Waits until no task is left to run; the exit code says whether all succeeded. */
export async function waitJob(
  jobId: string,
  flags: WaitFlags,
  { environment }: Surroundings,
): Promise<ExitCode> {
  const client = await connect(flags, environment)
  const interrupts = watchInterrupts({ onFirst() {}, onSecond: () => process.exit(EXIT.interrupted) })
  // What is redrawn goes to standard error: standard output is for the result.
  const screen = createScreen(process.stderr, process.stderr, canRedraw(process.stderr, environment))
  try {
    const end = await watch(client, jobId, flags, screen, interrupts.signal)
    screen.status('')
    const failed = end.counts.failed > 0 ? await firstFailures(client, jobId) : []
    tell(jobId, end, failed, flags)
    return exitCodeOf(end)
  } catch (error) {
    screen.status('')
    if (interrupts.signal.aborted) return EXIT.interrupted
    throw error
  } finally {
    interrupts.stop()
    await client.close()
  }
}

interface Counts {
  active: number
  running: number
  completed: number
  succeeded: number
  failed: number
}

interface End {
  outcome: 'succeeded' | 'failed' | 'timedOut'
  counts: Counts
}

const LOCAL_PAUSE_MS = 250
const AZURE_PAUSE_MS = 3000

async function watch(
  client: RestClient,
  jobId: string,
  { timeout, backend }: WaitFlags,
  screen: Screen,
  signal: AbortSignal,
): Promise<End> {
  const patient = createPatience({ note: (line) => screen.note(`malachite: ${line}`), signal })
  const deadline = timeout === undefined ? Infinity : Date.now() + timeout
  const pause = backend === 'azure' ? AZURE_PAUSE_MS : LOCAL_PAUSE_MS
  const look = async (): Promise<[state: unknown, counts: Counts]> => {
    const { state } = await client.get(['jobs', jobId], { query: { $select: 'id,state' }, signal })
    return [state, await countTasks(client, jobId, signal)]
  }
  let [state, counts] = await look()
  for (;;) {
    const outcome = outcomeOf(state, counts)
    if (outcome) return { outcome, counts }
    const left = deadline - Date.now()
    if (left <= 0) return { outcome: 'timedOut', counts }
    screen.status(describe(counts))
    await sleep(Math.min(pause, left), undefined, { signal })
    ;[state, counts] = await patient(look)
  }
}

async function countTasks(client: RestClient, jobId: string, signal: AbortSignal): Promise<Counts> {
  const { taskCounts } = await client.get(['jobs', jobId, 'taskcounts'], { signal })
  return taskCounts as Counts
}

/** How it ended; undefined while it goes on. A job without tasks may still get some, unless it has completed. */
export function outcomeOf(state: unknown, counts: Counts): End['outcome'] | undefined {
  const { active, running, completed, failed } = counts
  const isOver = state === 'completed' || (active + running === 0 && completed > 0)
  if (!isOver) return undefined
  return failed === 0 && active + running === 0 ? 'succeeded' : 'failed'
}

function exitCodeOf({ outcome }: End): ExitCode {
  return { succeeded: EXIT.ok, failed: EXIT.failed, timedOut: EXIT.timedOut }[outcome]
}

const FAILURES_SHOWN = 5

async function firstFailures(client: RestClient, jobId: string): Promise<JsonObject[]> {
  const query = {
    $filter: "executionInfo/result eq 'failure'",
    $select: 'id,executionInfo',
    maxresults: FAILURES_SHOWN,
  }
  const failures: JsonObject[] = []
  for await (const task of client.list(['jobs', jobId, 'tasks'], { query })) {
    failures.push(task)
    if (failures.length === FAILURES_SHOWN) break
  }
  return failures
}

function tell(
  job: string,
  { outcome, counts }: End,
  failed: readonly JsonObject[],
  { output }: WaitFlags,
): void {
  if (output === 'json') {
    printJson({ job, outcome, taskCounts: counts, failed })
    return
  }
  const late = outcome === 'timedOut' ? ' The time is over.' : ''
  print(`Job ${job}: ${describe(counts)}.${late}`)
  for (const task of failed) print(`  ${printable(describeFailure(task))}`)
  if (failed.length === FAILURES_SHOWN && counts.failed > FAILURES_SHOWN)
    print(`  and ${counts.failed - FAILURES_SHOWN} more`)
}

function describe({ active, running, succeeded, failed }: Counts): string {
  const parts = [
    `${succeeded} succeeded`,
    `${failed} failed`,
    ...(running > 0 ? [`${running} running`] : []),
    ...(active > 0 ? [`${active} waiting`] : []),
  ]
  return parts.join(', ')
}

interface Execution {
  exitCode?: number
  failureInfo?: { code?: string; message?: string }
}

function describeFailure({ id, executionInfo }: JsonObject): string {
  const { exitCode, failureInfo } = (executionInfo ?? {}) as Execution
  const reason = failureInfo?.message ?? failureInfo?.code ?? 'it failed'
  return `${String(id)}: ${exitCode === undefined ? reason : `exit code ${exitCode}`}`
}

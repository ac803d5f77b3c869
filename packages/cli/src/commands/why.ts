// `malachite why`, `malachite preempt` and `malachite fail`: what a running emulator tells and does beyond the service.

import type { EmulatorClient, ResourcePath } from '@malachite/azure'
import { BatchError, formatDuration } from '@malachite/model'
import type { FailAllocationFlags, FailNodeFlags, PreemptFlags, WhyFlags } from '../program/program-why.ts'
import { findAccount } from '../service/connection.ts'
import { mistake } from '../settings/mistake.ts'
import type { Surroundings } from '../settings/surroundings.ts'
import { EXIT, type ExitCode } from '../text/exit-code.ts'
import { print, printJson } from '../text/lines.ts'

/** Prints the cause of a state and what to do about it. */
export async function why(
  resource: ResourcePath,
  flags: WhyFlags,
  surroundings: Surroundings,
): Promise<ExitCode> {
  const explanation = await ask(flags, surroundings, (emulator) => emulator.why(resource))
  const { subject, state, cause, sentence, fix } = explanation
  tell(flags, explanation, [`${subject}: ${state}, ${cause}`, sentence, fix])
  return EXIT.ok
}

/** Takes the machines of spot nodes away and prints which nodes those were. */
export async function preempt(
  poolId: string,
  nodeId: string | undefined,
  { count, absence, ...flags }: PreemptFlags,
  surroundings: Surroundings,
): Promise<ExitCode> {
  if (nodeId !== undefined && count !== undefined)
    throw mistake('Name a node, or give --count, but not both.')
  const nodes = await ask(flags, surroundings, (emulator) =>
    emulator.preempt(['pools', poolId, ...(nodeId === undefined ? [] : ['nodes', nodeId])], {
      ...(count !== undefined && { count }),
      ...(absence !== undefined && { absence: formatDuration(absence) }),
    }),
  )
  if (nodes.length === 0)
    throw new BatchError(
      'OperationNotValidOnPool',
      {},
      { message: `Pool ${poolId} has no spot node with a machine.` },
    )
  tell(flags, { nodes }, nodes)
  return EXIT.ok
}

/** Lets the next allocations of a pool fail and prints what will happen. */
export async function failAllocation(
  poolId: string,
  { code = 'AllocationFailed', nodes = 0, times = 1, ...flags }: FailAllocationFlags,
  surroundings: Surroundings,
): Promise<ExitCode> {
  const failure = { code, nodes, times }
  await ask(flags, surroundings, (emulator) => emulator.failAllocation(poolId, failure))
  const what = times === 1 ? 'The next allocation' : `The next ${times} allocations`
  const after = nodes === 0 ? '' : ` after ${nodes} ${nodes === 1 ? 'node' : 'nodes'}`
  const none = `No allocation of pool ${poolId} is to fail.`
  tell(flags, { poolId, ...failure }, [
    times === 0 ? none : `${what} of pool ${poolId} will fail with ${code}${after}.`,
  ])
  return EXIT.ok
}

/** Lets a node fail and prints its state. */
export async function failNode(
  poolId: string,
  nodeId: string,
  { code, lost, recovery, ...flags }: FailNodeFlags,
  surroundings: Surroundings,
): Promise<ExitCode> {
  const state = await ask(flags, surroundings, (emulator) =>
    emulator.failNode(poolId, nodeId, {
      ...(code !== undefined && { code }),
      ...(lost && { lost }),
      ...(recovery !== undefined && { recovery: formatDuration(recovery) }),
    }),
  )
  tell(flags, { nodeId, state }, [`${nodeId} is ${state}.`])
  return EXIT.ok
}

async function ask<Answer>(
  flags: WhyFlags,
  { environment }: Surroundings,
  question: (emulator: EmulatorClient) => Promise<Answer>,
): Promise<Answer> {
  const { createEmulatorClient } = await import('@malachite/azure')
  const emulator = createEmulatorClient(await findAccount(flags, environment))
  try {
    return await question(emulator)
  } finally {
    await emulator.close()
  }
}

function tell({ json }: WhyFlags, answer: object, lines: readonly string[]): void {
  if (json) printJson(answer)
  else print(lines.join('\n'))
}

// An account with one of everything that the pages show.

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { openBrowser, openStage, pool, shell, type Stage } from './stage.ts'

/** The nodes of a pool, once they are in a state. */
export async function nodesOf({ send }: Stage, id: string, state: string): Promise<string[]> {
  return until(async () => {
    const { value } = (await send('GET', `/pools/${id}/nodes`)) as { value: { id: string; state: string }[] }
    return value.length > 0 && value.every((node) => node.state === state)
      ? value.map((node) => node.id)
      : undefined
  })
}

/** Asks until there is an answer. */
export async function until<T>(ask: () => Promise<T | undefined>, patience = 20_000): Promise<T> {
  for (const end = performance.now() + patience; performance.now() < end;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('There is no answer still')
}

/** The state of a task, once it is this one. */
export async function taskIs({ send }: Stage, job: string, task: string, state: string): Promise<void> {
  await until(async () => {
    const { state: now } = (await send('GET', `/jobs/${job}/tasks/${task}`)) as { state: string }
    return now === state || undefined
  })
}

/** What the tests of a suite look at: there from their first one on. */
export interface Scene {
  stage: Stage
  browser: Browser
  /** A node that works, and one whose start task failed. */
  nodes: { good: string; failed: string }
}

/** Opens a stage with its scene and a browser before the tests of a suite, and closes both after them. */
export function useScene(chromium: string): Scene {
  const scene = {} as Scene
  beforeAll(async () => {
    scene.stage = await openStage()
    scene.nodes = await setScene(scene.stage)
    scene.browser = await openBrowser(chromium)
  })
  afterAll(async () => {
    await scene.browser?.close()
    await scene.stage?.close()
  })
  return scene
}

/** Pools that work, fail and scale; jobs that run, wait and depend; a schedule. */
async function setScene(stage: Stage): Promise<{ good: string; failed: string }> {
  const { send } = stage
  const fails = {
    commandLine: shell('echo fetching tools; echo no such tool >&2; exit 127'),
    waitForSuccess: true,
  }
  await send(
    'POST',
    '/pools',
    pool('farm', { displayName: 'The farm', targetDedicatedNodes: 2, taskSlotsPerNode: 2 }),
  )
  await send('POST', '/pools', pool('broken', { startTask: fails }))
  await send('POST', '/pools', {
    ...pool('elastic', { enableAutoScale: true, autoScaleFormula: '$TargetDedicatedNodes = 1;' }),
    targetDedicatedNodes: undefined,
  })
  const [good = ''] = await nodesOf(stage, 'farm', 'idle')
  const [failed = ''] = await nodesOf(stage, 'broken', 'starttaskfailed')
  await send('POST', '/jobs', { id: 'film', displayName: 'The film', poolInfo: { poolId: 'farm' } })
  await send('POST', '/jobs/film/addtaskcollection', {
    value: [
      { id: 'good', commandLine: shell('echo all is well; echo {} > result.json') },
      { id: 'bad', commandLine: shell('echo wood.png is missing >&2; exit 3') },
      {
        id: 'long',
        commandLine: shell('echo begun; sleep 600'),
        environmentSettings: [{ name: 'RATE', value: '0.1' }],
      },
    ],
  })
  await send('POST', '/jobs', { id: 'stuck', poolInfo: { poolId: 'broken' } })
  await send('POST', '/jobs/stuck/tasks', { id: 'waits', commandLine: 'true' })
  await send('POST', '/jobs', { id: 'chain', usesTaskDependencies: true, poolInfo: { poolId: 'farm' } })
  await send('POST', '/jobs/chain/addtaskcollection', {
    value: [
      { id: 'first', commandLine: 'true' },
      { id: 'second', commandLine: 'false', dependsOn: { taskIds: ['first'] } },
      { id: 'third', commandLine: 'true', dependsOn: { taskIds: ['second'] } },
    ],
  })
  await send('POST', '/jobschedules', {
    id: 'nightly',
    schedule: { recurrenceInterval: 'PT24H' },
    jobSpecification: { poolInfo: { poolId: 'farm' } },
  })
  await taskIs(stage, 'film', 'bad', 'completed')
  await taskIs(stage, 'film', 'good', 'completed')
  await taskIs(stage, 'film', 'long', 'running')
  await taskIs(stage, 'chain', 'second', 'completed')
  return { good, failed }
}

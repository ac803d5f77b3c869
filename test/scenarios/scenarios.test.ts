import { expect, test } from 'vitest'
import { play } from './player.ts'
import { documentedOutput, readScenario, scenarioNames } from './scenario.ts'
import { openRealWorld, openVirtualWorld } from './worlds.ts'

test.concurrent.for(scenarioNames())(
  '%s goes as its page in the documentation says',
  async (name, { expect, onTestFinished }) => {
    const scenario = readScenario(name)
    const world = await (scenario.world === 'real' ? openRealWorld() : openVirtualWorld())
    onTestFinished(() => world.close())
    const lines: string[] = []
    await play(scenario, world, (line) => lines.push(line))
    expect(`${lines.join('\n')}\n`).toBe(documentedOutput(name))
  },
)

test('there is a scenario for each story', () => {
  expect(scenarioNames()).toEqual([
    'autoscaled-burst',
    'dependency-chain',
    'failed-start-task',
    'nightly-schedule',
    'poison-task',
    'preempted-node',
  ])
})

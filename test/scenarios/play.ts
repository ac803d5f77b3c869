// `node_modules/.bin/node test/scenarios/play.ts NAME` plays docs/scenarios/NAME.json and prints what happens; with
// `--write` it writes that into the page about it, too.

import { parseArgs } from 'node:util'
import { play } from './player.ts'
import { documentOutput, readScenario, scenarioNames } from './scenario.ts'
import { openRealWorld, openVirtualWorld } from './worlds.ts'

const { values, positionals } = parseArgs({ allowPositionals: true, options: { write: { type: 'boolean' } } })
const [name = ''] = positionals
if (!scenarioNames().includes(name))
  throw new Error(`no scenario "${name}"; there are ${scenarioNames().join(', ')}`)
const scenario = readScenario(name)
const world = await (scenario.world === 'real' ? openRealWorld() : openVirtualWorld())
const lines: string[] = []
try {
  await play(scenario, world, (line) => {
    lines.push(line)
    console.log(line)
  })
} finally {
  await world.close()
}
if (values.write) documentOutput(name, `${lines.join('\n')}\n`)

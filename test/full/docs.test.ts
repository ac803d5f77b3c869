// The pages of the documentation, done from top to bottom, with the commands that are too slow for `npm test`.

import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, onTestFinished, test } from 'vitest'
import { pagesToPlay, ROOT, type Page } from '../docs/pages.ts'
import { playPage } from '../docs/play.ts'
import { findAzureCli, type Found, installFromPyPi } from './install.ts'

const TOOLS = { az: await findAzureCli(), python: await installFromPyPi('pytest==9.2.0') }

for (const page of pagesToPlay({ slow: true })) {
  const missing = whatIsMissing(page)
  const reason = missing === undefined ? '' : ` (skipped: ${missing})`
  if (missing !== undefined) console.warn(`${page.path}${reason}`)
  test.skipIf(missing !== undefined)(`all commands of ${page.path} do what it says${reason}`, async () => {
    const env = page.scene.needs?.includes('python') ? await pythonEnvironment() : {}
    await expect(playPage(page, { slow: true, env })).resolves.toBeUndefined()
  })
}

function whatIsMissing({ scene: { needs = [] } }: Page): string | undefined {
  const found: Found<unknown>[] = needs.map((tool) => TOOLS[tool])
  return found.flatMap((tool) => ('missing' in tool ? [tool.missing] : []))[0]
}

/** A python3 whose pip installs into a folder of the test, and not into the machine. */
async function pythonEnvironment(): Promise<Record<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'malachite-python-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  if ('missing' in TOOLS.python) throw new Error(TOOLS.python.missing)
  const { stdout } = await execa(TOOLS.python.tool.interpreter, ['-c', 'import sys; print(sys.executable)'])
  const programs = join(folder, 'bin')
  await mkdir(programs)
  await symlink(stdout, join(programs, 'python3'))
  return {
    PATH: `${programs}:${join(ROOT, 'node_modules/.bin')}:${process.env['PATH']}`,
    PIP_TARGET: join(folder, 'packages'),
    PYTHONPATH: join(folder, 'packages'),
    PYTHONDONTWRITEBYTECODE: '1',
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
  }
}

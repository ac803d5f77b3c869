// `malachite ui --backend azure` in the browser: the same pages without what only an emulator knows, and nothing to press.
// An emulator stands in for the account; the command reaches it over the network, as it reaches Azure.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { describeWith } from '../full/install.ts'
import { violationsOf } from './accessibility.ts'
import { findChromium } from './chromium.ts'
import { useScene, until } from './scene.ts'
import { look } from './stage.ts'

const BIN = resolve(import.meta.dirname, '../../packages/cli/bin/malachite.mjs')

describeWith('the dashboard of an account in Azure', await findChromium(), (chromium) => {
  const scene = useScene(chromium)

  /** Starts the command and answers where it serves; it ends with the test. */
  const serve = async (...args: string[]): Promise<string> => {
    const { account, key, url } = scene.stage.emulator.batch
    const child = spawn(process.execPath, [BIN, 'ui', '--backend', 'azure', ...args], {
      env: {
        ...process.env,
        AZURE_BATCH_ACCOUNT: account,
        AZURE_BATCH_ACCESS_KEY: key,
        AZURE_BATCH_ENDPOINT: url,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    const exited = once(child, 'exit')
    onTestFinished(async () => {
      child.kill('SIGTERM')
      await exited
    })
    return until(() => Promise.resolve(/is at (http:\S+)/.exec(output)?.[1]))
  }

  test('shows every kind of page, only looks, and asks nobody what an emulator would know', async () => {
    const url = await serve()
    const { page, errors, close } = await look(scene.browser, url)
    onTestFinished(close)
    const pages: [path: string, text: string][] = [
      ['/', 'The film'],
      ['/pools/broken', 'no such tool'],
      [`/pools/farm/nodes/${scene.nodes.good}`, 'stdout.txt'],
      ['/jobs/film', '3 tasks.'],
      ['/jobs/film/tasks/bad', 'wood.png is missing'],
      ['/schedules/nightly', 'nightly:job-1'],
    ]
    for (const [path, text] of pages) {
      await page.goto(path)
      await page.getByText(text).first().waitFor()
      await page.getByText('on Azure').waitFor()
      expect(await page.getByText('read-only').count()).toBe(1)
      for (const name of ['Delete', 'Terminate', 'Resize', 'Reboot', 'Preempt', 'Disable'])
        expect(await page.getByRole('button', { name, exact: true }).count()).toBe(0)
      expect(await violationsOf(page)).toEqual([])
    }
    await page.goto('/jobs/stuck/tasks/waits')
    await page.getByRole('heading', { name: 'State history' }).waitFor()
    expect(await page.getByText('Why is it not running?').count()).toBe(0)
    expect(errors).toEqual([])
  })

  test('changes things when it is started so', async () => {
    const { page, close } = await look(scene.browser, await serve('--write'))
    onTestFinished(close)
    await page.goto('/jobs/chain')
    await page.getByRole('button', { name: 'Disable' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click()
    await page.locator('.page-head').getByText('disabled', { exact: true }).waitFor()
    expect(await page.getByRole('button', { name: 'Preempt' }).count()).toBe(0)
  })
})

// Everything that people can do from the dashboard: it asks first, then it is done and seen.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { describeWith } from '../full/install.ts'
import { violationsOf } from './accessibility.ts'
import { findChromium } from './chromium.ts'
import { nodesOf, taskIs, until } from './scene.ts'
import { look, openBrowser, openStage, pool, shell, type Look, type Stage } from './stage.ts'

describeWith('actions in the dashboard', await findChromium(), (chromium) => {
  let stage: Stage
  let browser: Browser

  beforeAll(async () => {
    stage = await openStage()
    browser = await openBrowser(chromium)
    await stage.send('POST', '/pools', pool('farm', { targetDedicatedNodes: 1, targetLowPriorityNodes: 1 }))
    await nodesOf(stage, 'farm', 'idle')
  })

  afterAll(async () => {
    await browser?.close()
    await stage?.close()
  })

  const see = async (path: string, url = stage.dashboard.url): Promise<Look> => {
    const looking = await look(browser, url)
    onTestFinished(looking.close)
    await looking.page.goto(path)
    return looking
  }

  /** Presses the button of an action and confirms. */
  const act = async (page: Page, verb: string): Promise<void> => {
    await page.getByRole('button', { name: verb, exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: verb, exact: true }).click()
  }

  const addJob = async (id: string, commandLine = shell('sleep 600')): Promise<void> => {
    await stage.send('POST', '/jobs', { id, poolInfo: { poolId: 'farm' } })
    await stage.send('POST', `/jobs/${id}/tasks`, { id: 'one', commandLine })
    onTestFinished(async () => {
      // Some tests have deleted it themselves.
      await stage
        .send('DELETE', `/jobs/${id}`)
        .catch((error: Error) => expect(error.message).toMatch(/404|409/))
    })
  }

  test('a dialog asks first; Escape and Cancel leave everything as it is, and the focus comes back', async () => {
    await addJob('kept')
    const { page, errors } = await see('/jobs/kept')
    await page.getByRole('button', { name: 'Terminate' }).click()
    await page.getByRole('dialog', { name: 'Terminate job kept?' }).waitFor()
    expect(await violationsOf(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Terminate')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Cancel' }).click()
    expect(await stage.send('GET', '/jobs/kept')).toMatchObject({ state: 'active' })
    expect(errors).toEqual([])
  })

  test('a job is disabled, enabled, terminated and deleted', async () => {
    await addJob('life')
    const { page, errors } = await see('/jobs/life')
    await act(page, 'Disable')
    await page.getByText('Job life is being disabled.').waitFor()
    await page.locator('.page-head').getByText('disabled', { exact: true }).waitFor()
    await act(page, 'Enable')
    await page.locator('.page-head').getByText('active', { exact: true }).waitFor()
    await act(page, 'Terminate')
    await page.locator('.page-head').getByText('completed', { exact: true }).waitFor()
    await act(page, 'Delete')
    await page.getByRole('heading', { name: 'All jobs' }).waitFor()
    await page.getByRole('link', { name: 'life' }).waitFor({ state: 'detached' })
    expect(errors.filter(isUnexpected)).toEqual([])
  })

  test('a task is terminated, reactivated and deleted', async () => {
    await addJob('work')
    await taskIs(stage, 'work', 'one', 'running')
    const { page, errors } = await see('/jobs/work/tasks/one')
    await act(page, 'Terminate')
    await page.locator('.page-head').getByText('failed', { exact: true }).waitFor()
    await page.getByText('TaskEnded').first().waitFor()
    await act(page, 'Reactivate')
    await page.locator('.page-head').getByText('running', { exact: true }).waitFor()
    await act(page, 'Delete')
    await page.getByRole('heading', { name: 'Job work' }).waitFor()
    await page.getByText('0 tasks', { exact: false }).first().waitFor()
    expect(errors.filter(isUnexpected)).toEqual([])
  })

  test('a node is taken offline, brought back, rebooted and preempted', async () => {
    const nodes = await nodesOf(stage, 'farm', 'idle')
    const spot = nodes.find((id) => id.endsWith('_p')) ?? ''
    const { page, errors } = await see(`/pools/farm/nodes/${spot}`)
    const head = page.locator('.page-head')
    await act(page, 'Take offline')
    await head.getByText('offline', { exact: true }).waitFor()
    await act(page, 'Bring back')
    await head.getByText('idle', { exact: true }).waitFor()
    await act(page, 'Reboot')
    await page.getByText('rebooting').first().waitFor()
    await head.getByText('idle', { exact: true }).waitFor()
    await act(page, 'Preempt')
    await page.getByText(`Node ${spot} is preempted.`).waitFor()
    await page.getByRole('region', { name: 'State history' }).getByText('preempted').waitFor()
    expect(errors).toEqual([])
  })

  test('a dedicated node cannot be preempted from here', async () => {
    const nodes = await nodesOf(stage, 'farm', 'idle')
    const { page } = await see(`/pools/farm/nodes/${nodes.find((id) => id.endsWith('_d'))}`)
    await page.getByRole('button', { name: 'Reboot' }).waitFor()
    expect(await page.getByRole('button', { name: 'Preempt' }).count()).toBe(0)
  })

  test('a pool is resized and deleted', async () => {
    await stage.send('POST', '/pools', pool('small'))
    await nodesOf(stage, 'small', 'idle')
    const { page, errors } = await see('/pools/small')
    await page.getByRole('button', { name: 'Resize' }).click()
    await page.getByLabel('Dedicated nodes').fill('3')
    await page.getByRole('dialog').getByRole('button', { name: 'Resize' }).click()
    await page.getByText('3 nodes', { exact: true }).waitFor()
    expect(await stage.send('GET', '/pools/small')).toMatchObject({
      targetDedicatedNodes: 3,
      targetLowPriorityNodes: 0,
    })
    await act(page, 'Delete')
    await page.getByRole('heading', { name: 'All pools' }).waitFor()
    expect(errors.filter(isUnexpected)).toEqual([])
  })

  test('a schedule is disabled, enabled, terminated and deleted', async () => {
    await stage.send('POST', '/jobschedules', {
      id: 'daily',
      schedule: { recurrenceInterval: 'PT24H' },
      jobSpecification: { poolInfo: { poolId: 'farm' } },
    })
    const { page, errors } = await see('/schedules/daily')
    const head = page.locator('.page-head')
    await act(page, 'Disable')
    await head.getByText('disabled', { exact: true }).waitFor()
    await act(page, 'Enable')
    await head.getByText('active', { exact: true }).waitFor()
    await act(page, 'Terminate')
    await head.getByText('completed', { exact: true }).waitFor()
    await act(page, 'Delete')
    await page.getByText('There are no job schedules.').waitFor()
    expect(errors.filter(isUnexpected)).toEqual([])
  })

  test('what the service refuses is told in the dialog, with its code', async () => {
    await addJob('gone')
    const { page } = await see('/jobs/gone')
    await page.getByRole('button', { name: 'Terminate' }).click()
    await stage.send('DELETE', '/jobs/gone')
    await until(async () =>
      stage.send('GET', '/jobs/gone').then(
        () => undefined,
        () => true,
      ),
    )
    await page.getByRole('dialog').getByRole('button', { name: 'Terminate' }).click()
    await page.getByRole('dialog').getByText('JobNotFound').waitFor()
    expect(await page.getByRole('dialog').count()).toBe(1)
  })

  test('a window that only looks has no actions', async () => {
    const looking = await openStage({ readOnly: true })
    onTestFinished(looking.close)
    await looking.send('POST', '/jobs', { id: 'seen', poolInfo: { poolId: 'none' } })
    const { page } = await see('/jobs/seen', looking.dashboard.url)
    await page.getByText('read-only').waitFor()
    await page.getByText('0 tasks.', { exact: false }).first().waitFor()
    for (const name of ['Disable', 'Terminate', 'Delete'])
      expect(await page.getByRole('button', { name }).count()).toBe(0)
  })
})

/** A page may read what was just deleted once more; Chromium itself logs that the service says 404 or 409. */
function isUnexpected(message: string): boolean {
  return !/^Failed to load resource: .* status of 40[49] /.test(message)
}

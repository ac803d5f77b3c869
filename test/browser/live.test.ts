// Pages stay open while things happen: output grows, nodes fail, the emulator goes away and comes back.

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { describeWith } from '../full/install.ts'
import { findChromium } from './chromium.ts'
import { taskIs } from './scene.ts'
import {
  look,
  openBrowser,
  openStage,
  pool,
  shell,
  type Look,
  type Stage,
  type StageOptions,
} from './stage.ts'

describeWith('the dashboard is live', await findChromium(), (chromium) => {
  let browser: Browser

  beforeAll(async () => {
    browser = await openBrowser(chromium)
  })

  afterAll(async () => {
    await browser?.close()
  })

  const open = async (options?: StageOptions): Promise<Stage> => {
    const stage = await openStage(options)
    onTestFinished(stage.close)
    return stage
  }

  const see = async ({ dashboard }: Stage, path: string): Promise<Look> => {
    const looking = await look(browser, dashboard.url)
    onTestFinished(looking.close)
    await looking.page.goto(path)
    return looking
  }

  test('the overview fills by itself: a pool, its nodes, a job and its tasks', async () => {
    const stage = await open()
    const { page, errors } = await see(stage, '/')
    await page.getByText('There are no pools yet', { exact: false }).waitFor()
    await stage.send('POST', '/pools', pool('new-pool', { targetDedicatedNodes: 2 }))
    await page.getByText('2 idle').waitFor()
    await stage.send('POST', '/jobs', { id: 'new-job', poolInfo: { poolId: 'new-pool' } })
    await stage.send('POST', '/jobs/new-job/tasks', { id: 't', commandLine: 'true' })
    await page.getByText('1 of 1').waitFor()
    expect(errors).toEqual([])
  })

  test('the output of a running task is followed, by its new bytes only, to its end', async () => {
    const stage = await open()
    await stage.send('POST', '/pools', pool('p'))
    await stage.send('POST', '/jobs', { id: 'j', poolInfo: { poolId: 'p' } })
    const script = 'for i in 1 2 3 4 5 6; do echo step $i; sleep 0.5; done; echo over >&2'
    await stage.send('POST', '/jobs/j/tasks', { id: 't', commandLine: shell(script) })
    await taskIs(stage, 'j', 't', 'running')
    const { page, errors } = await see(stage, '/jobs/j/tasks/t')
    const ranges: string[] = []
    page.on('request', (request) => {
      if (request.url().includes('/files/stdout.txt')) ranges.push(request.headers()['ocp-range'] ?? 'whole')
    })
    const stdout = page.getByRole('region', { name: 'stdout' })
    await stdout.getByText('step 2', { exact: false }).first().waitFor()
    await stdout.getByText('step 6', { exact: false }).first().waitFor()
    await page.getByRole('region', { name: 'stderr' }).getByText('over').first().waitFor()
    await page.locator('.page-head').getByText('succeeded').waitFor()
    const starts = ranges.map((range) => Number(/^bytes=(\d+)-/.exec(range)?.[1]))
    expect(starts.length).toBeGreaterThan(1)
    expect(new Set(starts).size).toBe(starts.length)
    expect(await stdout.locator('pre').textContent()).toBe('step 1\nstep 2\nstep 3\nstep 4\nstep 5\nstep 6\n')
    expect(errors).toEqual([])
  })

  test('a node that fails its start task is seen at once, on the pool and on the task that waits for it', async () => {
    const stage = await open()
    await stage.send('POST', '/jobs', { id: 'j', poolInfo: { poolId: 'p' } })
    await stage.send('POST', '/jobs/j/tasks', { id: 't', commandLine: 'true' })
    const task = await see(stage, '/jobs/j/tasks/t')
    await task.page
      .getByText('PoolMissing')
      .or(task.page.getByText('Why is it not running?'))
      .first()
      .waitFor()
    const startTask = { commandLine: shell('sleep 1; echo disk is full >&2; exit 4'), waitForSuccess: true }
    await stage.send('POST', '/pools', pool('p', { startTask }))
    const view = await see(stage, '/pools/p')
    await view.page.getByRole('link', { name: /start task failed/ }).waitFor()
    await view.page.getByText('disk is full').first().waitFor()
    await task.page.getByText('StartTaskFailed').first().waitFor()
    expect([...task.errors, ...view.errors]).toEqual([])
  })

  test('a resize that falls short is told on the page of the pool', async () => {
    const stage = await open()
    await stage.send('POST', '/pools', pool('p', { targetDedicatedNodes: 0 }))
    const { page, errors } = await see(stage, '/pools/p')
    await page.getByText('The pool has no nodes.').waitFor()
    stage.emulator.engine.pools.failAllocation('p', { code: 'AllocationFailed', nodes: 1, times: 1 })
    await page.getByRole('button', { name: 'Resize' }).click()
    await page.getByLabel('Dedicated nodes').fill('3')
    await page.getByRole('dialog').getByRole('button', { name: 'Resize' }).click()
    await page.getByText('The pool has not its size').waitFor()
    await page.getByText('AllocationFailed').first().waitFor()
    await page.getByText('1 node', { exact: true }).waitFor()
    expect(errors).toEqual([])
  })

  test('a page that is loaded anew in the middle shows the same', async () => {
    const stage = await open()
    await stage.send('POST', '/pools', pool('p'))
    await stage.send('POST', '/jobs', { id: 'j', poolInfo: { poolId: 'p' } })
    await stage.send('POST', '/jobs/j/tasks', { id: 't', commandLine: shell('echo here I am; sleep 600') })
    const { page, errors } = await see(stage, '/')
    await page.getByRole('list', { name: 'Jobs' }).getByRole('link', { name: 'j', exact: true }).click()
    await page.getByRole('link', { name: 't', exact: true }).click()
    await page.getByText('here I am', { exact: true }).first().waitFor()
    await page.reload()
    await page.getByRole('region', { name: 'stdout' }).getByText('here I am').first().waitFor()
    await page.goBack()
    await page.getByRole('heading', { name: 'Job j' }).waitFor()
    expect(errors).toEqual([])
  })

  test('an emulator that goes away is told; when it comes back the page recovers by itself, with actions', async () => {
    const first = await openStage()
    const port = Number(new URL(first.dashboard.url).port)
    await first.send('POST', '/jobs', { id: 'old', poolInfo: { poolId: 'p' } })
    const { page } = await see(first, '/')
    await page.getByRole('list', { name: 'Jobs' }).getByRole('link', { name: 'old' }).waitFor()
    await first.close()
    await page.getByText('The emulator does not answer.', { exact: false }).waitFor()
    // What was known stays.
    expect(await page.getByRole('list', { name: 'Jobs' }).getByRole('link', { name: 'old' }).count()).toBe(1)

    const second = await open({ port })
    await second.send('POST', '/jobs', { id: 'young', poolInfo: { poolId: 'p' } })
    await page.getByText('The emulator was restarted.', { exact: false }).waitFor()
    await page.getByRole('list', { name: 'Jobs' }).getByRole('link', { name: 'young' }).click()
    expect(await page.getByRole('list', { name: 'Jobs' }).getByRole('link', { name: 'old' }).count()).toBe(0)
    await page.getByRole('button', { name: 'Disable' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click()
    await page.locator('.page-head').getByText('disabled', { exact: true }).waitFor()
  })
})

// A pool of 1,000 nodes and jobs of 5,000 tasks: what is drawn of them stays quick and can be read.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { describeWith } from '../full/install.ts'
import { violationsOf } from './accessibility.ts'
import { findChromium } from './chromium.ts'
import { until } from './scene.ts'
import { look, openBrowser, openStage, pool, type Stage } from './stage.ts'

const NODES = 1000
const TASKS = 5000
/** Of the woven job: each task waits for one of the hundred before it. */
const WIDTH = 100

describeWith('large pools and jobs in the dashboard', await findChromium(), (chromium) => {
  let stage: Stage
  let browser: Browser

  beforeAll(async () => {
    stage = await openStage()
    browser = await openBrowser(chromium)
    await stage.send('POST', '/pools', pool('big', { targetDedicatedNodes: NODES }))
    await addJob('woven', 'none', (i) => (i < WIDTH ? {} : { dependsOn: { taskIds: [`t${i - WIDTH}`] } }))
    await addJob('quick', 'big', () => ({}))
    await until(async () => ((await completed('quick')) === TASKS ? true : undefined), 120_000)
  }, 180_000)

  afterAll(async () => {
    await browser?.close()
    await stage?.close()
  })

  const addJob = async (id: string, poolId: string, more: (i: number) => object): Promise<void> => {
    await stage.send('POST', '/jobs', { id, usesTaskDependencies: true, poolInfo: { poolId } })
    for (let first = 0; first < TASKS; first += 100) {
      const value = Array.from({ length: 100 }, (_, i) => ({
        id: `t${first + i}`,
        commandLine: 'true',
        ...more(first + i),
      }))
      await stage.send('POST', `/jobs/${id}/addtaskcollection`, { value })
    }
  }

  const completed = async (job: string): Promise<number> => {
    const { taskCounts } = (await stage.send('GET', `/jobs/${job}/taskcounts`)) as {
      taskCounts: { completed: number }
    }
    return taskCounts.completed
  }

  const see = async (path: string): Promise<Page> => {
    const { page, errors, close } = await look(browser, stage.dashboard.url)
    onTestFinished(async () => {
      expect(errors).toEqual([])
      await close()
    })
    await page.goto(path)
    return page
  }

  test('1,000 nodes are squares that a finger can hit, each with its name and state', async () => {
    const page = await see('/pools/big')
    await page.getByText('1,000 nodes', { exact: true }).waitFor()
    const squares = page.getByRole('list', { name: 'Nodes' }).getByRole('link')
    expect(await squares.count()).toBe(NODES)
    await page.getByText('idle (1,000)').waitFor()
    expect(await squares.last().getAttribute('aria-label')).toMatch(/^tvmps_\w+: idle, 0 of 1 slot in use$/)
    const box = await squares.first().boundingBox()
    expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(24)
    expect(await violationsOf(page)).toEqual([])
  })

  test('of 5,000 tasks with dependencies those around one of them are drawn', async () => {
    const page = await see('/jobs/woven')
    await page.getByRole('tab', { name: 'Dependencies' }).click()
    await page.getByText('The job has 5,000 tasks: the 50 nearest to t100 are drawn.').waitFor()
    await page.getByRole('link', { name: 't100: active, depends on t0', exact: true }).waitFor()
    expect(await page.locator('.graph .box').count()).toBe(50)
    await page.getByLabel('Around the task').fill('t4999')
    const last = page.getByRole('link', { name: 't4999: active, depends on t4899', exact: true })
    await last.waitFor()
    // It is scrolled to, far to the right.
    await expect.poll(() => last.isVisible()).toBe(true)
    expect(await page.locator('.graph').evaluate((frame) => frame.scrollLeft)).toBeGreaterThan(1000)
    expect(await violationsOf(page)).toEqual([])
    await last.click()
    await page.getByRole('heading', { name: 'Task t4999' }).waitFor()
  })

  test('the timeline of 5,000 tasks has the latest on their nodes, without one over the other', async () => {
    const page = await see('/jobs/quick')
    await page.getByRole('tab', { name: 'Timeline' }).click()
    await page.getByText(/^The job has more tasks: these are the [\d,]+ tasks that started last\.$/).waitFor()
    const runs = page.locator('.run')
    expect(await runs.count()).toBeGreaterThan(10)
    const overlaps = await page.evaluate(`
      [...document.querySelectorAll('.lane')].filter((lane) => {
        const bars = [...lane.children].map((bar) => ({ from: parseFloat(bar.style.left), width: parseFloat(bar.style.width) }))
        return bars.some(({ from }, i) => i > 0 && from < bars[i - 1].from + bars[i - 1].width - 0.001)
      }).length`)
    expect(overlaps).toBe(0)
    expect(await violationsOf(page)).toEqual([])
  })
})

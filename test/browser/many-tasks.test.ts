// A job with 100,000 tasks: the list is there at once, and its end is reached.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { describeWith } from '../full/install.ts'
import { findChromium } from './chromium.ts'
import { look, openBrowser, openStage, type Look, type Stage } from './stage.ts'

const COUNT = 100_000

const idOf = (number: number): string => `task-${String(number).padStart(6, '0')}`

describeWith('a job with 100,000 tasks', await findChromium(), (chromium) => {
  let stage: Stage
  let browser: Browser

  beforeAll(async () => {
    stage = await openStage()
    browser = await openBrowser(chromium)
    await stage.send('POST', '/jobs', {
      id: 'huge',
      usesTaskDependencies: true,
      poolInfo: { poolId: 'none' },
    })
    for (let first = 0; first < COUNT; first += 100) {
      const value = Array.from({ length: 100 }, (_, i) => ({ id: idOf(first + i), commandLine: 'true' }))
      await stage.send('POST', '/jobs/huge/addtaskcollection', { value })
    }
  })

  afterAll(async () => {
    await browser?.close()
    await stage?.close()
  })

  const see = async (): Promise<Look> => {
    const looking = await look(browser, stage.dashboard.url)
    onTestFinished(looking.close)
    await looking.page.goto('/jobs/huge')
    await looking.page.getByRole('link', { name: idOf(0) }).waitFor()
    return looking
  }

  const scrollTo = (page: Page, share: number): Promise<unknown> =>
    page.evaluate(
      `{ const frame = document.querySelector('.tasks-frame'); frame.scrollTop = frame.scrollHeight * ${share} }`,
    )

  test('its first tasks are there at once, its last ones after a jump to the end, and few rows are ever drawn', async () => {
    const { page, errors } = await see()
    await page.getByText('100,000 tasks.').waitFor()
    await page.locator('.tasks-frame').focus()
    await page.keyboard.press('End')
    await page.getByRole('link', { name: idOf(COUNT - 1) }).waitFor({ timeout: 60_000 })
    expect(await page.locator('.tasks-sheet [role=row]').count()).toBeLessThan(80)
    expect(errors).toEqual([])
  })

  test('every part of it is reached by scrolling', async () => {
    const { page, errors } = await see()
    for (const share of [0.1, 0.5, 0.25, 0.9]) {
      await scrollTo(page, share)
      await page.getByRole('link', { name: idOf(COUNT * share) }).waitFor({ timeout: 60_000 })
    }
    expect(errors).toEqual([])
  })

  test('it scrolls without long pauses', async () => {
    const { page } = await see()
    await page.evaluate(`
      globalThis.pauses = []
      new PerformanceObserver((list) => pauses.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: 'longtask' })
    `)
    for (let step = 0; step < 60; step++) {
      await page.evaluate(`document.querySelector('.tasks-frame').scrollTop += 400`)
      await sleep(16)
    }
    const longest = Math.max(0, ...(await page.evaluate<number[]>('pauses')))
    expect(longest).toBeLessThan(500)
  })

  test('the service narrows it to few, which can be sorted', async () => {
    const { page } = await see()
    await page.getByLabel('Id begins with').fill('task-09999')
    await page.getByText('10 tasks.').waitFor()
    await page.getByRole('button', { name: 'Task' }).click()
    await page.getByRole('link', { name: idOf(COUNT - 1) }).waitFor()
    expect(await page.locator('.tasks-sheet .cell-id').first().textContent()).toBe(idOf(COUNT - 1))
  })

  test('its dependencies are looked for among the first 10,000 tasks', async () => {
    const { page } = await see()
    await page.getByRole('tab', { name: 'Dependencies' }).click()
    await page.getByText('The first 10,000 tasks are looked through.').waitFor()
    await page.getByText('No task of the job depends on another.').waitFor()
    expect(await page.locator('.graph').count()).toBe(0)
  })
})

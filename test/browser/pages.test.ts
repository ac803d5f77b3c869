// Every page of the dashboard: what it shows, for everybody, on every screen.

import type { Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { describeWith } from '../full/install.ts'
import { violationsOf } from './accessibility.ts'
import { findChromium } from './chromium.ts'
import { useScene } from './scene.ts'
import { look, type Look } from './stage.ts'

/** Milliseconds until something is seen, of the fastest of five times: other programs slow some of them down. */
async function fastestPaint(page: Page): Promise<number> {
  const paints: number[] = []
  for (let i = 0; i < 5; i++) {
    await page.reload()
    await page.getByRole('heading', { name: 'Throughput' }).waitFor()
    const entry = 'performance.getEntriesByName("first-contentful-paint")[0]?.startTime'
    paints.push((await page.waitForFunction(entry).then((found) => found.jsonValue())) as number)
  }
  return Math.min(...paints)
}

describeWith('the pages of the dashboard', await findChromium(), (chromium) => {
  const scene = useScene(chromium)

  const see = async (options?: Parameters<typeof look>[2]): Promise<Look> => {
    const looking = await look(scene.browser, scene.stage.dashboard.url, options)
    onTestFinished(looking.close)
    return looking
  }

  /** Every page, and a text that it shows when everything on it has come. */
  const addresses = (): [path: string, text: string][] => [
    ['/', 'Recent events'],
    ['/pools', 'elastic'],
    ['/pools/farm', 'dedicated nodes'],
    ['/pools/broken', 'no such tool'],
    ['/pools/elastic', 'Last evaluation'],
    [`/pools/farm/nodes/${scene.nodes.good}`, 'Recent tasks'],
    [`/pools/broken/nodes/${scene.nodes.failed}`, 'no such tool'],
    ['/jobs', 'The film'],
    ['/jobs/film', '3 tasks.'],
    ['/jobs/film/tasks/good', 'wd/result.json'],
    ['/jobs/film/tasks/bad', 'wood.png is missing'],
    ['/jobs/film/tasks/long', 'begun'],
    ['/jobs/stuck/tasks/waits', 'Why is it not running?'],
    ['/schedules', 'nightly'],
    ['/schedules/nightly', 'nightly:job-1'],
    ['/nowhere', 'No such page'],
  ]

  test.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
    ['dark', 390],
  ] as const)(
    'are accessible in %s at a width of %d, fit into it and log no error',
    async (colorScheme, width) => {
      const { page, errors, strangers } = await see({ colorScheme, viewport: { width, height: 844 } })
      for (const [path, text] of addresses()) {
        await page.goto(path)
        if (text === 'Recent tasks') await page.getByRole('heading', { name: 'Files' }).waitFor()
        else if (text === 'dedicated nodes')
          await page.getByRole('link', { name: scene.nodes.good }).first().waitFor()
        else await page.getByText(text).first().waitFor()
        expect({ path, violations: await violationsOf(page) }).toEqual({ path, violations: [] })
        const excess = await page.evaluate(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        )
        expect({ path, excess }).toEqual({ path, excess: 0 })
      }
      expect(errors).toEqual([])
      expect(strangers).toEqual([])
    },
  )

  test('the overview shows jobs with their progress, pools with their nodes, and what happened', async () => {
    const { page, errors } = await see()
    await page.goto('/')
    await page.getByRole('img', { name: '1 succeeded, 1 failed, 1 running' }).waitFor()
    await page.getByText('1 start task failed').waitFor()
    await page.getByRole('list', { name: 'Recent events' }).getByText('film/bad').first().waitFor()
    await page.getByText('succeed per second').waitFor()
    expect(errors).toEqual([])
  })

  test('the first paint comes within a second, and all that is loaded is small', async () => {
    const { page } = await see()
    let bytes = 0
    const session = await page.context().newCDPSession(page)
    await session.send('Network.enable')
    session.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength))
    await page.goto('/')
    await page.getByRole('img', { name: '1 succeeded, 1 failed, 1 running' }).waitFor()
    await page.locator('canvas').first().waitFor()
    expect(await fastestPaint(page)).toBeLessThan(1000)
    await page.goto('/jobs/chain')
    await page.getByRole('tab', { name: 'Dependencies' }).click()
    await page.getByRole('link', { name: /^third/ }).waitFor()
    expect(bytes).toBeLessThan(250_000)
    expect(bytes).toBeGreaterThan(10_000)
  })

  test('the pool tells on which node its start task failed, and what it printed there', async () => {
    const { page, errors } = await see()
    await page.goto('/pools/broken')
    await page.getByText('failed on 1 node').waitFor()
    await page.getByText('the shell did not find the command').waitFor()
    await page
      .getByRole('region', { name: 'Start task stdout' })
      .getByText('fetching tools')
      .first()
      .waitFor()
    await page.getByRole('region', { name: 'Start task stderr' }).getByText('no such tool').first().waitFor()
    await page.getByRole('link', { name: `${scene.nodes.failed}: start task failed` }).click()
    await page.getByRole('heading', { name: scene.nodes.failed }).waitFor()
    await page.getByText('correct the start task of the pool').waitFor()
    await page.getByRole('heading', { name: 'State history' }).waitFor()
    await page.getByText('start task runs').waitFor()
    expect(errors).toEqual([])
  })

  test('the pool that scales itself shows its formula and the last evaluation', async () => {
    const { page } = await see()
    await page.goto('/pools/elastic')
    await page
      .getByRole('region', { name: 'Autoscale formula' })
      .getByText('$TargetDedicatedNodes = 1;')
      .waitFor()
    expect(await page.locator('dt', { hasText: '$TargetDedicatedNodes' }).locator('+ dd').textContent()).toBe(
      '1',
    )
  })

  test('a waiting task tells why it waits and what to do', async () => {
    const { page, errors } = await see()
    await page.goto('/jobs/stuck/tasks/waits')
    const why = page.getByRole('region', { name: 'Why is it not running?' })
    await why.getByText('StartTaskFailed').first().waitFor()
    await why.getByText('then reboot the node').waitFor()
    expect(errors).toEqual([])
  })

  test('a failed task tells its exit code and failure in words', async () => {
    const { page, errors } = await see()
    await page.goto('/jobs/film/tasks/bad')
    await page.getByText('The task failed').waitFor()
    await page.getByText('FailureExitCode').first().waitFor()
    await page.getByText('Exit code 3', { exact: true }).waitFor()
    await page.getByText('Read stdout.txt and stderr.txt of the task.').waitFor()
    await page.getByRole('region', { name: 'stderr' }).getByText('wood.png is missing').first().waitFor()
    expect(errors).toEqual([])
  })

  test('files are listed, looked into and downloaded', async () => {
    const { page } = await see()
    await page.goto('/jobs/film/tasks/good')
    await page.getByRole('button', { name: 'wd/result.json', exact: true }).click()
    await page.getByRole('region', { name: 'Content of wd/result.json' }).getByText('{}').waitFor()
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download wd/result.json' }).click()
    expect((await download).suggestedFilename()).toBe('result.json')
    await page.getByText('wd/result.json is downloaded.').waitFor()
  })

  test('a job with dependencies has a graph, whose boxes lead to the tasks', async () => {
    const { page } = await see()
    await page.goto('/jobs/chain')
    await page.getByRole('tab', { name: 'Dependencies' }).click()
    await page.getByRole('link', { name: 'third: active, depends on second' }).waitFor()
    expect(await violationsOf(page)).toEqual([])
    await page.getByRole('link', { name: 'second: failed, depends on first' }).click()
    await page.getByRole('heading', { name: 'Task second' }).waitFor()
  })

  test('a job has a timeline of its tasks on their nodes', async () => {
    const { page } = await see()
    await page.goto('/jobs/film')
    await page.getByRole('tab', { name: 'Tasks' }).press('ArrowRight')
    await page.getByText(/^3 tasks on \d nodes? within/).waitFor()
    expect(await violationsOf(page)).toEqual([])
    await page.locator('.run.tone-bad').click()
    await page.getByRole('heading', { name: 'Task bad' }).waitFor()
  })

  test('a task list is narrowed and sorted, and keeps that when the page is loaded anew', async () => {
    const { page } = await see()
    await page.goto('/jobs/film')
    await page.getByRole('combobox', { name: /^State/ }).selectOption('failed')
    await page.getByText('1 task.').waitFor()
    await page.reload()
    await page.getByText('1 task.').waitFor()
    expect(await page.getByRole('combobox', { name: /^State/ }).inputValue()).toBe('failed')
    await page.getByRole('combobox', { name: /^State/ }).selectOption('')
    await page.getByRole('button', { name: 'Exit' }).click()
    await page
      .getByRole('columnheader', { name: 'Exit', exact: false })
      .and(page.locator('[aria-sort=ascending]'))
      .waitFor()
    expect(await page.locator('.tasks-sheet .cell-id').allTextContents()).toEqual(['good', 'bad', 'long'])
  })

  test('everything is reached with the keyboard, and the focus follows to the next page', async () => {
    const { page } = await see()
    await page.goto('/')
    await page.getByRole('img', { name: '1 succeeded, 1 failed, 1 running' }).waitFor()
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('All jobs')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'All jobs' }).waitFor()
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Jobs')
  })

  test('what does not exist is told in the words of the service', async () => {
    const { page } = await see()
    await page.goto('/jobs/nothing')
    await page.getByText('JobNotFound').waitFor()
    await page.getByText('The specified job does not exist.').waitFor()
    expect(await page.title()).toBe('nothing – Malachite')
  })
})
